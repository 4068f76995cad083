import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  InvalidInputError,
  joinSnapshots,
  requireCount,
  type Snapshot,
  type Space,
  splitSnapshot,
  type VectorEnvironment,
  type VectorResetOptions,
  type VectorResetResult,
  type VectorStepResult,
} from '@maxent/core';
import type { LaneStep } from '../vector/advance.js';
import { collect } from '../vector/sync-vector-environment.js';
import { requireLane, VectorLedger } from '../vector/vector-ledger.js';
import { Countdown } from './countdown.js';
import { EnvironmentWorker, WorkerFault } from './environment-worker.js';
import { RESET, STEP } from './shared-block.js';

export interface WorkerVectorOptions {
  /**
   * Where workers import the environments from: URL or absolute path of a module that exports a plugin, such as
   * `import.meta.resolve('@maxent/mujoco')`.
   */
  readonly module: string | URL;
  /** Id of an environment of that plugin; its time limit is applied. */
  readonly id: string;
  /** Options of the environment; they must be of what can be sent to a thread. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Number of environments. */
  readonly count: number;
  /** Number of threads, at most `count`; environments are spread over them evenly. Default: one per processor core. */
  readonly workers?: number;
}

/** How long the main thread sleeps before it looks whether all workers are still alive. */
const WAIT_MILLISECONDS = 20;

/** An environment's place: its worker, and its number there. */
interface Lane {
  readonly worker: EnvironmentWorker;
  readonly index: number;
}

/**
 * Several environments in worker threads, several to a thread. Observations, actions, rewards and infos of numbers,
 * booleans and arrays of numbers go through shared memory; other infos are sent as messages, which takes longer, and
 * so are those of environments that change keys or lengths all the time. `step` lets the workers go before it
 * returns its promise, so that what is done before awaiting it runs alongside them; awaiting it blocks this thread until
 * they have finished.
 */
