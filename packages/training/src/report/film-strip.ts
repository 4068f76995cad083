import { escapeMarkup } from './markup.js';
import { formatNumber } from './numbers.js';
import { DARK_PICTURE_COLORS } from './picture-colors.js';

/** Pictures of one episode of a policy. */
export interface FilmStrip {
  /** Of the checkpoint that acted. */
  readonly step: number;
  readonly seed: number;
  readonly return: number;
  readonly length: number;
  /** In ascending order; each is an SVG document without problems, see `svgProblem` of `@maxent/core`. */
  readonly pictures: readonly { readonly step: number; readonly svg: string }[];
}

/** How many characters the pictures of a page may have. */
const FILM_LIMIT = 120_000;

/**
 * The pictures as images, each a document of its own: names inside of one cannot clash with those of another. If they are too
 * large, every second one is left out, as often as it takes.
 */
export function filmStripMarkup({ step, seed, return: sum, length, pictures }: FilmStrip): string {
  let shown = pictures.map((picture) => ({ ...picture, source: imageSource(picture.svg) }));
  const size = () => shown.reduce((total, { source }) => total + source.length, 0);
  while (shown.length > 0 && size() > FILM_LIMIT) {
    shown = shown.length === 1 ? [] : shown.filter((_, i) => i % 2 === 0);
  }
  if (shown.length === 0) return '';
  const frames = shown.map(
    ({ step: at, source }) =>
      `<li><img src="${source}" alt="The environment after ${at} of ${length} steps"><span>step ${at.toLocaleString('en')}</span></li>`,
  );
  const counted = `${length.toLocaleString('en')} ${length === 1 ? 'step' : 'steps'}`;
  return `
<h2>The best policy</h2>
<div class="card"><p class="note">One episode of the policy of step ${step.toLocaleString('en')}, with its most likely actions, from seed ${seed}: return ${escapeMarkup(formatNumber(sum))} in ${counted}.</p>
<ol class="strip">${frames.join('')}</ol></div>`;
}

/** An image does not inherit the page's colors. */
const STYLE = `<style>@media (prefers-color-scheme:dark){svg{${DARK_PICTURE_COLORS}}}</style>`;

function imageSource(svg: string): string {
  const end = svg.indexOf('>') + 1;
  const document = svg[end - 2] === '/' ? svg : svg.slice(0, end) + STYLE + svg.slice(end);
  const named = /^<svg[^>]*\sxmlns=/.test(document)
    ? document
    : document.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
  // Browsers need no more than these to be escaped in a quoted address of this kind.
  return `data:image/svg+xml,${named.replace(/[%#"<>&\n\r\t]/g, encodeURIComponent)}`;
}
