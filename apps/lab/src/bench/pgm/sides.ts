import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageDirectory } from '../../machine.js';
import type { Contender } from '../interleave.js';
import { onCore } from '../peers/one-core.js';
import type { WorkerMissing } from '../peers/protocol.js';
import { WorkerProcess } from '../peers/worker-process.js';
import type {
  InnerLoops,
  PeakMemory,
  PgmDescription,
  PgmRequest,
  ProblemName,
  ProblemSize,
  WorkDone,
} from './protocol.js';

/** Least time that a contender works before it is measured. */
const WARM_SECONDS = 2;

/** A worker process of `bench pgm`, ours or a peer's. */
export class Side {
  private constructor(private readonly worker: WorkerProcess) {}

  static ours(core: string, problem: ProblemName, loops: InnerLoops): Side {
    const worker = join(packageDirectory, 'dist/pgm-worker.js');
    return new Side(
      WorkerProcess.start(onCore(core, [process.execPath, '--expose-gc', worker, problem, loops])),
    );
  }

  /** `environment` is in the form NAME=VALUE. */
  static peer(core: string, interpreter: string, peer: string, environment: readonly string[] = []): Side {
    const worker = join(packageDirectory, 'peers/pgm_worker.py');
    return new Side(WorkerProcess.start(onCore(core, ['env', ...environment, interpreter, worker, peer])));
  }

  describe(): Promise<PgmDescription | WorkerMissing> {
    return this.worker.describe<PgmDescription>();
  }

  /** Versions of a side that must be there. Throws BenchmarkFailedError if it is not. */
  async versions(): Promise<Readonly<Record<string, string>>> {
    return (await this.worker.requireDescription<PgmDescription>()).versions;
  }

  make(size: number): Promise<ProblemSize> {
    return this.request({ command: 'make', size });
  }

  async exchange(directory: string): Promise<void> {
    await this.request({ command: 'exchange', directory });
  }

  async work(work: string, count: number): Promise<number> {
    return (await this.request<WorkDone>({ command: 'work', work, count })).seconds;
  }

  async answer(work: string, directory: string): Promise<Float64Array> {
    const path = join(directory, 'answer');
    await this.request({ command: 'answer', work, path });
    const bytes = await readFile(path);
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }

  async peakMebibytes(): Promise<number> {
    return (await this.request<PeakMemory>({ command: 'memory' })).peakBytes / 2 ** 20;
  }

  close(): Promise<void> {
    return this.worker.close();
  }

  /** Milliseconds for each of `count` pieces of work. */
  contender(label: string, work: string, count: number): Contender {
    return {
      label,
      unit: 'ms',
      warmUp: async () => {
        let seconds = 0;
        while (seconds < WARM_SECONDS) seconds += await this.work(work, count);
      },
      measure: async () => (1000 * (await this.work(work, count))) / count,
    };
  }

  private request<Reply>(request: PgmRequest): Promise<Reply> {
    return this.worker.request<Reply>(request);
  }
}
