import { escapeMarkup, formatNumber, lineChartSvg } from '@maxent/training/report';
import {
  type BarsFigure,
  type CellsFigure,
  evenly,
  type Figure,
  fullBar,
  type Shades,
  shades,
  type World,
} from './figure.js';

const WIDTH = 860;
const INK = '#1F2933';
const PALE_INK = '#616E7C';
const FONT = 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif';
/** Red, green and blue of the palest, the middle and the darkest shade. */
const RAMP = [
  [247, 251, 255],
  [107, 174, 214],
  [8, 48, 107],
] as const;
/** For terminal states, which have no decision. */
const NEUTRAL = '#E4E7EB';
/** Outlines cells with values beyond the ends of the scale. */
const BEYOND = '#D55E00';
const TOP = 34;
const MOST_BARS = 80;
/** Most columns drawn of a table that is not a gridworld. */
const MOST_COLUMNS = 400;

/** A figure as a self-contained SVG element on white. */
export function figureSvg(figure: Figure): string {
  switch (figure.kind) {
    case 'cells':
      return cellsSvg(figure);
    case 'lines':
      return lineChartSvg({ ...figure, width: WIDTH, height: 300 });
    case 'bars':
      return barsSvg(figure);
  }
}

function cellsSvg(figure: CellsFigure): string {
  const shading = shades(figure);
  const { title, rows, columns, values, world, rowLabels = [], columnName = '' } = figure;
  const left = 8 + Math.max(0, ...rowLabels.map((label) => label.length * 6.5));
  const shown = evenly(columns, world === undefined ? MOST_COLUMNS : columns);
  const room = (WIDTH - left - 8) / shown.length;
  const width = world === undefined ? room : Math.min(84, room);
  const height = world === undefined ? Math.max(6, Math.min(26, 400 / rows)) : width;
  const bottom = TOP + rows * height;
  const cells = shown.flatMap((column, place) =>
    Array.from({ length: rows }, (_, row) => {
      const i = row * columns + column;
      const box = { x: left + place * width, y: TOP + row * height, width, height };
      const shade = shading.of(i);
      const number = formatNumber(values[i]!);
      const name = world === undefined ? `${rowLabels[row]}, ${columnName} ${column}` : `state ${i}`;
      const fill = shade === null ? NEUTRAL : colorOf(shade);
      const ink = shade !== null && shade > 0.55 ? '#FFFFFF' : INK;
      return (
        `<rect x="${round(box.x)}" y="${round(box.y)}" width="${round(width)}" height="${round(height)}" ` +
        `fill="${fill}" stroke="${NEUTRAL}"><title>${escapeMarkup(`${name}: ${number}`)}</title></rect>` +
        (shading.beyond(i) === 0 ? '' : outline(box)) +
        (world === undefined ? '' : worldCell(world, i, box, ink)) +
        (width >= 44 && height >= 16
          ? text(box.x + width / 2, box.y + height - 7, number, 'middle', ink)
          : '')
      );
    }),
  );
  const labels = rowLabels.map((label, row) => text(left - 6, TOP + (row + 0.5) * height + 4, label, 'end'));
  if (world === undefined) {
    labels.push(
      text(left, bottom + 16, `${columnName} 0`),
      text(WIDTH - 8, bottom + 16, `${columns - 1}`, 'end'),
    );
  }
  const scale = scaleOf(title, shading);
  const drawnWidth = Math.max(left + shown.length * width + 8, scale.end);
  const body = cells.join('') + labels.join('') + scale.svg;
  return svg(title, drawnWidth, bottom + (world === undefined ? 24 : 8), body);
}

/** The shades from lowest to highest value after the title, and the extremes of outlined cells. */
function scaleOf(
  title: string,
  { low, high, extremes: { below, above } }: Shades,
): { readonly svg: string; readonly end: number } {
  // Text cannot be measured without a browser; these widths are approximate.
  const from = 8 + title.length * 8.8 + 16 + formatNumber(low).length * 7;
  const swatches = [0, 0.25, 0.5, 0.75, 1].map(
    (shade, i) =>
      `<rect x="${round(from + i * 16)}" y="9" width="16" height="13" fill="${colorOf(shade)}" stroke="${NEUTRAL}"/>`,
  );
  const reach = [
    ...(below === undefined ? [] : [`down to ${formatNumber(below)}`]),
    ...(above === undefined ? [] : [`up to ${formatNumber(above)}`]),
  ];
  const end = from + 90 + formatNumber(high).length * 7;
  const beyond = `outlined: ${reach.join(', ')}`;
  return {
    svg:
      swatches.join('') +
      text(from - 5, 20, formatNumber(low), 'end') +
      text(from + 85, 20, formatNumber(high)) +
      (reach.length === 0 ? '' : text(end + 10, 20, beyond, 'start', BEYOND)),
    end: reach.length === 0 ? end : end + 20 + beyond.length * 7,
  };
}

