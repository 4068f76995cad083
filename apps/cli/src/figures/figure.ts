import type { Grid } from '@maxent/core';
import type { Series } from '@maxent/training/report';

/** A gridworld's own features, drawn into its cells. */
export interface World {
  readonly grid: Grid;
  /** 1 for states without a decision; they get no arrows and do not stretch the scale. */
  readonly terminal: Uint8Array;
  /** p(a | s), [states, actions], for arrows. */
  readonly policy?: Float64Array;
}

/** A table of numbers as shaded cells: the states of a gridworld, or a matrix with a name for each row. */
export interface CellsFigure {
  readonly kind: 'cells';
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  /** Row-major, [rows, columns]. */
  readonly values: Float64Array;
  /** Whether the values are probabilities: then the palest shade is 0, else the lowest value. */
  readonly probabilities: boolean;
  /** The scale, if figures are to share one: see `cellsRange`. */
  readonly range?: readonly [low: number, high: number];
  readonly world?: World;
  /** The same figure at other times; then `values` and the world's policy are those of the first. */
  readonly film?: Film;
  /** One for each row, if there is no world. */
  readonly rowLabels?: readonly string[];
  /** What the columns count from 0, if there is no world. */
  readonly columnName?: string;
  /** A name for each column, instead. */
  readonly columnLabels?: readonly string[];
  /** Whether it is one of a few alike, which a wide page shows side by side. */
  readonly beside?: boolean;
}

/** What a figure of cells shows at each of some times. */
export interface Film {
  readonly times: readonly number[];
  /** [times, cells] */
  readonly values: Float64Array;
  /** [times, cells, actions] */
  readonly policy?: Float64Array;
}

/** The figure at one of the times of its film, with the time in its title. */
export function frameOf(figure: CellsFigure, film: Film, frame: number): CellsFigure {
  const { world } = figure;
  const cells = figure.rows * figure.columns;
  const { film: _, ...rest } = figure;
  const policy = film.policy?.subarray(
    (frame * film.policy.length) / film.times.length,
    ((frame + 1) * film.policy.length) / film.times.length,
  );
  return {
    ...rest,
    title: `${figure.title} at t = ${film.times[frame]}`,
    values: film.values.subarray(frame * cells, (frame + 1) * cells),
    ...(world && { world: { ...world, ...(policy && { policy }) } }),
  };
}

export interface LinesFigure {
  readonly kind: 'lines';
  readonly title: string;
  readonly xLabel: string;
  readonly series: readonly Series[];
}

export interface BarsFigure {
  readonly kind: 'bars';
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Whether the values are probabilities: then a full bar is a power of ten. */
  readonly probabilities: boolean;
}

export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** What `--plot` draws as text and `--html` as SVG. */
export type Figure = CellsFigure | LinesFigure | BarsFigure;

export interface Shades {
  /** The values of the palest and the darkest shade. Terminal states do not stretch the scale. */
  readonly low: number;
  readonly high: number;
  /** How dark a cell is, from 0 to 1; null for a terminal state, whose V is not a choice. */
  readonly of: (cell: number) => number | null;
  /** 1 for a cell above the scale and -1 for one below it, which have to be marked; 0 otherwise. */
  readonly beyond: (cell: number) => -1 | 0 | 1;
  /** The lowest value below the scale and the highest above it, if any. */
  readonly extremes: { readonly below?: number; readonly above?: number };
}

/** The lowest and highest value of figures that are to be compared; terminal states do not stretch it. */
export function cellsRange(figures: readonly CellsFigure[]): readonly [low: number, high: number] {
  let low = figures.some(({ probabilities }) => probabilities) ? 0 : Infinity;
  let high = -Infinity;
  for (const { values, world } of figures) {
    values.forEach((value, i) => {
      if (!Number.isFinite(value) || world?.terminal[i] === 1) return;
      low = Math.min(low, value);
      high = Math.max(high, value);
    });
  }
  // If no value is left to set the scale, any scale will do.
  if (high === -Infinity || (low === 0 && high === 0 && figures[0]!.probabilities))
    return [Math.min(low, 0), 1];
  // What rounding leaves of 0 is not worth a place on the scale.
  return [Math.abs(low) < 1e-12 * high ? 0 : low, high];
}

/** How the cells of a figure are shaded. */
export function shades(figure: CellsFigure): Shades {
  const { values, world } = figure;
  const [low, high] = figure.range ?? cellsRange([figure]);
  const extent = high - low || 1;
  const undecided = (cell: number): boolean => world?.policy !== undefined && world.terminal[cell] === 1;
  const of = (cell: number): number | null =>
    undecided(cell) ? null : Math.min(1, Math.max(0, (values[cell]! - low) / extent));
  const beyond = (cell: number): -1 | 0 | 1 => {
    if (undecided(cell)) return 0;
    return values[cell]! > high ? 1 : values[cell]! < low ? -1 : 0;
  };
  const above = values.filter((_, cell) => beyond(cell) === 1);
  const below = values.filter((_, cell) => beyond(cell) === -1);
  const extremes = {
    ...(below.length > 0 && { below: below.reduce((least, value) => Math.min(least, value)) }),
    ...(above.length > 0 && { above: above.reduce((most, value) => Math.max(most, value)) }),
  };
  return { low, high, of, beyond, extremes };
}

/**
 * The value that fills a bar: for probabilities, 1 or the smallest power of ten above all of them; else the largest
 * absolute value.
 */
export function fullBar({ bars, probabilities }: BarsFigure): number {
  const sizes = bars.map(({ value }) => Math.abs(value)).filter(Number.isFinite);
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0) || 1;
  return probabilities ? 10 ** Math.min(0, Math.ceil(Math.log10(largest))) : largest;
}

/** At most `limit` of the numbers 0 to `count` - 1, evenly spaced. */
export function evenly(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: limit }, (_, i) => Math.floor((i * count) / limit));
}
