import { formatNumber } from '@maxent/training/report';
import { displayWidth, padEnd } from '../output/display-width.js';
import { directionOf } from './direction.js';
import {
  type BarsFigure,
  type CellsFigure,
  evenly,
  type Figure,
  frameOf,
  fullBar,
  type LinesFigure,
  type Shades,
  shades,
  type World,
} from './figure.js';

export interface TerminalStyle {
  /** Whether shades may be background colors; otherwise blocks of eight heights represent them. */
  readonly colors: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Eighths of a character's height, and of its width. */
const HEIGHTS = ' ▁▂▃▄▅▆▇█';
const WIDTHS = ' ▏▎▍▌▋▊▉█';
/** From pale to dark in the 256-color palette, and a gray. */
const PALETTE = [255, 195, 153, 117, 110, 74, 67, 31, 25, 18];
const NEUTRAL = 250;
const MOST_BARS = 40;
/** Figures are never drawn narrower than this; lines wrap in a narrower terminal. */
const LEAST_WIDTH = 20;

/** Figures as text, one below another. */
export function drawInTerminal(figures: readonly Figure[], { colors, width }: TerminalStyle): string {
  const style = { colors, width: Math.max(width, LEAST_WIDTH) };
  return figures
    .flatMap(framesOf)
    .map((figure) => `${drawFigure(figure, style).join('\n')}\n`)
    .join('\n');
}

/** A film as its first frame, one in the middle and the last, on one scale. */
function framesOf(figure: Figure): Figure[] {
  if (figure.kind !== 'cells' || figure.film === undefined) return [figure];
  const { film } = figure;
  const last = film.times.length - 1;
  return [...new Set([0, Math.floor(last / 2), last])].map((frame) => frameOf(figure, film, frame));
}

function drawFigure(figure: Figure, style: TerminalStyle): string[] {
  switch (figure.kind) {
    case 'cells':
      return drawCells(figure, style);
    case 'lines':
      return drawLines(figure, style);
    case 'bars':
      return drawBars(figure, style);
  }
}

function drawCells(figure: CellsFigure, style: TerminalStyle): string[] {
  const scale = shades(figure);
  const { title, rows, columns, world, rowLabels = [] } = figure;
  const gutter = Math.max(0, ...rowLabels.map((label) => displayWidth(label) + 2));
  const text = cellText(figure, style.width - gutter);
  const shown = evenly(columns, Math.max(1, Math.floor((style.width - gutter) / text.width)));
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = shown.map((column) => {
      const i = row * columns + column;
      return shaded(text.of(i), scale.of(i), scale.beyond(i), style);
    });
    return padEnd(rowLabels[row] ?? '', gutter) + cells.join('').trimEnd();
  });
  const note =
    world !== undefined && shown.length < columns ? ` (${shown.length} of ${columns} columns)` : '';
  const axis = columnsInWords(figure, style.width - gutter);
  const below = axis === undefined ? [] : [`${' '.repeat(gutter)}${axis}`];
  return [`${title}, ${scaleInWords(scale)}${note}`, ...lines, ...below];
}

/** What the columns are: their names if there is room for them, else the first and the last. */
function columnsInWords(
  { columns, columnName, columnLabels }: CellsFigure,
  room: number,
): string | undefined {
  if (columnLabels !== undefined) {
    const names = columnLabels.join(', ');
    return displayWidth(names) <= room ? names : `${columnLabels[0]} to ${columnLabels.at(-1)}`;
  }
  return columnName === undefined ? undefined : `${columnName} 0 to ${columns - 1}`;
}

/** The ends of the scale, and the marks of values beyond them. */
function scaleInWords({ low, high, extremes: { below, above } }: Shades): string {
  return [
    `from ${formatNumber(low)} to ${formatNumber(high)}`,
    ...(below === undefined ? [] : [`${BEYOND[0]} down to ${formatNumber(below)}`]),
    ...(above === undefined ? [] : [`${BEYOND[2]} up to ${formatNumber(above)}`]),
  ].join(', ');
}

/** The text in a cell next to its shade: number and arrow, only an arrow, or nothing, depending on the room. */
function cellText(
  { values, columns, world }: CellsFigure,
  room: number,
): { readonly width: number; readonly of: (i: number) => string } {
  if (world === undefined) return { width: 1, of: () => '' };
  const mark = (i: number): string => markOf(world, i);
  const isWall = (i: number): boolean => world.grid.tiles?.[i] === '#';
  for (const digits of [3, 2]) {
    const numbers = Array.from(values, (value) => shortNumber(value, digits));
    const widest = numbers.reduce((most, { length }) => Math.max(most, length), 0);
    // A shade, a space, the number, perhaps a mark, and a space.
    const width = widest + (world.policy === undefined ? 3 : 4);
    const of = (i: number): string =>
      isWall(i)
        ? `${WALL.repeat(width - 2)} `
        : world.policy !== undefined && world.terminal[i] === 1
          ? ` ${mark(i).padEnd(width - 2)}`
          : `${numbers[i]!.padStart(widest + 1)}${world.policy === undefined ? '' : mark(i)} `;
    if (width * columns <= room) return { width, of };
  }
  return 2 * columns <= room ? { width: 2, of: mark } : { width: 1, of: () => '' };
}

