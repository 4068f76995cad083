import { join } from 'node:path';
import type { Check } from '../../checks.js';
import { packageDirectory } from '../../machine.js';
import { median } from '../../statistics.js';
import type { BenchOptions, BenchRow } from '../benchmark.js';
import { measureInterleaved } from '../interleave.js';
import { WorkerProcess } from '../peers/worker-process.js';
import type { Arrangement } from './protocol.js';
import { stepping } from './stepping.js';

/** Steps per second of two threads divided by those of two processes that need not wait for each other. */
const SMALLEST_PART = 0.85;

/** More rounds than elsewhere: on a shared machine the second core is only sometimes free. */
export const SPEEDUP_ROUNDS = 15;

/** Seconds. Longer than elsewhere: what V8 compiles in the background at first takes a core from one of two threads. */
const LONG = { warmUp: 2, measured: 0.5 };

export interface Speedup {
  readonly rows: readonly BenchRow[];
  /** Medians of the quotients of neighboring runs. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly check: Check;
}

/**
 * A vector in two threads, the main one and a worker thread, against one, and next to it processes that need not wait
 * for each other: two, each with half of the environments, over one of them is the most that this machine can give. What
 * a vector loses against the two is what its exchange costs.
 */
export async function measureSpeedup(
  id: string,
  vector: number,
  progress: BenchOptions['progress'],
): Promise<Speedup> {
  const start = (): WorkerProcess =>
    WorkerProcess.start([process.execPath, join(packageDirectory, 'dist/envs-worker.js')]);
  const [ours, first, second] = [start(), start(), start()];
  const half = { id, arrangement: 'sync', environments: vector / 2 } as const;
  const inThreads = (arrangement: Arrangement, name: string) =>
    stepping([ours], `speedup, ${vector} x ${id}: ${name}`, { id, arrangement, environments: vector }, LONG);
  try {
    const rows = await measureInterleaved(
      [
        inThreads('sync', 'one thread'),
        inThreads('two threads', 'two threads'),
        stepping([first], `speedup, ${vector / 2} x ${id}: one process`, half, LONG),
        stepping([first, second], `speedup, 2 x ${vector / 2} x ${id}: two processes`, half, LONG),
      ],
      { rounds: SPEEDUP_ROUNDS, progress },
    );
    const over = (one: BenchRow, other: BenchRow): number =>
      median(one.runs.map((speed, round) => speed / other.runs[round]!));
    const [oneThread, twoThreads, oneProcess, twoProcesses] = rows as [
      BenchRow,
      BenchRow,
      BenchRow,
      BenchRow,
    ];
    const name = `${id} twoThreadsOverTwoProcesses`;
    const value = over(twoThreads, twoProcesses);
    return {
      rows,
      ratios: {
        [name]: value,
        [`${id} twoThreadsOverOne`]: over(twoThreads, oneThread),
        [`${id} twoProcessesOverOne`]: over(twoProcesses, oneProcess),
      },
      check: { name, value, limit: SMALLEST_PART, must: 'be at least' },
    };
  } finally {
    await Promise.all([ours, first, second].map((worker) => worker.close()));
  }
}
