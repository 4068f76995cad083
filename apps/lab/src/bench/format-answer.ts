import { describeKernels } from '../machine.js';
import type { BenchAnswer } from './benchmark.js';

/** The answer for people: machine, rows with medians and range, ratios, notes, and what does not hold. */
export function formatBenchAnswer({
  name,
  machine,
  rows,
  ratios,
  notes,
  failures = [],
}: BenchAnswer): string {
  const { processor, cores, node } = machine;
  const head = `${name} on ${processor}, ${cores} core${cores === 1 ? '' : 's'}, Node ${node}, kernels ${describeKernels(machine)}`;
  const table = rows.map(({ label, median, unit, runs, gigaflopsPerSecond }) => [
    label,
    `${significant(median)} ${unit}`,
    runs.length > 1 ? `(${significant(Math.min(...runs))} to ${significant(Math.max(...runs))})` : '',
    gigaflopsPerSecond === undefined ? '' : `${significant(gigaflopsPerSecond)} GFLOP/s`,
  ]);
  const quotients = Object.entries(ratios).map(([label, value]) => [label, significant(value)]);
  const failed = failures.map((failure) => `FAILED: ${failure}`);
  const parts = [[head], columns(table), columns(quotients), notes, failed].filter(
    ({ length }) => length > 0,
  );
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Four significant digits, without an exponent for the numbers that benchmarks give. */
function significant(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

function columns(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}
