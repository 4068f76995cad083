import { escapeMarkup, round } from '@maxent/training/report';

export const WIDTH = 860;
export const INK = '#1F2933';
export const PALE_INK = '#616E7C';
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
/** Where drawings begin, below their titles. */
export const TOP = 34;

/** A drawing with its title as an SVG element on white. */
export function svg(title: string, width: number, height: number, body: string, attributes = ''): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" ` +
    `height="${round(height)}"${attributes} role="img" aria-label="${escapeMarkup(title)}" font-family="${FONT}">` +
    `<rect width="100%" height="100%" fill="#fff"/>` +
    `<text x="8" y="20" fill="${INK}" font-size="14" font-weight="600">${escapeMarkup(title)}</text>${body}</svg>`
  );
}

export function text(
  x: number,
  y: number,
  content: string,
  anchor = 'start',
  fill = PALE_INK,
  name?: string,
): string {
  const named = name === undefined ? '' : ` class="${name}"`;
  return `<text${named} x="${round(x)}" y="${round(y)}" fill="${fill}" font-size="11.5" text-anchor="${anchor}">${escapeMarkup(content)}</text>`;
}
