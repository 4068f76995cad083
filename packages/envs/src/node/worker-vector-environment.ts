import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type EnvironmentFaultError,
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
import { EnvironmentWorker } from './environment-worker.js';
import { Lookout } from './lookout.js';
import { makeShare } from './make-share.js';
import { OwnShare } from './own-share.js';
import { type Share, ShareFault } from './share.js';
import { RESET, STEP } from './shared-block.js';

export interface WorkerVectorOptions {
  /**
   * Where the threads import the environments from: the URL or absolute path of a module that exports a plugin, such
   * as `import.meta.resolve('@maxent/mujoco')`.
   */
  readonly module: string | URL;
  /** The id of one of that plugin's environments; its time limit is applied. */
  readonly id: string;
  /** The environment's options; it must be possible to send them to a thread. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The number of environments. */
  readonly count: number;
  /**
   * The number of threads that step environments, this one included: at most `count`, over which the environments are
   * spread evenly. With 1, this thread steps all of them. Default: one per processor core.
   */
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

/** How long the main thread waits before it checks whether all workers are still alive. */
const WAIT_MILLISECONDS = 20;

/** How long a thread looks for another one's word before it sleeps; see `Lookout`. */
const LOOKING_MILLISECONDS = 0.2;

/** Where an environment runs: its thread's share, and its index there. */
interface Lane {
  readonly share: Share;
  readonly index: number;
}

/**
 * Several environments in several threads: this one and worker threads, each with a share of them. Observations,
 * actions, rewards, and infos of numbers, booleans and arrays of numbers go through shared memory. Other infos, and
 * infos whose keys or lengths keep changing, are sent as messages, which takes longer. `step` starts the workers before
 * it returns its promise, so code that runs before you await the promise runs alongside them; awaiting it steps this
 * thread's share and blocks the thread until all have finished.
 */
export class WorkerVectorEnvironment<Observation, Action> implements VectorEnvironment<Observation, Action> {
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly keepsStatistics: boolean;
  readonly getState?: () => Promise<Snapshot>;
  readonly setState?: (state: Snapshot) => Promise<void>;
  private readonly ledger: VectorLedger;
  /** This thread's share, then the workers'. */
  private readonly shares: readonly Share[];
  private readonly lanes: readonly Lane[];
  /** The answer to the last call that was not refused. */
  private pending: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly count: number,
    id: string,
    private readonly own: OwnShare,
    workers: readonly EnvironmentWorker[],
    private readonly countdown: Countdown,
    private readonly lookout: Lookout,
  ) {
    this.observationSpace = own.observationSpace as Space<Observation>;
    this.actionSpace = own.actionSpace as Space<Action>;
    this.shares = [own, ...workers];
    this.keepsStatistics = this.shares.some(({ keepsStatistics }) => keepsStatistics);
    this.ledger = new VectorLedger(count, id);
    this.lanes = this.shares.flatMap((share) =>
      Array.from({ length: share.count }, (_, index) => ({ share, index })),
    );
    if (this.shares.every(({ stateful }) => stateful)) {
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
    // This thread gets the smallest share: it also hands out actions and takes over results.
    const [own, ...others] = Array.from({ length: workers }, (_, w) => ({
      ...task,
      count: Math.floor(((w + 1) * count) / workers) - Math.floor((w * count) / workers),
    }));
    const countdown = new Countdown();
    // Threads that look for each other must not take cores away from each other.
    const moment = workers <= availableParallelism() ? LOOKING_MILLISECONDS : 0;
    const start = { countdown: countdown.buffer, moment };
    const threads = others.map((share) => EnvironmentWorker.start(share, start));
    const made = makeShare(own!, guard?.onWarning).then((environments) => new OwnShare(environments));
    const settled = await Promise.allSettled([made, ...threads]);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      await Promise.all(
        settled.map(async (result) => result.status === 'fulfilled' && (await result.value.close())),
      );
      throw failed.reason;
    }
    return new WorkerVectorEnvironment(
      count,
      id,
      await made,
      await Promise.all(threads),
      countdown,
      new Lookout(moment),
    );
  }

  reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Observation>> {
    return this.answer(
      'reset',
      () => {
        const seeds = this.ledger.seedsFor(options);
        this.begin(RESET, (share, index, i) => share.writeSeed(index, seeds[i]));
      },
      () => {
        const results = this.lanes.map(({ share, index }) => share.readReset(index));
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
        this.begin(STEP, (share, index, i) => {
          share.writeAction(index, actions[i]);
          share.writeSeed(index, seeds?.[i]);
        });
      },
      () => {
        const steps = this.lanes.map(({ share, index }) => share.readStep(index) as LaneStep<Observation>);
        this.ledger.noteSeeds(steps, seeds);
        return collect(steps);
      },
    );
  }

  async close(): Promise<void> {
    if (this.ledger.closed) return;
    this.ledger.close();
    // Its caller hears of a fault.
    await Promise.allSettled([this.pending]);
    await this.closeShares();
  }

  /** Starts each share once `write` has given it what it needs: the workers first, so that none waits for the others. */
  private begin(command: number, write: (share: Share, index: number, lane: number) => void): void {
    for (let i = this.count - 1; i >= 0; i--) {
      const { share, index } = this.lanes[i]!;
      write(share, index, i);
      if (index === 0) share.begin(command);
    }
  }

  private save(): Promise<Snapshot> {
    return this.answer(
      'getState',
      () => {
        for (const share of this.shares) share.request({ kind: 'getState' });
      },
      () => {
        const states = this.shares.flatMap((share) => share.readStates());
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
        for (const share of this.shares) {
          share.request({ kind: 'setState', states: states.splice(0, share.count) });
        }
      },
      () => undefined,
    );
  }

  /** Starts the workers on what `dispatch` asks, at once, does this thread's share, and reads the results. */
  private answer<T>(method: string, dispatch: () => void, read: () => T): Promise<T> {
    try {
      this.ledger.begin(method);
    } catch (error) {
      return Promise.reject(error);
    }
    const answered = this.work(dispatch, read);
    this.pending = answered;
    return answered;
  }

  private async work<T>(dispatch: () => void, read: () => T): Promise<T> {
    try {
      this.countdown.start(this.shares.length - 1);
      dispatch();
      // The caller gets the promise here; what it does before it awaits runs alongside the workers.
      await undefined;
      this.own.carryOut();
      // This wakes sooner than an event would; every 20 ms, events get their turn.
      while (!this.countdown.wait(this.lookout, WAIT_MILLISECONDS)) {
        await new Promise(setImmediate);
        for (const share of this.shares) share.requireAlive();
      }
      for (const share of this.shares) share.finish();
      return read();
    } catch (error) {
      throw error instanceof ShareFault ? await this.closeAfter(error) : error;
    } finally {
      this.ledger.end();
    }
  }

  /** Closes all environments after one failed; returns the error that says which one it was. */
  private async closeAfter({ share, index, cause }: ShareFault): Promise<EnvironmentFaultError> {
    this.ledger.close();
    await this.closeShares();
    return this.ledger.fault(this.lanes.findIndex((lane) => lane.share === share) + index, cause);
  }

  private async closeShares(): Promise<void> {
    await Promise.all(this.shares.map((share) => share.close()));
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
