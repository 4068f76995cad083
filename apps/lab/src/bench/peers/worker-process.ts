import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { BenchmarkFailedError } from '../benchmark.js';
import type { Work, WorkerMeasurement, WorkerMissing, WorkerRequest } from './protocol.js';

const KEPT_ERROR_CHARACTERS = 2000;

/** One side of the comparison: a process that works on request and is idle in between. */
export class WorkerProcess {
  private readonly lines: AsyncIterator<string>;
  private errors = '';
  private spawnError: Error | undefined;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (data: Buffer) => {
      this.errors = (this.errors + data.toString()).slice(-KEPT_ERROR_CHARACTERS);
    });
    child.on('error', (error) => {
      this.spawnError = error;
    });
    // A worker that has ended is noticed when its reply is missing.
    child.stdin.on('error', () => undefined);
  }

  static start(command: readonly string[]): WorkerProcess {
    const [file, ...args] = command as [string, ...string[]];
    return new WorkerProcess(spawn(file, args, { stdio: 'pipe' }));
  }

  /** The other side's description. A side that cannot even be started counts as missing. */
  async describe<Description extends object>(): Promise<Description | WorkerMissing> {
    try {
      return await this.request<Description | WorkerMissing>({ command: 'describe' });
    } catch (error) {
      if (!(error instanceof BenchmarkFailedError)) throw error;
      return { missing: error.message };
    }
  }

  /** Like `describe`, for a side that must be there. Throws BenchmarkFailedError if it is missing. */
  async requireDescription<Description extends object>(): Promise<Description> {
    const description = await this.describe<Description>();
    if ('missing' in description) throw new BenchmarkFailedError(description.missing as string);
    return description;
  }

  /** Seconds that `count` pieces of work took, measured by the worker. */
  async measure(command: Work, count: number): Promise<number> {
    const request: WorkerRequest = { command, count };
    return (await this.request<WorkerMeasurement>(request)).seconds;
  }

  /** Ends the process and waits until it is gone. */
  async close(): Promise<void> {
    if (this.spawnError !== undefined || this.child.exitCode !== null || this.child.signalCode !== null)
      return;
    const gone = once(this.child, 'exit');
    this.child.stdin.end();
    await gone;
  }

  /**
   * Sends one line and receives one line, both JSON. Throws BenchmarkFailedError with the process's own message if it
   * ends instead of answering.
   */
  async request<Reply>(request: object): Promise<Reply> {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done !== true) return JSON.parse(value) as Reply;
    const words = this.spawnError?.message ?? this.errors.trim();
    throw new BenchmarkFailedError(`${this.child.spawnargs.join(' ')} ended without an answer: ${words}`);
  }
}
