import type { JsonObject, Rng, Snapshot } from '@maxent/core';
import { requireStream } from './snapshot-parts.js';

/** The random streams of an agent by name. What one of them draws changes nothing in the others. */
export type RandomStreams<Name extends string> = Readonly<Record<Name, Rng>>;

/** A stream for each name, split off `rng`. */
export function splitStreams<Name extends string>(rng: Rng, names: readonly Name[]): RandomStreams<Name> {
  return mapNames(names, (name) => rng.split(name));
}

/** Metadata of a snapshot: the stream `noise` is its `noiseRng`. */
export function saveStreams(streams: RandomStreams<string>): JsonObject {
  return Object.fromEntries(Object.entries(streams).map(([name, rng]) => [`${name}Rng`, rng.state()]));
}

/** The streams of a snapshot, continued where they were. Throws SnapshotMismatchError for one that is not there. */
export function readStreams<Name extends string>(
  snapshot: Snapshot,
  names: readonly Name[],
  agent: string,
): RandomStreams<Name> {
  return mapNames(names, (name) => requireStream(snapshot, `${name}Rng`, agent));
}

function mapNames<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => Rng,
): RandomStreams<Name> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Rng>;
}
