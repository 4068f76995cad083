import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchmarkFailedError } from '../benchmark.js';
import { requireCommandLine } from '../command-line.js';

const POLL_MILLISECONDS = 5;

/** The `maxent` command in a process of its own. */
export class MaxentProcess {
  private errors = '';

  private constructor(private readonly child: ChildProcess) {
    child.stderr!.on('data', (data: Buffer) => {
      this.errors = (this.errors + data.toString()).slice(-2000);
    });
  }

  /** Throws InvalidStateError when the command line is not built. */
  static start(args: readonly string[]): MaxentProcess {
    const commandLine = requireCommandLine();
    return new MaxentProcess(
      spawn(process.execPath, [commandLine, ...args], { stdio: ['ignore', 'ignore', 'pipe'] }),
    );
  }

  /** Waits for the end. Throws BenchmarkFailedError unless it ends well. */
  async finish(): Promise<void> {
    if (this.running) await once(this.child, 'close');
    if (this.child.exitCode !== 0) throw this.failure('ended');
  }

  /** Waits until `path` exists and `milliseconds` more, then kills without warning (SIGKILL). */
  async killAfter(path: string, milliseconds: number): Promise<void> {
    while (!existsSync(path)) {
      if (!this.running) throw this.failure(`ended before ${path} was there`);
      await sleep(POLL_MILLISECONDS);
    }
    await sleep(milliseconds);
    const closed = once(this.child, 'close');
    if (!this.child.kill('SIGKILL')) throw this.failure('ended before it could be killed');
    await closed;
    if (this.child.signalCode !== 'SIGKILL') throw this.failure('ended before it could be killed');
  }

  private get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  private failure(what: string): BenchmarkFailedError {
    const status = this.child.exitCode ?? this.child.signalCode;
    return new BenchmarkFailedError(
      `maxent ${this.child.spawnargs.slice(2).join(' ')} ${what} (${status}): ${this.errors.trim()}`,
    );
  }
}
