import { joinSnapshots, type ShapedArray, type Snapshot } from '@maxent/core';
import { requirePart } from './snapshot-parts.js';

/** One of the things that an agent's state consists of: a network, an optimiser. */
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

export function saveParts(parts: AgentParts): Snapshot {
  return joinSnapshots(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.save()])));
}

/** Throws SnapshotMismatchError when a part is missing or does not fit; parts before it are then loaded already. */
export function loadParts(parts: AgentParts, snapshot: Snapshot, agent: string): void {
  for (const [name, part] of Object.entries(parts)) part.load(requirePart(snapshot, name, agent));
}

export function disposeParts(parts: AgentParts): void {
  for (const part of Object.values(parts)) part.dispose?.();
}
