import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  InvalidStateError,
  type RenderOptions,
  type ResetOptions,
  type ResetResult,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type StepResult,
  showStored,
} from '@maxent/core';
import { requireDoubles } from '../require-doubles.js';
import { EnvironmentWrapper } from '../wrappers/wrapper.js';
import type { Place } from './maze.js';

/** What one step did. */
export interface MoveToGoal {
  readonly from: Place;
  readonly to: Place;
  readonly goal: Place;
  readonly reached: boolean;
}

export interface ReachGoalOptions {
  /** Draws the next episode's goal. */
  readonly drawGoal: (rng: Rng) => Place;
  /** The inner environment's position, from the info of a reset or step. */
  readonly placeOf: (info: Info) => Place;
  /** The goal's part of the reward, which is added to the inner environment's. */
  readonly rewardOf: (move: MoveToGoal) => number;
  /** The distance in m within which the goal counts as reached. */
  readonly goalRadius: number;
  readonly terminateAtGoal: boolean;
  /** Whether to append the goal's coordinates to observations. Not needed if the goal never changes. */
  readonly observeGoal: boolean;
}

/** What steps report about the goal: the distance in m, whether it was reached, and its part of the reward. */
export type GoalInfo = {
  readonly goalDistance: number;
  readonly goalReached: boolean;
  readonly rewardGoal: number;
};

/**
 * An environment in which something moves on the ground, with a goal to reach. To the inner environment's info, steps
 * add `goalDistance` in m, `goalReached` and `rewardGoal`.
 */
export class ReachGoal<InnerStepInfo extends Info = Info> extends EnvironmentWrapper<
  BoxArray,
  BoxArray,
  BoxArray,
  InnerStepInfo & GoalInfo,
  InnerStepInfo
> {
  private readonly space: Box;
  private rng = goalStream(0);
  private goal: Place = [0, 0];
  private place: Place = [0, 0];
  /** Whether reaching the goal has ended the episode, which the inner environment does not know. */
  private reached = false;

  constructor(
    inner: Environment<BoxArray, BoxArray, InnerStepInfo>,
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

  override reset(options: ResetOptions = {}): ResetResult<BoxArray, Partial<InnerStepInfo & GoalInfo>> {
    if (options.seed !== undefined) this.rng = goalStream(options.seed);
    this.goal = this.options.drawGoal(this.rng);
    this.reached = false;
    const result = super.reset(options);
    this.place = this.options.placeOf(result.info);
    return result;
  }

  override step(action: BoxArray): StepResult<BoxArray, InnerStepInfo & GoalInfo> {
    if (this.reached) throw new InvalidStateError('step: the goal was reached; call reset first');
    const result = super.step(action);
    const { placeOf, rewardOf, goalRadius, terminateAtGoal } = this.options;
    const place = placeOf(result.info);
    const goalDistance = Math.sqrt((place[0] - this.goal[0]) ** 2 + (place[1] - this.goal[1]) ** 2);
    const goalReached = goalDistance <= goalRadius;
    const rewardGoal = rewardOf({ from: this.place, to: place, goal: this.goal, reached: goalReached });
    this.place = place;
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

  protected override renderOptions({ goals = [] }: RenderOptions = {}): RenderOptions {
    return { goals: [...goals, { at: this.goal, radius: this.options.goalRadius }] };
  }

  protected override saveOwn(): Snapshot {
    return {
      arrays: { places: { shape: [2, 2], data: Float64Array.of(...this.goal, ...this.place) } },
      metadata: { rng: this.rng.state(), reached: this.reached },
    };
  }

  protected override loadOwn(own: Snapshot): void {
    const [goalX, goalY, x, y] = requireDoubles(own, 'places', 4);
    const { reached } = own.metadata;
    if (typeof reached !== 'boolean') {
      throw new SnapshotMismatchError(`metadata.reached: expected a boolean, got ${showStored(reached)}`);
    }
    this.rng = Rng.fromState(own.metadata.rng);
    this.goal = [goalX!, goalY!];
    this.place = [x!, y!];
    this.reached = reached;
  }
}

/** A separate stream, so that goal and start are independent. */
function goalStream(seed: number): Rng {
  return Rng.fromSeed(seed).split('goal');
}
