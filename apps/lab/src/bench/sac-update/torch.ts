import { join } from 'node:path';
import { packageDirectory } from '../../machine.js';
import type { Contender } from '../interleave.js';
import { WorkerProcess } from '../peers/worker-process.js';
import type { ContenderOptions } from './contenders.js';

/** Eager PyTorch with one thread, in a process of its own. */
export class Torch {
  private constructor(
    private readonly worker: WorkerProcess,
    readonly versions: Readonly<Record<string, string>>,
  ) {}

  /** Starts a worker of `peers/`; or says why it is absent. */
  static async start(
    python: string,
    file = 'sac_update_worker.py',
  ): Promise<Torch | { readonly absent: string }> {
    const worker = WorkerProcess.start([python, join(packageDirectory, 'peers', file)]);
    const description = await worker.describe<{ versions: Record<string, string> }>();
    if (!('missing' in description)) return new Torch(worker, description.versions);
    await worker.close();
    return { absent: description.missing };
  }

  /** `sizes` are what the worker prepares itself for. */
  contender(
    options: Pick<ContenderOptions, 'label' | 'updates' | 'warmMilliseconds'> & { readonly sizes: object },
  ): Contender {
    const { label, sizes, updates, warmMilliseconds } = options;
    const seconds = async (count: number) =>
      (await this.worker.request<{ seconds: number }>({ command: 'updates', count })).seconds;
    return {
      label,
      unit: 'ms/update',
      warmUp: async () => {
        await this.worker.request({ command: 'prepare', ...sizes });
        const end = performance.now() + warmMilliseconds;
        do await seconds(Math.min(updates, 3));
        while (performance.now() < end);
      },
      measure: async () => (1000 * (await seconds(updates))) / updates,
    };
  }

  close(): Promise<void> {
    return this.worker.close();
  }
}
