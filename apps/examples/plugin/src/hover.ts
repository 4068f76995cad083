import { Box, defineEnvironment, type Rng } from '@maxent/core';
import { type Outcome, StateVectorEnvironment } from '@maxent/envs';
import * as z from 'zod';

/** Seconds per step. */
const STEP = 0.1;
/** Twice the cost of a climb rate of 1 m/s for one step; a height error of 1 m costs 1/2. */
const CLIMB_COST = 0.1;
/** As much as staying at 2 m for a whole episode: with negative rewards, ending an episode must not pay. */
const COST_OF_GETTING_LOST = 100;

const options = z.object({
  thrust: z.number().positive().default(4).describe('acceleration at full power, in m/s^2'),
  drag: z.number().nonnegative().default(0.2).describe('fraction of the climb rate lost to air per second'),
  gust: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe("standard deviation of the wind's effect on the climb rate in one step, in m/s"),
  effort: z.number().positive().default(1).describe('cost of flying at full power for one step, doubled'),
  range: z.number().min(1).default(2).describe('height error above which the drone is lost, in m'),
});

export type HoverOptions = z.output<typeof options>;

/**
 * A drone that has to keep its height in gusty wind. The observation is [height error h in m, climb rate v in m/s]. The
 * action is the power u in [-1, 1] in addition to what carries the weight; it is clipped to these bounds. With dt = 0.1
 * s and noise n ~ N(0, 1),
 *
 *   h' = h + dt v,   v' = v + dt (thrust u - drag v) + gust n,   reward = -(h^2 + 0.1 v^2 + effort u^2) / 2,
 *
 * so while power stays within its bounds the best policy is linear and known exactly. An episode starts within 1 m and
 * 0.5 m/s of hovering, and ends with another -100 at |h'| > range.
 */
export class Hover extends StateVectorEnvironment<Float32Array, Float32Array> {
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [2] });
  readonly actionSpace = new Box({ low: [-1], high: [1] });

  constructor(private readonly options: HoverOptions) {
    super(2);
  }

  protected start(rng: Rng): void {
    this.state[0] = 2 * rng.uniform() - 1;
    this.state[1] = rng.uniform() - 0.5;
  }

  protected advance(action: Float32Array, rng: Rng): Outcome {
    const { thrust, drag, gust, effort, range } = this.options;
    const [height, climb] = this.state as unknown as readonly [number, number];
    const power = Math.min(Math.max(action[0]!, -1), 1);
    this.state[0] = height + STEP * climb;
    this.state[1] = climb + STEP * (thrust * power - drag * climb) + gust * rng.normal();

    const terminated = Math.abs(this.state[0]) > range;
    const cost = (height ** 2 + CLIMB_COST * climb ** 2 + effort * power ** 2) / 2;
    return { reward: -cost - (terminated ? COST_OF_GETTING_LOST : 0), terminated };
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }
}

export const hover = defineEnvironment({
  id: 'Hover-v0',
  description: 'Keep a drone at its height in gusty wind.',
  options,
  maxEpisodeSteps: 50,
  create: (given) => new Hover(given),
});
