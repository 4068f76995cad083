import { escapeMarkup } from '@maxent/training/report';
import { MOST_CELLS } from './cells-svg.js';
import { type Figure, frameOf } from './figure.js';
import type { Story } from './story.js';
import { figureSvg } from './svg.js';
import { timelineMarkup } from './timeline.js';

/** Figures are drawn on white; on a dark page they are inverted, with their hues kept. */
const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; background: light-dark(#f5f7fa, #14181d); color: light-dark(#1f2933, #e4e7eb); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 56px; }
h1 { font-size: 24px; line-height: 1.2; margin: 0 0 16px; overflow-wrap: anywhere; }
table { border-collapse: collapse; margin-bottom: 20px; }
td { padding: 2px 18px 2px 0; font-variant-numeric: tabular-nums; }
td:first-child { color: light-dark(#616e7c, #9aa5b1); }
p, .facts { max-width: 880px; }
h2 { font-size: 17px; margin: 28px 0 10px; }
dl { max-width: 880px; margin: 0; display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 8px 20px; }
dt { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
dd { margin: 0; }
td { vertical-align: top; overflow-wrap: anywhere; }
.facts td:first-child { white-space: nowrap; }
.time { max-width: 880px; position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; background: light-dark(#f5f7fa, #14181d); padding: 8px 0; }
.time[hidden] { display: none; }
.time input { flex: 1 1 180px; accent-color: light-dark(#205f99, #7bccf7); }
.time output { font-variant-numeric: tabular-nums; min-width: 4.5em; }
.time button { font: inherit; padding: 3px 14px; border-radius: 8px; border: 1px solid light-dark(#616e7c, #9aa5b1); background: light-dark(#fff, #232a33); color: inherit; min-width: 5em; }
:focus-visible { outline: 3px solid light-dark(#2079bd, #7bccf7); outline-offset: 2px; }
section { display: flex; flex-wrap: wrap; gap: 14px; align-items: start; }
figure { margin: 0; padding: 10px; background: #fff; border: 1px solid #e4e7eb; border-radius: 10px; max-width: 100%; box-sizing: border-box; }
svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
@media (max-width: 560px) { .wide { display: none; } .narrow { display: block; } figure > svg { max-width: none; } .facts td { display: block; } .facts td:last-child { margin-bottom: 6px; } main { padding: 20px 12px 40px; } dl { grid-template-columns: 1fr; gap: 2px; } dd { margin-bottom: 10px; } .facts td:first-child { white-space: normal; } figure { padding: 6px; overflow-x: auto; } }
@media (prefers-color-scheme: dark) { figure { filter: invert(0.9) hue-rotate(180deg); } }
`;

type Facts = readonly (readonly [name: string, value: string])[];

/**
 * Facts, figures and further drawings as one HTML page that needs no network, and a script only for a slider over time.
 */
export function figurePage(
  title: string,
  facts: Facts,
  figures: readonly Figure[],
  story?: Story,
  drawings: readonly string[] = [],
): string {
  const shown = figures.map(withoutLargeFilm);
  const moves = shown.some(
    (figure) =>
      figure.kind === 'lines' || (figure.kind === 'cells' && (figure.film || figure.columnName === 't')),
  );
  return htmlPage(title, facts, [...shown.map(drawingOf), ...drawings], {
    ...(story?.timeline && moves && timelineMarkup(story.timeline, shown)),
    ...(story && { after: formulasMarkup(story.formulas) }),
  });
}

/** A world of very many cells as it is at the first time. */
function withoutLargeFilm(figure: Figure): Figure {
  if (figure.kind !== 'cells' || figure.film === undefined || figure.values.length <= MOST_CELLS)
    return figure;
  return frameOf(figure, figure.film, 0);
}

const NARROW = 350;

/** A figure for wide screens and one for narrow ones, where it would shrink too far; a world keeps its cells' size. */
function drawingOf(figure: Figure): string {
  if (figure.kind === 'cells' && (figure.world !== undefined || figure.film !== undefined))
    return figureSvg(figure);
  return `<div class="wide">${figureSvg(figure)}</div><div class="narrow">${figureSvg(figure, NARROW)}</div>`;
}

function formulasMarkup(formulas: Story['formulas']): string {
  if (formulas.length === 0) return '';
  const entries = formulas.map(
    ([formula, words]) => `<dt>${escapeMarkup(formula)}</dt><dd>${escapeMarkup(words)}</dd>`,
  );
  return `<h2>In words</h2>\n<dl>${entries.join('\n')}</dl>`;
}

/** Markup before the drawings, after them, and at the end of the page. */
interface Surroundings {
  readonly before?: string;
  readonly after?: string;
  readonly script?: string;
}

/** Facts and drawings, SVG elements on white, as one HTML page that needs no network. */
export function htmlPage(
  title: string,
  facts: Facts,
  drawings: readonly string[],
  { before = '', after = '', script = '' }: Surroundings = {},
): string {
  const rows = facts.map(
    ([name, value]) => `<tr><td>${escapeMarkup(name)}</td><td>${escapeMarkup(value)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(title)}</h1>
<table class="facts">${rows.join('')}</table>
${before}<section>
${drawings.map(figureMarkup).join('\n')}
</section>
${after}</main>
${script}</body>
</html>
`;
}

/** One that may be wider than a narrow screen scrolls, with the keyboard as well. */
function figureMarkup(drawing: string): string {
  return `<figure${drawing.startsWith('<svg') ? ' tabindex="0"' : ''}>${drawing}</figure>`;
}
