import { escapeMarkup } from './markup.js';
import { drawable, formatNumber, formatTick, rangeOf, roundTicks, widened } from './numbers.js';
import { type Curve, makePlotter } from './plot.js';
import { type Point, type Series, thinned } from './series.js';

const plotter = makePlotter({ formatTick, roundTicks, drawable, widened });

/** More points than a chart is wide would not be seen. */
export const MOST_POINTS_EACH = 300;

/** How strongly noisy curves are smoothed until the reader chooses. */
export const SMOOTHING = 0.6;

export interface PageChart {
  readonly title: string;
  /** What the chart shows, in a sentence. */
  readonly meaning?: string | undefined;
  readonly xLabel: string;
  readonly curves: readonly Curve[];
  /** Higher than others, with a title like that of a section. */
  readonly large?: boolean;
  /** Whether it shares its x with the page's other charts: then they are zoomed together. */
  readonly linked: boolean;
}

/** A curve of at most `most` points: the means of equally wide stretches of x, with a band from the lowest to the highest. */
export function curveOf(
  { label, points }: Series,
  look: Pick<Curve, 'kind' | 'color' | 'short'>,
  most: number,
): Curve {
  const shown = thinned(
    [...points].sort((a, b) => a.x - b.x),
    most,
  );
  const banded = shown.some(({ low }) => low !== undefined);
  const column = (value: (point: Point) => number, digits = 5) =>
    shown.map((point) => Number(value(point).toPrecision(digits)));
  return {
    label,
    ...look,
    // Steps are told apart.
    x: column(({ x }) => x, 9),
    y: column(({ y }) => y),
    ...(banded && {
      low: column(({ y, low = y }) => low),
      high: column(({ y, high = y }) => high),
    }),
  };
}

/**
 * A chart as wide as its place on the page, as markup that needs no script. The page's script, `CHART_SCRIPT`, draws it
 * again when the reader zooms or smooths, from the same curves.
 */
export function pageChart({ title, meaning, xLabel, curves, large = false }: PageChart): string {
  const view = plotter.viewOf(curves, plotter.wholeRange(curves));
  const about = meaning === undefined ? '' : `<p>${escapeMarkup(meaning)}</p>`;
  const keys = curves.map(({ label, color }) => `<li>${swatch(color)}${escapeMarkup(label)}</li>`);
  const legend = curves.length > 1 ? `<ul>${keys.join('')}</ul>` : '';
  const heading = large ? 'h2' : 'h3';
  const empty = curves.every(({ x }) => x.length === 0);
  const drawn = empty
    ? '<p class="empty">nothing recorded yet</p>'
    : `<svg class="chart${large ? ' large' : ''}" role="img" aria-label="${escapeMarkup(labelOf(title, xLabel, curves))}">` +
      `<svg class="axis">${plotter.axisMarkup(view, large ? 6 : 4)}</svg>` +
      `<text class="unit" x="100%" y="100%" dy="36" text-anchor="end">${escapeMarkup(xLabel)}</text>` +
      `<svg class="plot" viewBox="0 0 1000 1000" preserveAspectRatio="none">${plotter.curvesMarkup(curves, view, SMOOTHING)}</svg></svg>`;
  return `<figure class="card"><figcaption><${heading}>${escapeMarkup(title)}</${heading}>${about}${legend}</figcaption>${drawn}<p class="values">&#160;</p></figure>`;
}

/** A stretch of a curve's line, to stand beside its name. */
export function swatch(color: number): string {
  return `<svg viewBox="0 0 18 4" width="18" height="4" aria-hidden="true"><path class="line c${color}" d="M0 2H18"/></svg>`;
}

/** What a reader who cannot see the chart is told: from where to where it goes. */
function labelOf(title: string, xLabel: string, curves: readonly Curve[]): string {
  const told = curves
    .filter(({ y }) => y.length > 0)
    .map(({ label, y }) => {
      const [low, high] = rangeOf(y).map(formatNumber);
      const name = curves.length > 1 ? `${label} ` : '';
      return `${name}from ${low} to ${high}, last ${formatNumber(y.at(-1)!)}`;
    });
  return `${title} by ${xLabel}: ${told.join('; ')}`;
}

/** The bar above the charts, which the script shows. */
export const CHART_CONTROLS = `<div class="controls" hidden><label for="smoothing">Smoothing</label><input id="smoothing" type="range" min="0" max="0.99" step="0.01" value="${SMOOTHING}"><output for="smoothing">${SMOOTHING}</output>
<button id="closer" type="button" aria-label="+, zoom in">+</button><button id="wider" type="button" aria-label="&#8722;, zoom out">&#8722;</button><button id="whole" type="button">Reset zoom</button></div>`;

/** What `CHART_SCRIPT` reads of the charts, in their order on the page. */
export function chartData(charts: readonly PageChart[]) {
  return charts
    .filter(({ curves }) => curves.some(({ x }) => x.length > 0))
    .map(({ curves, large = false, linked }) => ({ curves, large, linked }));
}
