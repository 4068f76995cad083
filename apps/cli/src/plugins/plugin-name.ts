/** What a plugin name stands for, given to `--plugin` or recorded by a run. */
export type PluginName =
  | { readonly kind: 'package' }
  /** An entry of a package, such as `pkg/plugin`, or a file without a leading `./`. */
  | { readonly kind: 'entry' }
  | { readonly kind: 'path' }
  /** Never loaded, whoever names it; `reason` completes "it is". */
  | { readonly kind: 'refused'; readonly reason: string };

const packageName = /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i;

/** Reads the form of a plugin's name; it does not check whether there is such a plugin. */
export function readPluginName(text: string): PluginName {
  if (text === '') return { kind: 'refused', reason: 'empty' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  if (/[\u0000-\u001f\u007f]/.test(text))
    return { kind: 'refused', reason: 'a name with control characters' };
  if (/^[a-z][a-z\d+.-]+:/i.test(text)) return { kind: 'refused', reason: 'a URL' };
  if (text.startsWith('#')) return { kind: 'refused', reason: 'an internal import' };
  if (/^(\.{0,2}[\\/]|[a-z]:)/i.test(text) || text === '.' || text === '..') return { kind: 'path' };
  if (packageName.test(text)) return { kind: 'package' };
  const segments = text.split(/[\\/]/);
  if (segments.includes('..') || segments.includes('.')) {
    return { kind: 'refused', reason: 'a package name with a path that leaves the package' };
  }
  return { kind: 'entry' };
}

/** A plugin's name in a message: on one line, shortened to a readable length. */
export function shownName(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 117)}...` : text);
}
