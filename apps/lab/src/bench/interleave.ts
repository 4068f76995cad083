import { median } from '../statistics.js';
import type { BenchRow } from './benchmark.js';

export interface Contender {
  readonly label: string;
  readonly unit: string;
  /** Brings the contender to its full speed; not measured. */
  warmUp(): void | Promise<void>;
  /** One measurement, in `unit`. */
  measure(): number | Promise<number>;
}

export interface InterleavingOptions {
  readonly rounds: number;
  readonly progress?: ((line: string) => void) | undefined;
}

/**
 * Measures contenders in alternation, so that a machine that slows down or is disturbed for a while does so for all
 * of them: after every contender's warm-up, `rounds` rounds of one measurement each, every other round in reverse.
 */
export async function measureInterleaved(
  contenders: readonly Contender[],
  { rounds, progress }: InterleavingOptions,
): Promise<BenchRow[]> {
  for (const contender of contenders) {
    progress?.(`warming up ${contender.label}`);
    await contender.warmUp();
  }
  const runs = new Map<string, number[]>(contenders.map(({ label }) => [label, []]));
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order) {
      const value = await contender.measure();
      runs.get(contender.label)!.push(value);
      progress?.(
        `round ${round + 1}/${rounds}: ${contender.label} ${value.toPrecision(4)} ${contender.unit}`,
      );
    }
  }
  return contenders.map(({ label, unit }) => {
    const values = runs.get(label)!;
    return { label, median: median(values), unit, runs: values };
  });
}
