import { Box, Discrete, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';

const MIN_POSITION = -1.2;
const MAX_POSITION = 0.6;
const MAX_SPEED = 0.07;
const GOAL_POSITION = 0.5;
const FORCE = 0.001;
const GRAVITY = 0.0025;

const mountainCarOptions = z.object({
  goalVelocity: z.number().default(0).describe('Minimum velocity that counts as reaching the goal.'),
});

/**
 * Rock a weak car out of a valley: Gymnasium's MountainCar-v0. Observation: [position, velocity]. Actions: push left,
 * coast, push right. Reward: -1 for every step. Terminates at the goal, position 0.5.
 */
export class MountainCar extends StateVectorEnvironment<Float32Array, number> {
  protected override readonly picture = 'MountainCar';
  readonly observationSpace = new Box({
    low: [MIN_POSITION, -MAX_SPEED],
    high: [MAX_POSITION, MAX_SPEED],
    names: ['position', 'velocity'],
  });
  readonly actionSpace = new Discrete(3, ['left', 'none', 'right']);

  constructor(private readonly options: z.output<typeof mountainCarOptions> = mountainCarOptions.parse({})) {
    super(2);
  }

  protected start(rng: Rng): void {
    this.state[0] = rng.uniform(-0.6, -0.4);
    this.state[1] = 0;
  }

  protected advance(action: number): Outcome {
    const push = (action - 1) * FORCE + Math.cos(3 * this.state[0]!) * -GRAVITY;
    let velocity = clip(this.state[1]! + push, MAX_SPEED);
    const position = Math.min(Math.max(this.state[0]! + velocity, MIN_POSITION), MAX_POSITION);
    if (position === MIN_POSITION && velocity < 0) velocity = 0;
    this.state[0] = position;
    this.state[1] = velocity;
    return { reward: -1, terminated: position >= GOAL_POSITION && velocity >= this.options.goalVelocity };
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }
}

export const mountainCar = defineEnvironment({
  id: 'MountainCar-v0',
  description: 'Rock a weak car out of a valley by pushing it left or right.',
  options: mountainCarOptions,
  maxEpisodeSteps: 200,
  create: (options) => new MountainCar(options),
});
