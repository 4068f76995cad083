import {
  type Environment,
  type Info,
  joinSnapshots,
  requireCount,
  type Snapshot,
  type Space,
  SpaceMismatchError,
  splitSnapshot,
  type VectorEnvironment,
  type VectorResetOptions,
  type VectorResetResult,
  type VectorStepOptions,
  type VectorStepResult,
} from '@maxent/core';
import { areStateful, keepStatistics } from './abilities.js';
import { advance, begin, type LaneStep } from './advance.js';
import { requireLane, VectorLedger } from './vector-ledger.js';

/** Several environments stepped one after the other in this thread. */
export class SyncVectorEnvironment<Observation, Action, StepInfo extends Info = Info>
  implements VectorEnvironment<Observation, Action, StepInfo>
{
  readonly count: number;
  readonly observationSpace: Space<Observation>;
  readonly actionSpace: Space<Action>;
  readonly keepsStatistics: boolean;
  readonly getState?: () => Promise<Snapshot>;
  readonly setState?: (state: Snapshot) => Promise<void>;
  private readonly ledger: VectorLedger;

  private constructor(private readonly environments: readonly Environment<Observation, Action, StepInfo>[]) {
    this.count = environments.length;
    this.observationSpace = environments[0]!.observationSpace;
    this.actionSpace = environments[0]!.actionSpace;
    this.keepsStatistics = keepStatistics(environments);
    this.ledger = new VectorLedger(this.count);
    if (areStateful(environments)) {
      this.getState = async () => this.save();
      this.setState = async (state) => this.restore(state);
    }
  }

  /**
   * Makes `count` environments, for example with `() => makeEnvironment(pendulum)`. If one cannot be made, or its
   * spaces differ from the first one's (SpaceMismatchError), the environments already made are closed.
   */
  static async create<Observation, Action, StepInfo extends Info = Info>(
    factory: (
      index: number,
    ) => Environment<Observation, Action, StepInfo> | Promise<Environment<Observation, Action, StepInfo>>,
    count: number,
  ): Promise<SyncVectorEnvironment<Observation, Action, StepInfo>> {
    requireCount('count', count);
    const environments: Environment<Observation, Action, StepInfo>[] = [];
    try {
      for (let i = 0; i < count; i++) {
        environments.push(await factory(i));
        requireSameSpaces(environments, i);
      }
      return new SyncVectorEnvironment(environments);
    } catch (error) {
      for (const environment of environments) environment.close();
      throw error;
    }
  }

  async reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Observation, Partial<StepInfo>>> {
    return this.answer('reset', () => {
      const results = this.ledger
        .seedsFor(options)
        .map((seed, i) =>
          this.guard(i, (environment) => begin(environment, seed === undefined ? {} : { seed })),
        );
      return {
        observations: results.map(({ observation }) => observation),
        infos: results.map(({ info }) => info),
      };
    });
  }

  async step(
    actions: readonly Action[],
    { seeds }: VectorStepOptions = {},
  ): Promise<VectorStepResult<Observation, StepInfo>> {
    return this.answer('step', () => {
      this.ledger.countStep(this.actionSpace, actions, seeds);
      const steps = actions.map((action, i) =>
        this.guard(i, (environment) => advance(environment, action, seeds?.[i])),
      );
      this.ledger.noteSeeds(steps, seeds);
      return collect(steps);
    });
  }

  async close(): Promise<void> {
    if (this.ledger.closed) return;
    this.ledger.close();
    for (const environment of this.environments) environment.close();
  }

  private save(): Snapshot {
    return this.answer('getState', () =>
      joinSnapshots({
        ledger: this.ledger.save(),
        ...Object.fromEntries(this.environments.map((environment, i) => [i, environment.getState!()])),
      }),
    );
  }

  private restore(state: Snapshot): void {
    this.answer('setState', () => {
      const parts = this.environments.map((_, i) => requireLane(splitSnapshot(state, String(i)), String(i)));
      this.ledger.load(requireLane(splitSnapshot(state, 'ledger'), 'ledger'));
      this.environments.forEach((environment, i) => {
        environment.setState!(parts[i]!);
      });
    });
  }

  private answer<T>(method: string, work: () => T): T {
    this.ledger.begin(method);
    try {
      return work();
    } finally {
      this.ledger.end();
    }
  }

  /** Runs one environment. If it throws, closes all of them and reports which one it was. */
  private guard<T>(index: number, work: (environment: Environment<Observation, Action, StepInfo>) => T): T {
    try {
      return work(this.environments[index]!);
    } catch (error) {
      this.ledger.close();
      for (const environment of this.environments) closeQuietly(environment);
      throw this.ledger.fault(index, error);
    }
  }
}

/** Combines the results of all environments. One loop, because every round waits for it. */
export function collect<Observation, StepInfo = Info>(
  steps: readonly LaneStep<Observation, StepInfo>[],
): VectorStepResult<Observation, StepInfo> {
  const observations: Observation[] = [];
  const rewards = new Float64Array(steps.length);
  const terminated: boolean[] = [];
  const truncated: boolean[] = [];
  const infos: Partial<StepInfo>[] = [];
  const ends: LaneStep<Observation, StepInfo>['end'][] = [];
  let changed = false;
  let held = false;
  for (const [i, step] of steps.entries()) {
    observations.push(step.observation);
    rewards[i] = step.reward;
    terminated.push(step.terminated);
    truncated.push(step.truncated);
    infos.push(step.info);
    ends.push(step.end);
    changed ||= step.originalReward !== undefined;
    held ||= (step.duration ?? 1) !== 1;
  }
  return {
    observations,
    rewards,
    ...(changed && {
      originalRewards: Float64Array.from(steps, ({ reward, originalReward = reward }) => originalReward),
    }),
    ...(held && { durations: Float64Array.from(steps, ({ duration = 1 }) => duration) }),
    terminated,
    truncated,
    infos,
    ends,
  };
}

/** Closes an environment after a fault; if closing fails too, that must not hide the fault. */
export function closeQuietly(environment: Environment): void {
  try {
    environment.close();
  } catch {
    // The earlier fault is reported instead.
  }
}

function requireSameSpaces(environments: readonly Environment[], index: number): void {
  const [first, other] = [describe(environments[0]!), describe(environments[index]!)];
  if (first !== other) {
    throw new SpaceMismatchError(`environment ${index}: expected ${first} as in environment 0, got ${other}`);
  }
}

function describe({ observationSpace, actionSpace }: Environment): string {
  return `observations ${observationSpace.toString()} and actions ${actionSpace.toString()}`;
}
