import { isDict, type Space } from '@maxent/core';

/**
 * What the entries of a flattened value are called: by the space, in a record by its keys, and otherwise by their numbers. A
 * plugin's names count if there is one for each entry.
 */
export function entryNamesOf(space: Space<unknown>): readonly string[] {
  const { names, flatSize } = space;
  if (Array.isArray(names) && names.length === flatSize && names.every((name) => typeof name === 'string')) {
    return names;
  }
  if (isDict(space)) {
    return Object.keys(space.spaces)
      .sort()
      .flatMap((key) => entryNamesOf(space.spaces[key]!).map((name) => `${key} ${name}`));
  }
  return Array.from({ length: flatSize }, (_, entry) => `entry ${entry}`);
}
