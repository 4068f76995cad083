import type { JsonObject, Rng, Snapshot } from '@maxent/core';
import { requireStream } from './snapshot-parts.js';

/** An agent's random streams by name. Drawing from one does not affect the others. */
export type RandomStreams<Name extends string> = Readonly<Record<Name, Rng>>;

/** A stream for each name, split off `rng`. */
export function splitStreams<Name extends string>(rng: Rng, names: readonly Name[]): RandomStreams<Name> {
  return mapNames(names, (name) => rng.split(name));
}

/** The streams as metadata of a snapshot: the stream `noise` is stored as `noiseRng`. */
export function saveStreams(streams: RandomStreams<string>): JsonObject {
  return Object.fromEntries(Object.entries(streams).map(([name, rng]) => [`${name}Rng`, rng.state()]));
}

/** The streams of a snapshot, continued where they were. Throws SnapshotMismatchError if one is missing. */
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
