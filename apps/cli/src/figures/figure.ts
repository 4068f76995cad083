import type { Grid } from '@maxent/core';
import type { Series } from '@maxent/training/report';

/** A gridworld's own features, to be drawn into its cells. */
export interface World {
  readonly grid: Grid;
  /** 1 for states where nothing is decided; they get no arrows and do not stretch the scale. */
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
  readonly world?: World;
  /** One for each row, where there is no world. */
  readonly rowLabels?: readonly string[];
  /** What the columns count from 0, where there is no world. */
  readonly columnName?: string;
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
}

export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** What `--plot` draws as text and `--html` as SVG. */
export type Figure = CellsFigure | LinesFigure | BarsFigure;

/** How dark each cell is, from 0 to 1, and between which values; null for terminal states, whose V is no choice. */
export function shades({ values, probabilities, world }: CellsFigure): {
  readonly low: number;
  readonly high: number;
  readonly of: (cell: number) => number | null;
} {
  let low = probabilities ? 0 : Infinity;
  let high = -Infinity;
  const widen = (value: number): void => {
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  values.forEach((value, i) => {
    if (Number.isFinite(value) && world?.terminal[i] !== 1) widen(value);
  });
  // Where nothing is left to tell the scale by, any will do.
  if (probabilities && !(high > 0)) widen(1);
  if (high === -Infinity) widen(0);
  const extent = high - low || 1;
  const of = (cell: number): number | null =>
    world?.policy !== undefined && world.terminal[cell] === 1
      ? null
      : Math.min(1, Math.max(0, (values[cell]! - low) / extent));
  return { low, high, of };
}

/** At most `limit` of the numbers 0 to `count` - 1, evenly spaced. */
export function evenly(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: limit }, (_, i) => Math.floor((i * count) / limit));
}
