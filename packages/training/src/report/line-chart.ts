import { escapeMarkup } from './markup.js';
import { drawable, formatNumber, formatTick, rangeOf, round, roundTicks, widened } from './numbers.js';
import type { Point, Series } from './series.js';

export interface LineChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
  readonly width: number;
  readonly height: number;
}

/** Okabe and Ito's colors, which people with color blindness can tell apart. */
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'];
const BACKGROUND_COLOR = '#9AA5B1';
const INK = '#1F2933';
const PALE_INK = '#616E7C';
const GRID = '#E4E7EB';
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
const MARGIN = { left: 56, right: 16, top: 44, bottom: 40 };
const LEGEND_ROW = 16;
/** Lines with more points than this are drawn without marks. */
const MOST_MARKS = 120;

interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/**
 * A line chart as a self-contained SVG document, with a legend for more than one series. It is taller than `height` if
 * the legend needs more than one row.
 */
export function lineChartSvg(options: LineChartOptions): string {
  return chartOf(options).svg;
}

/** Stacked charts in one SVG document, each with axes of its own. */
export function lineChartsSvg(charts: readonly LineChartOptions[]): string {
  let height = 0;
  const drawn = charts.map((options) => {
    const chart = chartOf(options);
    const placed = `<g transform="translate(0 ${height})">${chart.svg}</g>`;
    height += chart.height;
    return placed;
  });
  const width = Math.max(...charts.map((chart) => chart.width));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `${drawn.join('')}</svg>`
  );
}

function chartOf(options: LineChartOptions): { readonly svg: string; readonly height: number } {
  const { title, width, series } = options;
  // Background series first, so that the others are drawn over them.
  const ordered = [...series].sort((a, b) => Number(b.background ?? false) - Number(a.background ?? false));
  const styled = withStyles(ordered);
  const points = ordered.flatMap((one) => one.points);
  const legend =
    points.length > 0 && series.length > 1
      ? legendOf(styled, MARGIN.left, width - MARGIN.right)
      : { svg: '', rows: 1 };
  const top = MARGIN.top + (legend.rows - 1) * LEGEND_ROW;
  const height = options.height + top - MARGIN.top;
  const { body, frame } =
    points.length === 0
      ? {
          body: text(width / 2, height / 2, 'nothing recorded yet', {
            anchor: 'middle',
            fill: PALE_INK,
            size: 13,
          }),
          frame: '',
        }
      : drawChart({ ...options, height }, top, styled, points);
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${escapeMarkup(title)}" font-family="${FONT}"${frame}>` +
    `<rect width="${width}" height="${height}" fill="#fff"/>` +
    text(MARGIN.left, 18, title, { fill: INK, size: 14, weight: 600 }) +
    `${body}${legend.svg}</svg>`;
  return { svg, height };
}

function drawChart(
  { width, height, xLabel }: LineChartOptions,
  top: number,
  series: readonly StyledSeries[],
  points: readonly Point[],
): { readonly body: string; readonly frame: string } {
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const bottom = height - MARGIN.bottom;
  const [firstX, lastX] = rangeOf(points.map(({ x }) => x));
  const xRange = widened(Math.min(0, firstX), lastX, 0);
  const [lowest] = rangeOf(points.map(({ y, low }) => drawable(low ?? y)));
  const [, highest] = rangeOf(points.map(({ y, high }) => drawable(high ?? y)));
  const yRange = widened(lowest, highest, 0.05);
  const frame: Frame = {
    x: (value) => left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * (right - left),
    y: (value) => bottom - ((drawable(value) - yRange[0]) / (yRange[1] - yRange[0])) * (bottom - top),
  };
  const horizontal = roundTicks(...yRange, Math.max(3, (bottom - top) / 45)).map((value) => {
    const y = round(frame.y(value));
    const label = text(left - 8, y + 4, formatTick(value), { anchor: 'end', fill: PALE_INK, size: 11 });
    return `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="${GRID}"/>${label}`;
  });
  // Steps and episodes are counted, so only whole numbers get a tick.
  const counted = points.every(({ x }) => Number.isInteger(x));
  const xTicks = roundTicks(...xRange, Math.max(3, (right - left) / 110));
  const vertical = (counted ? xTicks.filter(Number.isInteger) : xTicks).map((value) => {
    const x = round(frame.x(value));
    const label = text(x, bottom + 17, formatTick(value), { anchor: 'middle', fill: PALE_INK, size: 11 });
    return `<line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}" stroke="${PALE_INK}"/>${label}`;
  });
  const axis = `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${PALE_INK}"/>`;
  const label = text(right, height - 7, xLabel, { anchor: 'end', fill: PALE_INK, size: 11 });
  const drawn = series.map((one) => drawSeries(one, frame));
  return {
    body: [...horizontal, ...vertical, axis, label, ...drawn].join(''),
    frame: ` data-frame="${[left, right, top, bottom, ...xRange].join(' ')}"`,
  };
}

