import { isRecord, type JsonObject, type JsonValue, SnapshotMismatchError, showStored } from '@maxent/core';

/*
 * What agents already kept when they acted in one environment is stored in two places: for environment 0 as if there
 * were no others, and for the others, by index, in a field of its own, which is absent if nothing is kept for them. What
 * they have kept since then, such as `DrawnActions`, is stored by index alone.
 */

/** The environment that a key of a snapshot stands for; undefined if the key is not an index. */
export function environmentOf(key: string): number | undefined {
  const environment = Number(key);
  const isIndex = Number.isSafeInteger(environment) && environment >= 0 && String(environment) === key;
  return isIndex ? environment : undefined;
}

/** The field of the others, `{ "1": ..., "3": ... }`; no field if there are none. */
export function saveOthers<Kept>(
  field: string,
  others: Iterable<readonly [environment: number, kept: Kept]>,
  save: (kept: Kept) => JsonValue,
): JsonObject {
  const stored = Array.from(others, ([environment, kept]) => [environment, save(kept)] as const);
  return stored.length === 0 ? {} : { [field]: Object.fromEntries(stored) };
}

/**
 * Reads what `saveOthers` stored. Throws what `read` throws, and SnapshotMismatchError, which begins with `name`, for
 * something else.
 */
export function readOthers<Kept>(
  stored: unknown,
  name: string,
  read: (kept: unknown, environment: number) => Kept,
): Map<number, Kept> {
  if (stored === undefined) return new Map();
  const expected = `${name}: expected an object with the indices of environments as keys`;
  if (!isRecord(stored)) throw new SnapshotMismatchError(`${expected}, got ${showStored(stored)}`);
  return new Map(
    Object.entries(stored).map(([key, kept]) => {
      const environment = environmentOf(key);
      if (environment === undefined || environment === 0) {
        throw new SnapshotMismatchError(`${expected}, 1 or more, got the key ${showStored(key)}`);
      }
      return [environment, read(kept, environment)];
    }),
  );
}
