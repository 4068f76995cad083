import type { Point, Series } from '@maxent/training/report';
import { type CellsFigure, evenly, type LinesFigure } from './figure.js';

const MOST_POINTS = 400;

/** The first columns of values over time, [times, columnCount], as one named row each. */
export function overTime(
  title: string,
  values: Float64Array,
  columnCount: number,
  rowLabels: readonly string[],
  probabilities: boolean,
): CellsFigure {
  const times = values.length / columnCount;
  const rows = rowLabels.length;
  const transposed = new Float64Array(rows * times);
  for (let t = 0; t < times; t++) {
    for (let row = 0; row < rows; row++) transposed[row * times + t] = values[t * columnCount + row]!;
  }
  return {
    kind: 'cells',
    title,
    rows,
    columns: times,
    values: transposed,
    probabilities,
    rowLabels,
    columnName: 't',
  };
}

export function linesOverTime(title: string, series: readonly Series[]): LinesFigure {
  return { kind: 'lines', title, xLabel: 't', series };
}

/** One line through `count` times, or through as many of them as a picture can show. */
export function seriesOverTime(
  label: string,
  count: number,
  pointAt: (t: number) => Omit<Point, 'x'>,
): Series {
  return { label, points: evenly(count, MOST_POINTS).map((t) => ({ x: t, ...pointAt(t) })) };
}
