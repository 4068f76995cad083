import { median } from '../../statistics.js';
import { BenchmarkFailedError } from '../benchmark.js';
import { updates } from './watched-run.js';

/** Memory in use at one moment of a run. */
export interface MemorySample {
  /** Gradient steps taken by then. */
  readonly updates: number;
  readonly tensors: number;
  readonly residentBytes: number;
}

/** Updates between which memory must not grow, each with the updates over which it is averaged by the median. */
export const watched = { from: 5000, to: updates, over: 1000 };

/** Largest change of resident memory. */
const RESIDENT_TOLERANCE = 0.05;

export interface MemoryVerdict {
  /** The samples from update 5,000 on. */
  readonly watched: readonly MemorySample[];
  /** Median resident bytes over updates 5,000 to 6,000 and over the last 1,000. */
  readonly start: number;
  readonly end: number;
  readonly failures: readonly string[];
}

/**
 * Judges the samples from update 5,000 on. Fails if the number of tensors changes among them, or if resident memory at
 * the end differs by more than 5 % from its value at the beginning. Both values are medians over 1,000 updates: V8
 * compiles and collects in the background, which moves single samples by a few percent. Throws BenchmarkFailedError if
 * samples are missing.
 */
export function judgeMemory(samples: readonly MemorySample[]): MemoryVerdict {
  const { from, to, over } = watched;
  const within = (low: number, high: number): MemorySample[] =>
    samples.filter(({ updates }) => updates >= low && updates <= high);
  const inside = within(from, to);
  if (inside[0]?.updates !== from || inside.at(-1)?.updates !== to) {
    throw new BenchmarkFailedError(
      `expected samples from update ${from} to ${to}, got ${samples.map(({ updates }) => updates).join(', ')}`,
    );
  }
  const failures: string[] = [];
  const counts = new Set(inside.map(({ tensors }) => tensors));
  if (counts.size > 1) failures.push(`the number of tensors changes: ${[...counts].join(', ')}`);
  const residentOf = (part: MemorySample[]): number => median(part.map(({ residentBytes }) => residentBytes));
  const start = residentOf(within(from, from + over));
  const end = residentOf(within(to - over, to));
  const change = end / start - 1;
  if (!(Math.abs(change) <= RESIDENT_TOLERANCE)) {
    failures.push(
      `resident memory changes by ${(100 * change).toFixed(1)} % from update ${from} to ${to}, ` +
        `more than ${100 * RESIDENT_TOLERANCE} %: ${inside.map(({ residentBytes }) => mebibytes(residentBytes)).join(', ')} MiB`,
    );
  }
  return { watched: inside, start, end, failures };
}

export function mebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}
