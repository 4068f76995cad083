import { BenchmarkFailedError } from '../benchmark.js';
import { updates } from './watched-run.js';

/** Memory in use at one moment of a run. */
export interface MemorySample {
  /** Gradient steps taken by then. */
  readonly updates: number;
  readonly tensors: number;
  readonly residentBytes: number;
}

/** The stretch of a run in which memory must not grow. */
export const watched = { from: 5000, to: updates };

/** Largest change of resident memory over the stretch. */
const RESIDENT_TOLERANCE = 0.05;

/**
 * The samples of the stretch. Throws BenchmarkFailedError when the number of tensors changes in it, or when resident
 * memory at its end differs by more than 5 % from that at its beginning.
 */
export function judgeMemory(samples: readonly MemorySample[]): readonly MemorySample[] {
  const inside = samples.filter(({ updates }) => updates >= watched.from && updates <= watched.to);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first?.updates !== watched.from || last?.updates !== watched.to) {
    throw new BenchmarkFailedError(
      `expected samples from update ${watched.from} to ${watched.to}, got ${samples.map(({ updates }) => updates).join(', ')}`,
    );
  }
  const counts = inside.map(({ tensors }) => tensors);
  if (new Set(counts).size > 1) {
    throw new BenchmarkFailedError(`the number of tensors changes: ${counts.join(', ')}`);
  }
  const change = last.residentBytes / first.residentBytes - 1;
  if (!(Math.abs(change) <= RESIDENT_TOLERANCE)) {
    throw new BenchmarkFailedError(
      `resident memory changes by ${(100 * change).toFixed(1)} % from update ${watched.from} to ${watched.to}, ` +
        `more than ${100 * RESIDENT_TOLERANCE} %: ${inside.map(({ residentBytes }) => mebibytes(residentBytes)).join(', ')} MiB`,
    );
  }
  return inside;
}

export function mebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10;
}
