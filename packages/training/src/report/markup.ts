import { printable } from '@maxent/core';

/**
 * Escapes text for HTML and SVG, including attributes. XML does not allow control characters, so they are written out.
 */
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
