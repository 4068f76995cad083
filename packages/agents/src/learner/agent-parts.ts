import { joinSnapshots, type ShapedArray, type Snapshot, SnapshotMismatchError } from '@maxent/core';
import { requirePart } from './snapshot-parts.js';

/** One piece of an agent's state, such as a network or an optimizer. */
export interface AgentPart {
  save(): Snapshot;
  /** Throws SnapshotMismatchError if the snapshot does not fit. */
  load(snapshot: Snapshot): void;
  /** Absent if nothing is held outside JavaScript's own memory. */
  dispose?(): void;
}

interface Network {
  namedArrays(): Record<string, ShapedArray>;
  loadNamedArrays(arrays: Readonly<Record<string, ShapedArray>>): void;
  dispose(): void;
}

export type AgentParts = Readonly<Record<string, AgentPart>>;

export function networkPart(network: Network): AgentPart {
  return {
    save: () => ({ arrays: network.namedArrays(), metadata: {} }),
    load: ({ arrays }) => network.loadNamedArrays(arrays),
    dispose: () => network.dispose(),
  };
}

/**
 * Several parts as one, each under its name. Its `load` throws SnapshotMismatchError, which names `agent`, if a part is
 * missing or does not fit; the parts before it have then already been loaded.
 */
export function joinParts(agent: string, parts: AgentParts): Required<AgentPart> {
  const entries = Object.entries(parts);
  return {
    save: () => joinSnapshots(Object.fromEntries(entries.map(([name, part]) => [name, part.save()]))),
    load: (snapshot) => {
      for (const [name, part] of entries) part.load(requirePart(snapshot, name, agent));
    },
    dispose: () => {
      for (const [, part] of entries) part.dispose?.();
    },
  };
}

/** Several parts as one, if no two of them use the same name for an array or a metadata field. */
export function mergeParts(parts: readonly AgentPart[]): Required<AgentPart> {
  return {
    save: () => mergeSnapshots(parts.map((part) => part.save())),
    load: (snapshot) => {
      for (const part of parts) part.load(snapshot);
    },
    dispose: () => {
      for (const part of parts) part.dispose?.();
    },
  };
}

/** One snapshot with everything that these hold; their names must differ. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  return {
    arrays: Object.assign({}, ...snapshots.map(({ arrays }) => arrays)),
    rows: Object.assign({}, ...snapshots.map(({ rows }) => rows)),
    metadata: Object.assign({}, ...snapshots.map(({ metadata }) => metadata)),
  };
}

/**
 * Parts that exist only if the setting of the same name is on. `load` throws SnapshotMismatchError, which names the
 * setting, unless the snapshot has the same parts.
 */
export function optionalParts(
  agent: string,
  parts: Readonly<Record<string, AgentPart | undefined>>,
): AgentPart {
  const present = Object.entries(parts).filter(
    (entry): entry is [string, AgentPart] => entry[1] !== undefined,
  );
  const joined = joinParts(agent, Object.fromEntries(present));
  return {
    ...joined,
    load: (snapshot) => {
      for (const [setting, part] of Object.entries(parts)) {
        const saved = Object.hasOwn(snapshot.metadata, setting);
        if (saved === (part !== undefined)) continue;
        throw new SnapshotMismatchError(
          `${agent}: the snapshot was saved with ${setting} ${saved}, and the agent has ${setting} ${!saved}`,
        );
      }
      joined.load(snapshot);
    },
  };
}
