/** Longest name that is shown in full. */
const LONGEST_NAME = 60;

/**
 * `['factors', 1, 'values']` as `factors[1].values`; a name that is no word, such as the empty one, stands in quotes:
 * `emission[""]`.
 */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      const name = String(key);
      if (/^[\p{L}\p{N}_$-]+$/u.test(name) && name.length <= LONGEST_NAME) return `.${name}`;
      const shown = name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}...`;
      return `[${JSON.stringify(shown)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

/** Characters of a value that are shown. */
const LONGEST_VALUE = 60;

/** A value as JSON, cut short and never deeper than its first level, for a message about it. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `an array of ${(value as unknown as ArrayLike<number>).length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value !== 'string') return String(value);
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE
    ? text
    : `${text.slice(0, LONGEST_VALUE)}... of ${value.length} characters`;
}
