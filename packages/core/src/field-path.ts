/** The longest name that is shown in full. */
const LONGEST_NAME = 60;

/**
 * Writes `['factors', 1, 'values']` as `factors[1].values`. A name that is not a word, such as an empty one, is quoted:
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