/** Marks of cells below, on and above the scale. */
const BEYOND = ['-', ' ', '+'] as const;

function shaded(text: string, shade: number | null, beyond: -1 | 0 | 1, { colors }: TerminalStyle): string {
  const mark = BEYOND[beyond + 1]!;
  if (!colors) return (beyond === 0 ? HEIGHTS[Math.round((shade ?? 0) * 8)]! : mark) + text;
  const index = Math.round((shade ?? 0) * (PALETTE.length - 1));
  const ink = index < 6 ? 16 : 231;
  return `\u001b[38;5;${ink};48;5;${shade === null ? NEUTRAL : PALETTE[index]}m${mark}${text}\u001b[0m`;
}

/** Fills walls. */
const WALL = '▒';

/** A terminal tile's character, else the arrow of the most probable action, or the mean direction of tied ones. */
function markOf({ grid, terminal, policy }: World, state: number): string {
  const tile = grid.tiles?.[state];
  if (tile === '#') return WALL;
  if (terminal[state] === 1 || policy === undefined) return tile ?? ' ';
  const actionCount = grid.moves.length;
  const row = policy.subarray(state * actionCount, (state + 1) * actionCount);
  const most = Math.max(...row);
  let down = 0;
  let right = 0;
  grid.moves.forEach((move, action) => {
    if (row[action]! < most - 1e-9) return;
    down += move[0];
    right += move[1];
  });
  return directionOf([down, right]).arrow;
}

/** About `digits` significant digits, and at most that many decimals. */
function shortNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const size = Math.abs(value);
  if (size >= 1e5) return value.toExponential(0).replace('e+', 'e');
  const wholeDigits = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  // Adding 0 turns -0 into 0.
  return String(Number(value.toFixed(Math.max(0, digits - wholeDigits))) + 0);
}

/** All series on one scale, in as many columns as there is room; a column without a point stays empty. */
function drawLines({ title, xLabel, series }: LinesFigure, { width }: TerminalStyle): string[] {
  const widest = Math.max(...series.map(({ label }) => displayWidth(label)));
  const points = series.flatMap((one) => one.points);
  const [first, last] = rangeOf(points.map(({ x }) => x));
  const [low, high] = rangeOf(points.map(({ y }) => y).filter(Number.isFinite));
  const most = points.reduce((count, { x }) => (Number.isInteger(x) ? count : 60), last - first + 1);
  const columns = Math.max(1, Math.min(60, most, Math.max(8, width - widest - 26)));
  const columnOf = (x: number): number =>
    last === first ? 0 : Math.round(((x - first) / (last - first)) * (columns - 1));
  const lines = series.map(({ label, points }) => {
    const cells = Array.from({ length: columns }, () => ' ');
    for (const { x, y } of points) {
      const part = (y - low) / (high - low || 1);
      cells[columnOf(x)] = HEIGHTS[1 + Math.round(Math.min(1, Math.max(0, part)) * 7)]!;
    }
    const [least, greatest] = rangeOf(points.map(({ y }) => y));
    const extent = points.length === 0 ? 'none' : `${formatNumber(least)} to ${formatNumber(greatest)}`;
    return `${padEnd(label, widest)}  ${cells.join('')}  ${extent}`;
  });
  const scale =
    series.length > 1 && points.length > 0
      ? `, on a scale from ${formatNumber(low)} to ${formatNumber(high)}`
      : '';
  return [`${title}, over ${xLabel}${scale}`, ...lines];
}

function rangeOf(values: readonly number[]): [low: number, high: number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

function drawBars(figure: BarsFigure, { width }: TerminalStyle): string[] {
  const { title, bars } = figure;
  const shown = bars.slice(0, MOST_BARS);
  const labels = Math.max(...shown.map(({ label }) => displayWidth(label)));
  const numbers = shown.map(({ value }) => formatNumber(value));
  const room = Math.max(
    8,
    Math.min(30, width - labels - 4 - Math.max(...numbers.map(({ length }) => length))),
  );
  const full = fullBar(figure);
  const lines = shown.map(({ label, value }, i) => {
    const bar = barOf(Math.min(Math.abs(value) / full, 1), value < 0, room);
    return `${padEnd(label, labels)}  ${bar}  ${numbers[i]}`;
  });
  const negative = shown.some(({ value }) => value < 0) ? `, ${NEGATIVE} below 0` : '';
  const rest = bars.length - shown.length;
  return [
    `${title}, a full bar is ${formatNumber(full)}${negative}`,
    ...lines,
    ...(rest > 0 ? [`and ${rest} more; --json shows all`] : []),
  ];
}

const NEGATIVE = '▒';

/**
 * A bar over a part of `room` characters: in eighths of a character, or, for values below 0, in whole characters of
 * another kind.
 */
function barOf(part: number, negative: boolean, room: number): string {
  if (negative) return NEGATIVE.repeat(Math.ceil(part * room)).padEnd(room);
  const eighths = Math.round(part * room * 8);
  return ('█'.repeat(Math.floor(eighths / 8)) + (eighths % 8 > 0 ? WIDTHS[eighths % 8] : '')).padEnd(room);
}
