import { type JsonObject, Rng, type Snapshot } from '@maxent/core';
import { readOthers, saveOthers } from './environments.js';
import { requireStream } from './snapshot-parts.js';

/** An agent's random streams by name. Drawing from one does not affect the others. */
export type RandomStreams<Name extends string> = Readonly<Record<Name, Rng>>;

/** For each name, the streams of environments other than 0, by index. */
export type OtherStreams<Name extends string> = Readonly<Record<Name, Map<number, Rng>>>;

/** A stream for each name, split off `rng`. */
export function splitStreams<Name extends string>(rng: Rng, names: readonly Name[]): RandomStreams<Name> {
  return mapNames(names, (name) => rng.split(name));
}

/** No stream yet for any other environment. */
export function noOtherStreams<Name extends string>(names: readonly Name[]): OtherStreams<Name> {
  return mapNames(names, () => new Map<number, Rng>());
}

/**
 * The streams as metadata of a snapshot: the stream `noise` is stored as `noiseRng`, those of other environments as
 * `noiseRngs`.
 */
export function saveStreams(streams: RandomStreams<string>, others: OtherStreams<string>): JsonObject {
  return Object.assign(
    Object.fromEntries(Object.entries(streams).map(([name, rng]) => [`${name}Rng`, rng.state()])),
    ...Object.entries(others).map(([name, ofName]) =>
      saveOthers(`${name}Rngs`, ofName, (rng) => rng.state()),
    ),
  );
}

/** The streams of a snapshot, continued where they were. Throws SnapshotMismatchError if one is missing. */
export function readStreams<Name extends string>(
  snapshot: Snapshot,
  names: readonly Name[],
  agent: string,
): RandomStreams<Name> {
  return mapNames(names, (name) => requireStream(snapshot, `${name}Rng`, agent));
}

/** The streams of other environments in a snapshot. Throws SnapshotMismatchError if one is not a stream. */
export function readOtherStreams<Name extends string>(
  { metadata }: Snapshot,
  names: readonly Name[],
  agent: string,
): OtherStreams<Name> {
  return mapNames(names, (name) => {
    const field = `${name}Rngs`;
    return readOthers(metadata[field], `${agent}: ${field}`, (state) => Rng.fromState(state));
  });
}

function mapNames<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name) => Value,
): Readonly<Record<Name, Value>> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}
