import { Box, type BoxArray, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';
import { precisionOf } from './precision.js';

const MAX_SPEED = 8;
const MAX_TORQUE = 2;
/** Seconds per step. */
const TIME_STEP = 0.05;
/** The mass in kg and length in m of the rod. */
const MASS = 1;
const LENGTH = 1;

const pendulumOptions = z.object({
  gravity: z.number().default(10).describe('Acceleration due to gravity in m/s^2.'),
});

/**
 * Swing a rod up and hold it upright: Gymnasium's Pendulum-v1. State: angle in rad (0 upright, not wrapped),
 * angular velocity in rad/s. Observation: [cos, sin, angular velocity]. Action: torque in N m, clipped to [-2, 2].
 * Reward, from the state before the step: -(wrapped angle^2 + 0.1 velocity^2 + 0.001 torque^2). Never terminates.
 */
export class Pendulum extends StateVectorEnvironment<Float32Array, BoxArray> {
  protected override readonly picture = 'Pendulum';
  readonly observationSpace = new Box({
    low: [-1, -1, -MAX_SPEED],
    high: [1, 1, MAX_SPEED],
    names: ['cos angle', 'sin angle', 'angular velocity'],
  });
  readonly actionSpace = new Box({ low: [-MAX_TORQUE], high: [MAX_TORQUE], names: ['torque'] });

  constructor(private readonly options: z.output<typeof pendulumOptions> = pendulumOptions.parse({})) {
    super(2);
  }

  protected start(rng: Rng): void {
    this.state[0] = rng.uniform(-Math.PI, Math.PI);
    this.state[1] = rng.uniform(-1, 1);
  }

  protected advance(action: BoxArray): Outcome {
    const angle = this.state[0]!;
    const velocity = this.state[1]!;
    // What NumPy computes only from a float32 action stays float32.
    const round = precisionOf(action);
    const torque = clip(action[0]!, MAX_TORQUE);
    const torqueAcceleration = round((3 / (MASS * LENGTH ** 2)) * torque);
    const torqueCost = round(round(0.001) * round(torque * torque));
    const gravityAcceleration = ((3 * this.options.gravity) / (2 * LENGTH)) * Math.sin(angle);
    const newVelocity = clip(velocity + (gravityAcceleration + torqueAcceleration) * TIME_STEP, MAX_SPEED);
    this.state[0] = angle + newVelocity * TIME_STEP;
    this.state[1] = newVelocity;
    return { reward: -(wrapAngle(angle) ** 2 + 0.1 * velocity ** 2 + torqueCost), terminated: false };
  }

  observe(): Float32Array {
    const angle = this.state[0]!;
    return Float32Array.of(Math.cos(angle), Math.sin(angle), this.state[1]!);
  }
}

export const pendulum = defineEnvironment({
  id: 'Pendulum-v1',
  description: 'Swing a rod up and hold it upright with limited torque.',
  options: pendulumOptions,
  maxEpisodeSteps: 200,
  create: (options) => new Pendulum(options),
});

/** The angle in [-pi, pi). */
function wrapAngle(angle: number): number {
  const turn = 2 * Math.PI;
  const remainder = (angle + Math.PI) % turn;
  return (remainder < 0 ? remainder + turn : remainder) - Math.PI;
}
