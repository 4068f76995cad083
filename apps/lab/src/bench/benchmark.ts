import { MaxentError } from '@maxent/core';
import type { MachineDescription } from '../machine.js';

/** The measurements of one contender. */
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
  /** For people: how it was measured, and results other than the rows. */
  readonly notes: readonly string[];
  /** Requirements that do not hold, each with the number and its limit; only for benchmarks that judge. */
  readonly failures?: readonly string[];
}

export interface BenchOptions {
  /** Python interpreter with the packages of `peers/requirements.txt`; default MAXENT_PYTHON, then `python3`. */
  readonly python?: string | undefined;
  /** Commit of this repository to measure against, where a benchmark does. */
  readonly against?: string | undefined;
  /** Takes one line about how far the benchmark is. */
  readonly progress?: ((line: string) => void) | undefined;
}

export interface Benchmark {
  readonly description: string;
  /** Throws BenchmarkFailedError if there is nothing to measure or to judge. */
  run(options: BenchOptions): Promise<BenchAnswer>;
}

/**
 * A benchmark could not produce an answer: a side is missing or gives a different result from the other. A number
 * beyond its limit is still an answer, with `failures`.
 */
export class BenchmarkFailedError extends MaxentError {
  readonly code = 'BENCHMARK_FAILED';
}
