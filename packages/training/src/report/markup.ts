import { printable } from '@maxent/core';

/** Text for use within HTML and SVG, attributes included. XML has no place for control characters: they are written out. */
export function escapeMarkup(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return printable(text).replace(/[&<>"']/g, (character) => entities[character]!);
}
