import { Box, type BoxArray, defineEnvironment, type Rng, type Snapshot } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';
import { doublePrecision, type Precision, precisionOf } from './precision.js';

const MIN_POSITION = -1.2;
const MAX_POSITION = 0.6;
const MAX_SPEED = 0.07;
const GOAL_POSITION = 0.45;
const POWER = 0.0015;
const GRAVITY = 0.0025;

const mountainCarContinuousOptions = z.object({
  goalVelocity: z.number().default(0).describe('Minimum velocity that counts as reaching the goal.'),
});

/**
 * Rock a weak car out of a valley: Gymnasium's MountainCarContinuous-v0. Observation: [position, velocity]. Action:
 * throttle, clipped to [-1, 1]. Reward: 100 on reaching the goal, minus 0.1 times the square of the throttle
 * before clipping. Terminates at the goal.
 */
export class MountainCarContinuous extends StateVectorEnvironment<Float32Array, BoxArray> {
  protected override readonly picture = 'MountainCar';
  readonly observationSpace = new Box({
    low: [MIN_POSITION, -MAX_SPEED],
    high: [MAX_POSITION, MAX_SPEED],
    names: ['position', 'velocity'],
  });
  readonly actionSpace = new Box({ low: [-1], high: [1], names: ['throttle'] });
  /**
   * Gymnasium draws the start state in double precision and stores every later state in single precision, and NumPy
   * then computes in the precision of its operands. Rounding where NumPy rounds keeps trajectories equal to the last
   * bit.
   */
  private stored: Precision = doublePrecision;

  constructor(
    private readonly options: z.output<
      typeof mountainCarContinuousOptions
    > = mountainCarContinuousOptions.parse({}),
  ) {
    super(2);
  }

  protected start(rng: Rng): void {
    this.state[0] = rng.uniform(-0.6, -0.4);
    this.state[1] = 0;
    this.stored = doublePrecision;
  }

  protected advance(action: BoxArray): Outcome {
    const { stored } = this;
    const throttle = action[0]!;
    const slope = GRAVITY * Math.cos(stored(3 * this.state[0]!));
    // A clipped throttle becomes a Python number in Gymnasium, which takes the precision of what it is added to.
    const clipped = Math.abs(throttle) > 1;
    const given = precisionOf(action);
    const acceleration = clipped
      ? Math.sign(throttle) * POWER - slope
      : given(given(throttle * given(POWER)) - given(slope));
    const round = clipped || given === Math.fround ? stored : doublePrecision;

    const limit = round(MAX_SPEED);
    let velocity = clip(round(this.state[1]! + round(acceleration)), limit);
    let position = round(this.state[0]! + velocity);
    position = Math.min(Math.max(position, round(MIN_POSITION)), round(MAX_POSITION));
    if (position === round(MIN_POSITION) && velocity < 0) velocity = 0;

    const terminated = position >= round(GOAL_POSITION) && velocity >= round(this.options.goalVelocity);
    this.state[0] = Math.fround(position);
    this.state[1] = Math.fround(velocity);
    this.stored = Math.fround;
    return { reward: (terminated ? 100 : 0) - throttle ** 2 * 0.1, terminated };
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }

  override getState(): Snapshot {
    const { arrays, metadata } = super.getState();
    return { arrays, metadata: { ...metadata, singlePrecision: this.stored === Math.fround } };
  }

  override setState(snapshot: Snapshot): void {
    super.setState(snapshot);
    this.stored = snapshot.metadata.singlePrecision === true ? Math.fround : doublePrecision;
  }
}

export const mountainCarContinuous = defineEnvironment({
  id: 'MountainCarContinuous-v0',
  description: 'Rock a weak car out of a valley with a continuous throttle.',
  options: mountainCarContinuousOptions,
  maxEpisodeSteps: 999,
  create: (options) => new MountainCarContinuous(options),
});
