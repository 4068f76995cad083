/** Matches C0 except tab and line feed, DEL, C1, and marks that change the order in which text is shown. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that must not get through.
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text for a terminal, in which control characters are escaped, such as ESC as `\\u001b`. Messages quote names and
 * values that come from files and plugins.
 */
export function printable(text: string): string {
  return text.replace(STEERING, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
