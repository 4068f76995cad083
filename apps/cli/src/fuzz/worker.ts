import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { FuzzDocument, FuzzOutcome } from './document.js';

/** Why a document has no outcome. */
export type FuzzLoss = { readonly lost: string };

/** Heap of a worker in MiB: Node's default on a machine with 4 GiB. */
const HEAP_MIB = 2048;

/** The command line in a process of its own, which is restarted whenever a document has ended it. */
export class FuzzWorker {
  #child: ChildProcess | undefined;
  #errors = '';

  constructor(
    /** Path of the built `child.ts`. */
    private readonly program: string,
    private readonly directory: string,
    /** Milliseconds after which a document counts as one that never ends. */
    private readonly patience: number,
  ) {}

  async run(document: FuzzDocument): Promise<FuzzOutcome | FuzzLoss> {
    this.#child ??= await this.#start();
    const child = this.#child;
    let timer: NodeJS.Timeout | undefined;
    const outcome = await new Promise<FuzzOutcome | FuzzLoss>((resolve) => {
      const onExit = (code: number | null, signal: string | null): void =>
        resolve({ lost: `the process ended with ${signal ?? code}: ${this.#errors.slice(-2000)}` });
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.off('exit', onExit);
        resolve(message as FuzzOutcome);
      });
      timer = setTimeout(() => resolve({ lost: `no end within ${this.patience} ms` }), this.patience);
      child.send(document);
    });
    clearTimeout(timer);
    if ('lost' in outcome) await this.stop();
    return outcome;
  }

  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners();
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async #start(): Promise<ChildProcess> {
    this.#errors = '';
    const child = fork(this.program, {
      cwd: this.directory,
      execArgv: [`--max-old-space-size=${HEAP_MIB}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr!.on('data', (data: Buffer) => {
      this.#errors = (this.#errors + data.toString()).slice(-4000);
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${this.program} does not start: ${this.#errors}`);
    });
    ended.catch(() => {});
    await Promise.race([once(child, 'message'), ended]);
    return child;
  }
}
