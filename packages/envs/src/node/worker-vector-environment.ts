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
  type VectorStepOptions,
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
   * Where workers import the environments from: the URL or absolute path of a module that exports a plugin, such as
   * `import.meta.resolve('@maxent/mujoco')`.
   */
  readonly module: string | URL;
  /** The id of one of that plugin's environments; its time limit is applied. */
  readonly id: string;
  /** The environment's options; it must be possible to send them to a thread. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The number of environments. */
  readonly count: number;
  /** The number of threads, at most `count`; environments are spread evenly. Default: one per processor core. */
  readonly workers?: number;
  /**
   * Guards each environment in its thread, as `guardEnvironment` of `@maxent/core` does. `onWarning` hears of oddities
   * in the first environment. Default: only results that break the contract are found.
   */
  readonly guard?: {
    readonly check?: boolean | undefined;
    readonly onWarning?: ((message: string) => void) | undefined;
  };
}

/** How long the main thread sleeps before it checks whether all workers are still alive. */
const WAIT_MILLISECONDS = 20;

/** Where an environment runs: its worker, and its index there. */
interface Lane {
  readonly worker: EnvironmentWorker;
  readonly index: number;
}

/**
 * Several environments in worker threads, with several per thread. Observations, actions, rewards, and infos of
 * numbers, booleans and arrays of numbers go through shared memory. Other infos, and infos whose keys or lengths keep
 * changing, are sent as messages, which takes longer. `step` starts the workers before it returns its promise, so code
 * that runs before you await the promise runs alongside them; awaiting it blocks this thread until they have finished.
 */
export class WorkerVectorEnvironment<Observation, Action> implements VectorEnvironment<Observation, Action> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly keepsStatistics: boolean;
  readonly getState?: () => Promise<Snapshot>;
  readonly setState?: (state: Snapshot) => Promise<void>;
  private readonly ledger: VectorLedger;
  private readonly lanes: readonly Lane[];
  /** Resolves when every call so far has been answered. */
  private pending: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly count: number,
    id: string,
    private readonly workers: readonly EnvironmentWorker[],
    private readonly countdown: Countdown,
  ) {
    this.observationSpace = workers[0]!.observationSpace as Space<Observation>;
    this.actionSpace = workers[0]!.actionSpace as Space<Action>;
    this.keepsStatistics = workers.some(({ keepsStatistics }) => keepsStatistics);
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
   * Starts the threads and makes the environments. Rejects with InvalidInputError for an invalid module or count, and
   * with any error that keeps an environment from being made. In either case no thread is left running.
   */
  static async create<Observation, Action>({
    module,
    id,
    options = {},
    count,
    workers = Math.min(count, availableParallelism()),
    guard,
  }: WorkerVectorOptions): Promise<WorkerVectorEnvironment<Observation, Action>> {
    requireCount('count', count);
    requireCount('workers', workers);
    if (workers > count) {
      throw new InvalidInputError(
        'workers',
        `expected at most one per environment, ${count}, got ${workers}`,
      );
    }
    const task = {
      module: urlOf(module),
      id,
      options,
      ...(guard && { guard: { check: guard.check ?? true } }),
    };
    const countdown = new Countdown();
    const started = await Promise.allSettled(
      Array.from({ length: workers }, (_, w) => {
        const share = Math.floor(((w + 1) * count) / workers) - Math.floor((w * count) / workers);
        return EnvironmentWorker.start({ ...task, count: share }, countdown, (message) => {
          if (w === 0) guard?.onWarning?.(message);
        });
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

  step(
    actions: readonly Action[],
    { seeds }: VectorStepOptions = {},
  ): Promise<VectorStepResult<Observation>> {
    return this.answer(
      'step',
      () => {
        this.ledger.countStep(this.actionSpace, actions, seeds);
        actions.forEach((action, i) => {
          const { worker, index } = this.lanes[i]!;
          worker.block.writeAction(index, action);
          worker.block.writeSeed(index, seeds?.[i]);
        });
        for (const worker of this.workers) worker.begin(STEP);
      },
      () => {
        const steps = this.lanes.map(({ worker, index }) => worker.readStep(index) as LaneStep<Observation>);
        this.ledger.noteSeeds(steps, seeds);
        return collect(steps);
      },
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

  /** Starts the workers on what `dispatch` asks, at once, and reads the results when all have finished. */
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
      // The caller gets the promise here; what it does before it awaits runs alongside the workers.
      await undefined;
      await this.finish();
      return read();
    } finally {
      this.ledger.end();
    }
  }

  /** Waits for all workers. If an environment failed, ends all workers and reports which one it was. */
  private async finish(): Promise<void> {
    // Atomics.wait wakes sooner than an event would; every 20 ms, events get their turn.
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

/** The module's URL. Throws InvalidInputError for a specifier that a worker could not resolve. */
function urlOf(module: string | URL): string {
  if (typeof module !== 'string') return module.href;
  if (isAbsolute(module)) return pathToFileURL(module).href;
  if (URL.canParse(module)) return module;
  throw new InvalidInputError(
    'module',
    `expected a URL or an absolute path, such as import.meta.resolve('${module}'), got "${module}"`,
  );
}