interface StyledSeries {
  readonly series: Series;
  readonly color: string;
  /** Attribute that distinguishes series of the same color; empty for the first one. */
  readonly dashes: string;
}

/** Dashes of the second and third series of a color. */
const DASHES = ['', ' stroke-dasharray="7 4"', ' stroke-dasharray="2 4"'];

function withStyles(series: readonly Series[]): StyledSeries[] {
  let used = 0;
  return series.map((one) => {
    if (one.background) return { series: one, color: BACKGROUND_COLOR, dashes: '' };
    const round = Math.floor(used / COLORS.length) % DASHES.length;
    return { series: one, color: COLORS[used++ % COLORS.length]!, dashes: DASHES[round]! };
  });
}

function drawSeries(
  { series: { points, background, shape }, color, dashes }: StyledSeries,
  { x, y }: Frame,
): string {
  const at = (point: Point, value: number) => `${round(x(point.x))},${round(y(value))}`;
  const upper = points.map((point) => at(point, point.high ?? point.y));
  const lower = points.map((point) => at(point, point.low ?? point.y)).reverse();
  const band = points.some(({ low }) => low !== undefined)
    ? `<polygon points="${[...upper, ...lower].join(' ')}" fill="${color}" fill-opacity="0.16"/>`
    : '';
  if (shape === 'points') {
    const rings = points.map(
      (point) =>
        `<circle cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="3" fill="#fff" stroke="${color}" stroke-width="1.5"><title>${tipOf(point)}</title></circle>`,
    );
    return rings.join('');
  }
  const path =
    shape === 'steps'
      ? stepsThrough(points.map((point) => [round(x(point.x)), round(y(point.y))] as const))
      : points.map((point) => at(point, point.y)).join(' ');
  const stroke = background ? `stroke-width="1.2" stroke-opacity="0.75"` : `stroke-width="2"`;
  const line = `<polyline points="${path}" fill="none" stroke="${color}" ${stroke}${dashes} stroke-linejoin="round"/>`;
  if (background || shape === 'steps' || points.length > MOST_MARKS) return band + line;
  const radius = points.length > MOST_MARKS / 3 ? 1.8 : 2.8;
  const marks = points.map((point) => {
    return `<circle cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="${radius}" fill="${color}"><title>${tipOf(point)}</title></circle>`;
  });
  return band + line + marks.join('');
}

function tipOf(point: Point): string {
  const range =
    point.low === undefined ? '' : ` (${formatNumber(point.low)} to ${formatNumber(point.high ?? point.y)})`;
  return `${formatTick(point.x)}: ${formatNumber(point.y)}${range}`;
}

/** Goes half of the way to the next point, then to its height. */
function stepsThrough(places: readonly (readonly [x: number, y: number])[]): string {
  return places
    .flatMap(([x, y], i) => {
      const next = places[i + 1];
      const middle = next === undefined ? x : round((x + next[0]) / 2);
      return next === undefined ? [`${x},${y}`] : [`${x},${y}`, `${middle},${y}`, `${middle},${next[1]}`];
    })
    .join(' ');
}

/** The names of the series, in as many rows as they need; a name wider than the chart is cut off with an ellipsis. */
function legendOf(
  series: readonly StyledSeries[],
  left: number,
  right: number,
): { svg: string; rows: number } {
  // Approximate width of a letter; text cannot be measured without a browser.
  const letter = 6.2;
  const most = Math.floor((right - left - 40) / letter);
  let [x, row] = [left, 0];
  const entries = series.map(({ series: { label, shape }, color, dashes }) => {
    const name = label.length <= most ? label : `${label.slice(0, most - 1)}\u2026`;
    const width = 40 + name.length * letter;
    if (x > left && x + width > right) [x, row] = [left, row + 1];
    const y = 32 + row * LEGEND_ROW;
    const key =
      shape === 'points'
        ? `<circle cx="${round(x + 8)}" cy="${y}" r="3" fill="#fff" stroke="${color}" stroke-width="1.5"/>`
        : `<line x1="${round(x)}" x2="${round(x + 16)}" y1="${y}" y2="${y}" stroke="${color}" stroke-width="3"${dashes}/>`;
    const entry = `<g>${key}${text(x + 21, y + 4, name, { fill: PALE_INK, size: 11.5 })}<title>${escapeMarkup(label)}</title></g>`;
    x += width;
    return entry;
  });
  return { svg: entries.join(''), rows: row + 1 };
}

interface TextStyle {
  readonly fill: string;
  readonly size: number;
  readonly anchor?: 'middle' | 'end';
  readonly weight?: number;
}

function text(x: number, y: number, content: string, { fill, size, anchor, weight }: TextStyle): string {
  const anchored = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
  const weighted = weight === undefined ? '' : ` font-weight="${weight}"`;
  return `<text x="${round(x)}" y="${round(y)}" fill="${fill}" font-size="${size}"${anchored}${weighted}>${escapeMarkup(content)}</text>`;
}
