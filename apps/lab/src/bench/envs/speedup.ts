import { join } from 'node:path';
import { packageDirectory } from '../../machine.js';
import { median } from '../../statistics.js';
import type { BenchOptions, BenchRow } from '../benchmark.js';
import { measureInterleaved } from '../interleave.js';
import { WorkerProcess } from '../peers/worker-process.js';
import { stepping } from './stepping.js';

/** More rounds than elsewhere: on a shared machine the second core is only sometimes free. */
export const SPEEDUP_ROUNDS = 15;

export interface Speedup {
  readonly rows: readonly BenchRow[];
  /** Medians of the quotients of neighboring runs. */
  readonly twoWorkersOverOne: number;
  /** Two processes, each with half of the environments, over one of them: the most that this machine can give. */
  readonly twoProcessesOverOne: number;
}

/**
 * A vector in two worker threads against one, and next to it processes that need not wait for each other. No vector can
 * scale better than they do.
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
  const inWorkers = (arrangement: 'one worker' | 'two workers') =>
    stepping([ours], `speedup, ${vector} x ${id}: ${arrangement}`, { id, arrangement, environments: vector });
  try {
    const rows = await measureInterleaved(
      [
        inWorkers('one worker'),
        inWorkers('two workers'),
        stepping([first], `speedup, ${vector / 2} x ${id}: one process`, half),
        stepping([first, second], `speedup, 2 x ${vector / 2} x ${id}: two processes`, half),
      ],
      { rounds: SPEEDUP_ROUNDS, progress },
    );
    const over = (two: BenchRow, one: BenchRow): number =>
      median(two.runs.map((speed, round) => speed / one.runs[round]!));
    return {
      rows,
      twoWorkersOverOne: over(rows[1]!, rows[0]!),
      twoProcessesOverOne: over(rows[3]!, rows[2]!),
    };
  } finally {
    await Promise.all([ours, first, second].map((worker) => worker.close()));
  }
}
