import { Box, Discrete, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const TOTAL_MASS = POLE_MASS + CART_MASS;
/** Half the pole's length in m. */
const HALF_LENGTH = 0.5;
const POLE_MOMENT = POLE_MASS * HALF_LENGTH;
/** The force in N, in the direction of the action. */
const FORCE = 10;
/** Seconds per step. */
const TIME_STEP = 0.02;
const POSITION_LIMIT = 2.4;
const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;

const cartPoleOptions = z.object({
  suttonBartoReward: z
    .boolean()
    .default(false)
    .describe('Pay 0 per step and -1 when the pole falls, instead of 1 per step.'),
});

/**
 * Balance a pole on a cart that is pushed left (action 0) or right (action 1): Gymnasium's CartPole-v1. State and
 * observation: [position in m, velocity, pole angle in rad, angular velocity]. Terminates beyond 2.4 m or 12
 * degrees. Reward: 1 for every step, including the last.
 */
export class CartPole extends StateVectorEnvironment<Float32Array, number> {
  protected override readonly picture = 'CartPole';
  readonly observationSpace = new Box({
    low: [-2 * POSITION_LIMIT, -Infinity, -2 * ANGLE_LIMIT, -Infinity],
    high: [2 * POSITION_LIMIT, Infinity, 2 * ANGLE_LIMIT, Infinity],
    names: ['position', 'velocity', 'angle', 'angular velocity'],
  });
  readonly actionSpace = new Discrete(2, ['left', 'right']);

  constructor(private readonly options: z.output<typeof cartPoleOptions> = cartPoleOptions.parse({})) {
    super(4);
  }

  protected start(rng: Rng): void {
    rng.fillUniform(this.state, -0.05, 0.05);
  }

  protected advance(action: number): Outcome {
    const [x, xDot, theta, thetaDot] = this.state as unknown as [number, number, number, number];
    const force = action === 1 ? FORCE : -FORCE;
    const cosine = Math.cos(theta);
    const sine = Math.sin(theta);
    const push = (force + POLE_MOMENT * thetaDot ** 2 * sine) / TOTAL_MASS;
    const thetaAcceleration =
      (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * cosine ** 2) / TOTAL_MASS));
    const xAcceleration = push - (POLE_MOMENT * thetaAcceleration * cosine) / TOTAL_MASS;
    // Explicit Euler: positions move with the velocities from before the step.
    const newX = x + TIME_STEP * xDot;
    const newTheta = theta + TIME_STEP * thetaDot;
    this.state[0] = newX;
    this.state[1] = xDot + TIME_STEP * xAcceleration;
    this.state[2] = newTheta;
    this.state[3] = thetaDot + TIME_STEP * thetaAcceleration;
    const terminated = Math.abs(newX) > POSITION_LIMIT || Math.abs(newTheta) > ANGLE_LIMIT;
    return { reward: this.rewardFor(terminated), terminated };
  }

  observe(): Float32Array {
    return Float32Array.from(this.state);
  }

  private rewardFor(terminated: boolean): number {
    if (!this.options.suttonBartoReward) return 1;
    return terminated ? -1 : 0;
  }
}

export const cartPole = defineEnvironment({
  id: 'CartPole-v1',
  description: 'Balance a pole on a cart by pushing it left or right.',
  options: cartPoleOptions,
  maxEpisodeSteps: 500,
  create: (options) => new CartPole(options),
});
