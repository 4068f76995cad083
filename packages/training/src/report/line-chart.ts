import { escapeMarkup } from './markup.js';
import { formatNumber, formatTick, roundTicks } from './numbers.js';
import type { Point, Series } from './series.js';

export interface LineChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
  readonly width: number;
  readonly height: number;
}

/** Okabe and Ito's colours, which people with colour-blindness can tell apart. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'];
const BACKGROUND_COLOUR = '#9AA5B1';
const INK = '#1F2933';
const PALE_INK = '#616E7C';
const GRID = '#E4E7EB';
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
const MARGIN = { left: 56, right: 16, top: 44, bottom: 40 };
/** More points than this are drawn as a line without a mark each. */
const MOST_MARKS = 120;

interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A line chart as a self-contained SVG document, with a legend for more than one series. */
export function lineChartSvg(options: LineChartOptions): string {
  const { title, width, height, series } = options;
  // Background series first, so that the others are drawn over them.
  const ordered = [...series].sort((a, b) => Number(b.background ?? false) - Number(a.background ?? false));
  const points = ordered.flatMap((one) => one.points);
  const body =
    points.length === 0
      ? text(width / 2, height / 2, 'nothing recorded yet', { anchor: 'middle', fill: PALE_INK, size: 13 })
      : drawChart(options, ordered, points);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${escapeMarkup(title)}" font-family="${FONT}">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>` +
    text(MARGIN.left, 18, title, { fill: INK, size: 14, weight: 600 }) +
    `${body}</svg>`
  );
}

function drawChart(options: LineChartOptions, series: readonly Series[], points: readonly Point[]): string {
  const { width, height, xLabel } = options;
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  const xRange = widened(Math.min(0, ...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x)), 0);
  const lows = points.map(({ y, low }) => low ?? y);
  const highs = points.map(({ y, high }) => high ?? y);
  const yRange = widened(Math.min(...lows), Math.max(...highs), 0.05);
  const frame: Frame = {
    x: (value) => left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * (right - left),
    y: (value) => bottom - ((value - yRange[0]) / (yRange[1] - yRange[0])) * (bottom - top),
  };
  const horizontal = roundTicks(...yRange, Math.max(3, (bottom - top) / 45)).map((value) => {
    const y = round(frame.y(value));
    const label = text(left - 8, y + 4, formatTick(value), { anchor: 'end', fill: PALE_INK, size: 11 });
    return `<line x1="${left}" x2="${right}" y1="${y}" y2="${y}" stroke="${GRID}"/>${label}`;
  });
  // Steps and episodes are counted: there is no half of one to mark.
  const counted = points.every(({ x }) => Number.isInteger(x));
  const xTicks = roundTicks(...xRange, Math.max(3, (right - left) / 110));
  const vertical = (counted ? xTicks.filter(Number.isInteger) : xTicks).map((value) => {
    const x = round(frame.x(value));
    const label = text(x, bottom + 17, formatTick(value), { anchor: 'middle', fill: PALE_INK, size: 11 });
    return `<line x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}" stroke="${PALE_INK}"/>${label}`;
  });
  const axis = `<line x1="${left}" x2="${right}" y1="${bottom}" y2="${bottom}" stroke="${PALE_INK}"/>`;
  const label = text(right, height - 7, xLabel, { anchor: 'end', fill: PALE_INK, size: 11 });
  const coloured = withColours(series);
  const drawn = coloured.map(([one, colour]) => drawSeries(one, colour, frame));
  const legend = series.length > 1 ? drawLegend(coloured, left) : '';
  return [...horizontal, ...vertical, axis, label, ...drawn, legend].join('');
}

type ColouredSeries = readonly [series: Series, colour: string];

function withColours(series: readonly Series[]): ColouredSeries[] {
  let used = 0;
  return series.map((one) => [one, one.background ? BACKGROUND_COLOUR : COLOURS[used++ % COLOURS.length]!]);
}

function drawSeries({ points, background }: Series, colour: string, { x, y }: Frame): string {
  const at = (point: Point, value: number) => `${round(x(point.x))},${round(y(value))}`;
  const upper = points.map((point) => at(point, point.high ?? point.y));
  const lower = points.map((point) => at(point, point.low ?? point.y)).reverse();
  const band = points.some(({ low }) => low !== undefined)
    ? `<polygon points="${[...upper, ...lower].join(' ')}" fill="${colour}" fill-opacity="0.16"/>`
    : '';
  const path = points.map((point) => at(point, point.y)).join(' ');
  const stroke = background ? `stroke-width="1.2" stroke-opacity="0.75"` : `stroke-width="2"`;
  const line = `<polyline points="${path}" fill="none" stroke="${colour}" ${stroke} stroke-linejoin="round"/>`;
  if (background || points.length > MOST_MARKS) return band + line;
  const radius = points.length > MOST_MARKS / 3 ? 1.8 : 2.8;
  const marks = points.map((point) => {
    const range =
      point.low === undefined
        ? ''
        : ` (${formatNumber(point.low)} to ${formatNumber(point.high ?? point.y)})`;
    const tip = `${formatTick(point.x)}: ${formatNumber(point.y)}${range}`;
    return `<circle cx="${round(x(point.x))}" cy="${round(y(point.y))}" r="${radius}" fill="${colour}"><title>${tip}</title></circle>`;
  });
  return band + line + marks.join('');
}

function drawLegend(series: readonly ColouredSeries[], left: number): string {
  let x = left;
  return series
    .map(([{ label }, colour]) => {
      const key = `<line x1="${x}" x2="${x + 16}" y1="32" y2="32" stroke="${colour}" stroke-width="3"/>`;
      const name = text(x + 21, 36, label, { fill: PALE_INK, size: 11.5 });
      // About the width of the label; text cannot be measured without a browser.
      x += 40 + label.length * 6.2;
      return key + name;
    })
    .join('');
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

/** The range with a margin, and with some extent when all values are equal. */
function widened(low: number, high: number, margin: number): [number, number] {
  if (low === high) {
    const extent = Math.abs(low) * 0.1 || 1;
    return [low - extent, high + extent];
  }
  return [low - (high - low) * margin, high + (high - low) * margin];
}

/** Coordinates to a hundredth: finer digits only make the file larger. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
