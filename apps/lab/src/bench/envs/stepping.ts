import type { Contender } from '../interleave.js';
import type { WorkerProcess } from '../peers/worker-process.js';
import type { Arrangement, EnvsRequest, Stepped } from './protocol.js';

interface Durations {
  readonly warmUp: number;
  readonly measured: number;
}

/** Seconds. */
const SHORT: Durations = { warmUp: 0.5, measured: 0.2 };

export interface SteppedTask {
  readonly id: string;
  readonly arrangement: Arrangement;
  readonly environments: number;
}

/** Steps per second of processes that step the same task at once, each its own environments; together. */
export function stepping(
  workers: readonly WorkerProcess[],
  label: string,
  task: SteppedTask,
  { warmUp, measured } = SHORT,
): Contender {
  const stepFor = async (duration: number): Promise<number> => {
    const request: EnvsRequest = { command: 'step', ...task, seconds: duration };
    const speeds = workers.map(async (worker) => {
      const { steps, seconds } = await worker.request<Stepped>(request);
      return steps / seconds;
    });
    return (await Promise.all(speeds)).reduce((sum, speed) => sum + speed, 0);
  };
  return {
    label,
    unit: 'steps/s',
    warmUp: async () => {
      await stepFor(warmUp);
    },
    measure: () => stepFor(measured),
  };
}
