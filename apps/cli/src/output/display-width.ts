import stringWidth from 'string-width';

/** Columns that a text takes in a terminal, where an ideograph takes two and an accent of its own none. */
export const displayWidth: (text: string) => number = stringWidth;

/** Text with spaces after it, so that it takes `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** Text with spaces before it, so that it takes `columns`. */
export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;
}
