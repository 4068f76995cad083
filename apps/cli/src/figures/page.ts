import { htmlPage } from '@maxent/training/node';
import { escapeMarkup } from '@maxent/training/report';
import { MOST_CELLS } from './cells-svg.js';
import { type Figure, frameOf } from './figure.js';
import type { Story } from './story.js';
import { figureSvg } from './svg.js';
import { type TimelineMarkup, timelineMarkup } from './timeline.js';

/** Figures are drawn on white; on a dark page they are inverted, with their hues kept. */
const STYLE = `
table { margin-bottom: 20px; }
td { padding: 2px 18px 2px 0; }
td:first-child { color: var(--quiet); }
p, .facts { max-width: 880px; }
dl { max-width: 880px; margin: 0; display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 8px 20px; }
dt { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
dd { margin: 0; }
.facts td:first-child { white-space: nowrap; }
.time { max-width: 880px; position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; background: var(--paper); padding: 8px 0; }
.time[hidden] { display: none; }
.time input { flex: 1 1 180px; }
.time output { font-variant-numeric: tabular-nums; min-width: 4.5em; }
.time button { min-width: 5em; }
section { display: flex; flex-wrap: wrap; gap: 14px; align-items: start; }
figure { margin: 0; padding: 10px; background: #fff; border: 1px solid #e4e7eb; border-radius: 10px; max-width: 100%; }
.narrow { display: none; }
@media (max-width: 560px) { .wide { display: none; } .narrow { display: block; } figure > svg { max-width: none; } .facts td { display: block; } .facts td:last-child { margin-bottom: 6px; } dl { grid-template-columns: 1fr; gap: 2px; } dd { margin-bottom: 10px; } .facts td:first-child { white-space: normal; } figure { padding: 6px; overflow-x: auto; } }
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
  const rows = facts.map(
    ([name, value]) => `<tr><td>${escapeMarkup(name)}</td><td>${escapeMarkup(value)}</td></tr>`,
  );
  const { before = '', ...scripted }: Partial<TimelineMarkup> =
    story?.timeline && moves ? timelineMarkup(story.timeline, shown) : {};
  return htmlPage({
    title,
    style: STYLE,
    body: `<table class="facts">${rows.join('')}</table>
${before}<section>
${[...shown.map(drawingOf), ...drawings].map(figureMarkup).join('\n')}
</section>
${story === undefined ? '' : formulasMarkup(story.formulas)}`,
    ...scripted,
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
  if (figure.kind === 'cells' && figure.beside === true && figure.world === undefined)
    return figureSvg(figure, NARROW);
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

/** One that may be wider than a narrow screen scrolls, with the keyboard as well. */
function figureMarkup(drawing: string): string {
  return `<figure${drawing.startsWith('<svg') ? ' tabindex="0"' : ''}>${drawing}</figure>`;
}