export class WorkerVectorEnvironment<Observation, Action> implements VectorEnvironment<Observation, Action> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly getState?: () => Promise<Snapshot>;
  readonly setState?: (state: Snapshot) => Promise<void>;
  private readonly ledger: VectorLedger;
  private readonly lanes: readonly Lane[];
  /** Until every call so far has been answered. */
  private pending: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly count: number,
    id: string,
    private readonly workers: readonly EnvironmentWorker[],
    private readonly countdown: Countdown,
  ) {
    this.observationSpace = workers[0]!.observationSpace as Space<Observation>;
    this.actionSpace = workers[0]!.actionSpace as Space<Action>;
    this.ledger = new VectorLedger(count, id);
    this.lanes = workers.flatMap((worker) =>
      Array.from({ length: worker.count }, (_, index) => ({ worker, index })),
    );
    if (workers.every(({ stateful }) => stateful)) {
      this.getState = () => this.save();
      this.setState = (state) => this.restore(state);
    }
  }

  /**
   * Starts the threads and makes the environments. Rejected with InvalidInputError for a module or counts that cannot
   * be, and with whatever keeps an environment from being made, all threads being ended.
   */
  static async create<Observation, Action>({
    module,
    id,
    options = {},
    count,
    workers = Math.min(count, availableParallelism()),
  }: WorkerVectorOptions): Promise<WorkerVectorEnvironment<Observation, Action>> {
    requireCount('count', count);
    requireCount('workers', workers);
    if (workers > count) {
      throw new InvalidInputError(
        'workers',
        `expected at most one per environment, ${count}, got ${workers}`,
      );
    }
    const task = { module: urlOf(module), id, options };
    const countdown = new Countdown();
    const started = await Promise.allSettled(
      Array.from({ length: workers }, (_, w) => {
        const share = Math.floor(((w + 1) * count) / workers) - Math.floor((w * count) / workers);
        return EnvironmentWorker.start({ ...task, count: share }, countdown);
      }),
    );
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      await Promise.all(running.map((worker) => worker.close()));
      throw failed.reason;
    }
    return new WorkerVectorEnvironment(count, id, running, countdown);
  }

  reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Observation>> {
    return this.answer(
      'reset',
      () => {
        this.ledger.seedsFor(options).forEach((seed, i) => {
          const { worker, index } = this.lanes[i]!;
          worker.block.writeSeed(index, seed);
        });
        for (const worker of this.workers) worker.begin(RESET);
      },
      () => {
        const results = this.lanes.map(({ worker, index }) => worker.readReset(index));
        return {
          observations: results.map(({ observation }) => observation as Observation),
          infos: results.map(({ info }) => info),
        };
      },
    );
  }

  step(actions: readonly Action[]): Promise<VectorStepResult<Observation>> {
    return this.answer(
      'step',
      () => {
        this.ledger.countStep(this.actionSpace, actions);
        actions.forEach((action, i) => {
          const { worker, index } = this.lanes[i]!;
          worker.block.writeAction(index, action);
        });
        for (const worker of this.workers) worker.begin(STEP);
      },
      () => collect(this.lanes.map(({ worker, index }) => worker.readStep(index) as LaneStep<Observation>)),
    );
  }

  async close(): Promise<void> {
    if (this.ledger.closed) return;
    this.ledger.close();
    await this.pending;
    await this.endWorkers();
  }

  private save(): Promise<Snapshot> {
    return this.answer(
      'getState',
      () => {
        for (const worker of this.workers) worker.request({ kind: 'getState' });
      },
      () => {
        const states = this.workers.flatMap((worker) => worker.readStates());
        return joinSnapshots({ ledger: this.ledger.save(), ...Object.fromEntries(states.entries()) });
      },
    );
  }

  private async restore(state: Snapshot): Promise<void> {
    await this.answer(
      'setState',
      () => {
        const states = this.lanes.map((_, i) => requireLane(splitSnapshot(state, String(i)), String(i)));
        this.ledger.load(requireLane(splitSnapshot(state, 'ledger'), 'ledger'));
        for (const worker of this.workers) {
          worker.request({ kind: 'setState', states: states.splice(0, worker.count) });
        }
      },
      () => undefined,
    );
  }

  /** Lets the workers do what `dispatch` asks of them, at once, and reads what they did when all have finished. */
  private answer<T>(method: string, dispatch: () => void, read: () => T): Promise<T> {
    const answered = this.work(method, dispatch, read);
    this.pending = Promise.allSettled([this.pending, answered]).then(() => undefined);
    return answered;
  }

  private async work<T>(method: string, dispatch: () => void, read: () => T): Promise<T> {
    this.ledger.begin(method);
    try {
      this.countdown.start(this.workers.length);
      dispatch();
      // The caller gets the promise here: whatever it does before it awaits runs alongside the workers.
      await undefined;
      await this.finish();
      return read();
    } finally {
      this.ledger.end();
    }
  }

  /** Waits for all workers; when an environment failed, ends them all and reports which one it was. */
  private async finish(): Promise<void> {
    // Sleeping in Atomics.wait wakes sooner than an event would; every 20 ms events get their turn.
    while (!this.countdown.sleep(WAIT_MILLISECONDS)) {
      await new Promise(setImmediate);
      await this.forEachWorker((worker) => worker.requireAlive());
    }
    await this.forEachWorker((worker) => worker.finish());
  }

  private async forEachWorker(look: (worker: EnvironmentWorker) => void): Promise<void> {
    for (const worker of this.workers) {
      try {
        look(worker);
      } catch (fault) {
        if (!(fault instanceof WorkerFault)) throw fault;
        this.ledger.close();
        await this.endWorkers();
        const first = this.lanes.findIndex((lane) => lane.worker === worker);
        throw this.ledger.fault(first + fault.index, fault.cause);
      }
    }
  }

  private async endWorkers(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }
}

/** Throws InvalidInputError for what a worker could not find from where it is. */
function urlOf(module: string | URL): string {
  if (typeof module !== 'string') return module.href;
  if (isAbsolute(module)) return pathToFileURL(module).href;
  if (URL.canParse(module)) return module;
  throw new InvalidInputError(
    'module',
    `expected a URL or an absolute path, such as import.meta.resolve('${module}'), got "${module}"`,
  );
}
