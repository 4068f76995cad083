import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Info, Snapshot, Space } from '@maxent/core';
import type { LaneStep } from '../vector/advance.js';
import { spaceFrom } from '../vector/space-description.js';
import { InfoShape } from './info-shape.js';
import {
  type Reply,
  type Request,
  restoreError,
  type ShareTask,
  type WorkerReady,
  type WorkerRefusal,
  type WorkerStart,
} from './protocol.js';
import { type Share, ShareFault } from './share.js';
import { CLOSE, COMMAND, CURRENT, INFO_BY_MESSAGE, MESSAGE, MESSAGES, SharedBlock } from './shared-block.js';

/** How long a worker may take to close its environments before it is terminated. */
const CLOSE_MILLISECONDS = 5000;

/** The share of a worker thread, as the main thread sees it. */
export class EnvironmentWorker implements Share {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly stateful: boolean;
  readonly keepsStatistics: boolean;
  private readonly block: SharedBlock;
  private readonly port: MessagePort;
  private readonly shapes: InfoShape[] = [];
  /** The infos that came as messages with the last answer, by place and environment. */
  private readonly infos = new Map<string, Info>();
  private states: readonly Snapshot[] = [];
  /** Set when the thread has ended. */
  private ended: Error | undefined;
  private readonly exit: Promise<unknown>;

  private constructor(
    private readonly worker: Worker,
    readonly count: number,
    { observationSpace, actionSpace, stateful, keepsStatistics }: WorkerReady,
    start: Pick<WorkerStart, 'countdown' | 'moment'>,
  ) {
    this.stateful = stateful;
    this.keepsStatistics = keepsStatistics;
    this.observationSpace = spaceFrom(observationSpace);
    this.actionSpace = spaceFrom(actionSpace);
    this.block = new SharedBlock(this.observationSpace, this.actionSpace, count);
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    worker.on('error', (error) => {
      this.ended ??= error;
    });
    this.exit = new Promise<void>((resolve) => {
      worker.on('exit', (code) => {
        this.ended ??= new Error(`the worker thread ended with exit code ${code}`);
        resolve();
      });
    });
    worker.postMessage({ ...start, buffer: this.block.buffer, port: port2 } satisfies WorkerStart, [port2]);
    // So that a program which forgets to close its environments can still exit.
    worker.unref();
  }

  /**
   * Starts a thread, which counts down after each command, and makes its environments. Rejects with the error that kept
   * them from being made.
   */
  static async start(
    task: ShareTask,
    start: Pick<WorkerStart, 'countdown' | 'moment'>,
  ): Promise<EnvironmentWorker> {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: task,
      ...flagsForThreads(),
    });
    try {
      const message = await firstMessage(worker);
      if ('refused' in message) throw restoreError(message.refused);
      return new EnvironmentWorker(worker, task.count, message, start);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  writeSeed(index: number, seed: number | undefined): void {
    this.block.writeSeed(index, seed);
  }

  writeAction(index: number, action: unknown): void {
    this.block.writeAction(index, action);
  }

  /** Starts the worker on a command. After it has counted down, call `finish`. */
  begin(command: number): void {
    const { control } = this.block;
    Atomics.store(control, COMMAND, command);
    Atomics.notify(control, COMMAND);
  }

  request(request: Request): void {
    this.port.postMessage(request);
    this.begin(MESSAGE);
  }

  requireAlive(): void {
    if (this.ended !== undefined) throw new ShareFault(this, this.current, this.ended);
  }

  /** Reads the messages from the last command. Throws ShareFault if an environment threw. */
  finish(): void {
    this.infos.clear();
    for (let left = Atomics.exchange(this.block.control, MESSAGES, 0); left > 0; left--) {
      this.take((receiveMessageOnPort(this.port) as { message: Reply }).message);
    }
  }

  readReset(index: number): { observation: unknown; info: Info } {
    return {
      observation: this.block.readObservation(index, 'observation'),
      info: this.infoOf(index, 'info'),
    };
  }

  readStep(index: number): LaneStep<unknown> {
    const { reward, originalReward, duration, terminated, truncated } = this.block.readOutcome(index);
    const observation = this.block.readObservation(index, 'observation');
    const info = this.infoOf(index, 'info');
    const end =
      terminated || truncated
        ? {
            observation: this.block.readObservation(index, 'finalObservation'),
            info: this.infoOf(index, 'finalInfo'),
          }
        : null;
    return { observation, info, reward, originalReward, duration, terminated, truncated, end };
  }

  readStates(): readonly Snapshot[] {
    return this.states;
  }

  /** Lets the worker close its environments and exit; terminates it if that takes too long. */
  async close(): Promise<void> {
    if (this.ended === undefined) {
      this.worker.ref();
      this.begin(CLOSE);
      const timer = setTimeout(() => void this.worker.terminate(), CLOSE_MILLISECONDS);
      await this.exit;
      clearTimeout(timer);
    }
    this.port.close();
  }

  private take(reply: Reply): void {
    switch (reply.kind) {
      case 'shape':
        this.shapes.push(new InfoShape(reply.fields, this.count, reply.buffer));
        return;
      case 'info':
        this.infos.set(`${reply.place} ${reply.index}`, reply.info);
        return;
      case 'states':
        this.states = reply.states;
        return;
      case 'failure':
        throw new ShareFault(this, this.current, restoreError(reply.error));
    }
  }

  /** The environment that the worker is working on, or was last. */
  private get current(): number {
    return Atomics.load(this.block.control, CURRENT);
  }

  private infoOf(index: number, place: 'info' | 'finalInfo'): Info {
    const shape = this.block.readInfoShape(index, place);
    if (shape === INFO_BY_MESSAGE) return this.infos.get(`${place} ${index}`)!;
    return this.shapes[shape]!.read(index, place);
  }
}

/**
 * Threads inherit the program's flags. Node refuses to start a thread from a file if one of them is --input-type, which
 * is for programs on the command line. It also refuses V8's flags if they are listed instead of inherited.
 */
function flagsForThreads(): { execArgv?: string[] } {
  const execArgv = process.execArgv.filter((argument) => !argument.startsWith('--input-type'));
  return execArgv.length < process.execArgv.length ? { execArgv } : {};
}

/** The worker's first message. Rejects if the worker ends before it sends one. */
async function firstMessage(worker: Worker): Promise<WorkerReady | WorkerRefusal> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the worker thread ended with exit code ${code}`)));
  });
}
