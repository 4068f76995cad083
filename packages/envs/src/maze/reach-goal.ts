import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  InvalidStateError,
  type ResetOptions,
  type ResetResult,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type StepResult,
} from '@maxent/core';
import { requireDoubles } from '../require-doubles.js';
import { EnvironmentWrapper } from '../wrappers/wrapper.js';
import type { Place } from './maze.js';

export interface ReachGoalOptions {
  /** Where the goal of the next episode is. */
  readonly drawGoal: (rng: Rng) => Place;
  /** Where the inner environment is after a step, from what it reports. */
  readonly placeOf: (info: Info) => Place;
  /** The goal's part of the reward, which is added to the inner environment's. */
  readonly rewardOf: (place: Place, goal: Place, reached: boolean) => number;
  /** Distance in m within which the goal counts as reached. */
  readonly goalRadius: number;
  readonly terminateAtGoal: boolean;
  /** Append the goal's coordinates to observations. Not needed when it is always the same. */
  readonly observeGoal: boolean;
}

/**
 * An environment in which something moves on the ground, with a goal to reach. Info after steps, beside that of the
 * inner environment: `goalDistance` in m, `goalReached` and `rewardGoal`.
 */
export class ReachGoal extends EnvironmentWrapper<BoxArray, BoxArray> {
  private readonly space: Box;
  private rng = goalStream(0);
  private goal: Place = [0, 0];
  /** Reaching the goal has ended the episode; the inner environment does not know. */
  private reached = false;

  constructor(
    inner: Environment<BoxArray, BoxArray>,
    private readonly options: ReachGoalOptions,
  ) {
    super(inner);
    const { low, high, dataType } = inner.observationSpace as Box;
    const goal = options.observeGoal ? 2 : 0;
    this.space = new Box({
      low: [...low, ...new Array<number>(goal).fill(-Infinity)],
      high: [...high, ...new Array<number>(goal).fill(Infinity)],
      dataType,
    });
  }

  override get observationSpace(): Box {
    return this.space;
  }

  override reset(options: ResetOptions = {}): ResetResult<BoxArray> {
    if (options.seed !== undefined) this.rng = goalStream(options.seed);
    this.goal = this.options.drawGoal(this.rng);
    this.reached = false;
    return super.reset(options);
  }

  override step(action: BoxArray): StepResult<BoxArray> {
    if (this.reached) throw new InvalidStateError('step: the goal was reached; call reset first');
    const result = super.step(action);
    const { placeOf, rewardOf, goalRadius, terminateAtGoal } = this.options;
    const place = placeOf(result.info);
    const goalDistance = Math.sqrt((place[0] - this.goal[0]) ** 2 + (place[1] - this.goal[1]) ** 2);
    const goalReached = goalDistance <= goalRadius;
    const rewardGoal = rewardOf(place, this.goal, goalReached);
    this.reached = goalReached && terminateAtGoal;
    return {
      ...result,
      reward: result.reward + rewardGoal,
      terminated: result.terminated || this.reached,
      info: { ...result.info, goalDistance, goalReached, rewardGoal },
    };
  }

  protected override view(observation: BoxArray): BoxArray {
    if (!this.options.observeGoal) return observation;
    const extended = new (observation.constructor as Float64ArrayConstructor)(observation.length + 2);
    extended.set(observation);
    extended.set(this.goal, observation.length);
    return extended;
  }

  protected override saveOwn(): Snapshot {
    return {
      arrays: { goal: { shape: [2], data: Float64Array.from(this.goal) } },
      metadata: { rng: this.rng.state(), reached: this.reached },
    };
  }

  protected override loadOwn(own: Snapshot): void {
    const [x, y] = requireDoubles(own, 'goal', 2);
    const { reached } = own.metadata;
    if (typeof reached !== 'boolean') {
      throw new SnapshotMismatchError(`metadata.reached: expected a boolean, got ${JSON.stringify(reached)}`);
    }
    this.rng = Rng.fromState(own.metadata.rng);
    this.goal = [x!, y!];
    this.reached = reached;
  }
}

/** A stream of its own, so that goal and start are independent. */
function goalStream(seed: number): Rng {
  return Rng.fromSeed(seed).split('goal');
}
