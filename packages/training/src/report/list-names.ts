/** Names in a sentence: `a, b and c`; the first three of more than four. */
export function listNames(names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  const shown = names.slice(0, names.length <= 4 ? -1 : 3);
  return `${shown.join(', ')} and ${names.length <= 4 ? names.at(-1)! : `${names.length - 3} more`}`;
}
