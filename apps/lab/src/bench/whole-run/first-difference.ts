/** One row of a run's metrics.jsonl. */
export type Row = Readonly<Record<string, unknown>>;

const WALL_CLOCK_FIELDS: readonly string[] = ['wallSeconds', 'stepsPerSecond'];

/** The first difference between the rows of two runs, wall-clock fields apart; undefined if there is none. */
export function firstDifference(rows: readonly Row[], others: readonly Row[]): string | undefined {
  for (const [i, row] of rows.entries()) {
    const other = others[i];
    if (other === undefined) return `it ends after ${i} rows of ${rows.length}`;
    for (const field of new Set([...Object.keys(row), ...Object.keys(other)])) {
      if (WALL_CLOCK_FIELDS.includes(field)) continue;
      const [value, otherValue] = [row[field], other[field]].map((each) => JSON.stringify(each));
      if (value !== otherValue) return `row ${i + 1}: ${field} is ${otherValue}, not ${value}`;
    }
  }
  return others.length > rows.length ? `it goes on after row ${rows.length}` : undefined;
}
