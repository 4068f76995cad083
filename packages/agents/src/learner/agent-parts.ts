import { joinSnapshots, type ShapedArray, type Snapshot, SnapshotMismatchError } from '@maxent/core';
import { requirePart } from './snapshot-parts.js';

/** One of the things that an agent's state consists of: a network, an optimizer. */
export interface AgentPart {
  save(): Snapshot;
  /** Throws SnapshotMismatchError for what does not fit. */
  load(snapshot: Snapshot): void;
  /** Absent where nothing is held outside of JavaScript's own memory. */
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
 * Several parts as one, each under its name. Its `load` throws SnapshotMismatchError, which names `agent`, when a part is
 * missing or does not fit; parts before it are then loaded already.
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

/** Parts whose arrays and metadata have names of their own, as one. */
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

/** All that snapshots of different names hold. */
export function mergeSnapshots(snapshots: readonly Snapshot[]): Snapshot {
  return {
    arrays: Object.assign({}, ...snapshots.map(({ arrays }) => arrays)),
    rows: Object.assign({}, ...snapshots.map(({ rows }) => rows)),
    metadata: Object.assign({}, ...snapshots.map(({ metadata }) => metadata)),
  };
}

/**
 * Parts that a setting of their name brings. `load` throws SnapshotMismatchError, which names the setting, unless the
 * snapshot has the same ones.
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