/** Drawn within the cell, so that its neighbors do not cover it. */
function outline({ x, y, width, height }: Box): string {
  const inset = Math.min(2, width / 4, height / 4);
  return (
    `<rect x="${round(x + inset / 2)}" y="${round(y + inset / 2)}" width="${round(width - inset)}" ` +
    `height="${round(height - inset)}" fill="none" stroke="${BEYOND}" stroke-width="${round(inset)}" pointer-events="none"/>`
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Arrows with lengths proportional to the actions' probabilities, and the tile's character in the corner. */
function worldCell({ grid, terminal, policy }: World, state: number, box: Box, ink: string): string {
  const { x, y, width: size } = box;
  const parts: string[] = [];
  const tile = grid.tiles?.[state];
  if (size >= 28 && tile !== undefined) parts.push(text(x + 5, y + 14, tile, 'start', ink));
  if (policy === undefined || terminal[state] === 1) return parts.join('');
  const [centerX, centerY] = [x + size / 2, y + size * (size >= 44 ? 0.42 : 0.5)];
  grid.moves.forEach(([down, right], action) => {
    const probability = policy[state * grid.moves.length + action]!;
    if (probability < 0.02) return;
    const length = (probability * 0.34 * size) / (Math.hypot(down, right) || 1);
    parts.push(arrow(centerX, centerY, right * length, down * length, size / 42, ink));
  });
  return parts.join('');
}

/** A line with a head; a dot for an action that does not point to a neighbor. */
function arrow(x: number, y: number, dx: number, dy: number, weight: number, ink: string): string {
  if (dx === 0 && dy === 0)
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(1.5 * weight)}" fill="${ink}"/>`;
  const [toX, toY] = [x + dx, y + dy];
  const head = 0.45 + weight / Math.hypot(dx, dy);
  const corner = (side: number): string =>
    `${round(toX - head * 0.6 * dx + side * head * 0.4 * dy)},${round(toY - head * 0.6 * dy - side * head * 0.4 * dx)}`;
  return (
    `<path d="M${round(x)},${round(y)}L${round(toX)},${round(toY)}M${corner(1)}L${round(toX)},${round(toY)}L${corner(-1)}" ` +
    `stroke="${ink}" stroke-width="${round(weight)}" fill="none" stroke-linecap="round"/>`
  );
}

function barsSvg(figure: BarsFigure): string {
  const { title, bars } = figure;
  const shown = bars.slice(0, MOST_BARS);
  const left = 16 + Math.max(...shown.map(({ label }) => label.length * 6.5));
  const right = WIDTH - 80;
  const finite = shown.map(({ value }) => value).filter(Number.isFinite);
  const low = finite.some((value) => value < 0) ? Math.min(...finite) : 0;
  const high = figure.probabilities ? fullBar(figure) : Math.max(0, ...finite);
  const extent = high - low || 1;
  const at = (value: number): number =>
    left + ((Math.min(high, Math.max(low, value)) - low) / extent) * (right - left);
  const rows = shown.map(({ label, value }, row) => {
    const y = TOP + row * 20;
    const [from, to] = [Math.min(at(0), at(value)), Math.max(at(0), at(value))];
    const bar = `<rect x="${round(from)}" y="${y}" width="${round(to - from)}" height="15" fill="${colorOf(0.6)}"/>`;
    return text(left - 8, y + 12, label, 'end') + bar + text(to + 6, y + 12, formatNumber(value));
  });
  const rest = bars.length - shown.length;
  const more = rest > 0 ? text(left, TOP + shown.length * 20 + 12, `and ${rest} more`) : '';
  const heading = figure.probabilities ? `${title}, a full bar is ${formatNumber(high)}` : title;
  return svg(heading, WIDTH, TOP + (shown.length + (rest > 0 ? 1 : 0)) * 20 + 4, rows.join('') + more);
}

function svg(title: string, width: number, height: number, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" ` +
    `height="${round(height)}" role="img" aria-label="${escapeMarkup(title)}" font-family="${FONT}">` +
    `<rect width="100%" height="100%" fill="#fff"/>` +
    `<text x="8" y="20" fill="${INK}" font-size="14" font-weight="600">${escapeMarkup(title)}</text>${body}</svg>`
  );
}

function text(x: number, y: number, content: string, anchor = 'start', fill = PALE_INK): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${fill}" font-size="11.5" text-anchor="${anchor}">${escapeMarkup(content)}</text>`;
}

function colorOf(shade: number): string {
  const [from, to] = shade < 0.5 ? [RAMP[0], RAMP[1]] : [RAMP[1], RAMP[2]];
  const part = shade < 0.5 ? 2 * shade : 2 * shade - 1;
  return `rgb(${from.map((channel, i) => Math.round(channel + part * (to[i]! - channel))).join(',')})`;
}

/** Rounds coordinates to a hundredth: finer digits only make the file larger. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
