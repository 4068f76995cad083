import { MaxentError } from '@maxent/core';
import type { MachineDescription } from '../machine.js';

/** What was measured of one contender. */
export interface BenchRow {
  readonly label: string;
  readonly median: number;
  readonly unit: string;
  /** The single measurements, in the order they were taken. */
  readonly runs: readonly number[];
  /** Useful arithmetic per second at the median, where it was counted. */
  readonly gigaflopsPerSecond?: number;
}

/** What `lab bench NAME --json` prints. Benchmarks add fields of their own. */
export interface BenchAnswer {
  readonly name: string;
  readonly machine: MachineDescription;
  readonly versions: Readonly<Record<string, string>>;
  readonly rows: readonly BenchRow[];
  /** Quotients and other numbers without a unit. */
  readonly ratios: Readonly<Record<string, number>>;
  /** For people: how it was measured, and what came out beside the rows. */
  readonly notes: readonly string[];
  /** What must hold and does not, each with the number and its limit; only of benchmarks that judge. */
  readonly failures?: readonly string[];
}

export interface BenchOptions {
  /** Python interpreter with the packages of `peers/requirements.txt`; default MAXENT_PYTHON, then `python3`. */
  readonly python?: string | undefined;
  /** Takes one line about how far the benchmark is. */
  readonly progress?: ((line: string) => void) | undefined;
}

export interface Benchmark {
  readonly description: string;
  /** Throws BenchmarkFailedError when there is nothing to measure or to judge. */
  run(options: BenchOptions): Promise<BenchAnswer>;
}

/**
 * A benchmark could not come to an answer: a side is missing or gives something else than the other. A number beyond its
 * limit is an answer too, with `failures`.
 */
export class BenchmarkFailedError extends MaxentError {
  readonly code = 'BENCHMARK_FAILED';
}
