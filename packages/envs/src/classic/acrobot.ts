import { Box, Discrete, defineEnvironment, type Rng } from '@maxent/core';
import * as z from 'zod';
import { clip } from '../clip.js';
import { type Outcome, StateVectorEnvironment } from '../state-vector-environment.js';

/** Seconds per step. */
const TIME_STEP = 0.2;
const GRAVITY = 9.8;
/** The mass in kg and length in m of each link, whose center of mass is at its middle. */
const MASS = 1;
const LENGTH = 1;
const CENTER = 0.5;
/** The moment of inertia of each link in kg m^2. */
const INERTIA = 1;
const MAX_SPEED_1 = 4 * Math.PI;
const MAX_SPEED_2 = 9 * Math.PI;

/** The first angle (0 hangs down), the second angle relative to the first, and their velocities, in rad and rad/s. */
type Motion = readonly [number, number, number, number];

/**
 * Swing up a two-link pendulum with torque at its middle joint: Gymnasium's Acrobot-v1, with the equations from Sutton
 * and Barto's book, one step of fourth-order Runge-Kutta per action. Actions: torque -1, 0 or 1 N m. Observation:
 * cosine and sine of both angles, and the angular velocities. Reward: -1 per step, except 0 on the step that brings the
 * tip one link's length above the pivot, which terminates.
 */
export class Acrobot extends StateVectorEnvironment<Float32Array, number> {
  protected override readonly picture = 'Acrobot';
  readonly observationSpace = new Box({
    low: [-1, -1, -1, -1, -MAX_SPEED_1, -MAX_SPEED_2],
    high: [1, 1, 1, 1, MAX_SPEED_1, MAX_SPEED_2],
    names: ['cos angle 1', 'sin angle 1', 'cos angle 2', 'sin angle 2', 'velocity 1', 'velocity 2'],
  });
  readonly actionSpace = new Discrete(3, ['torque -1', 'torque 0', 'torque 1']);

  constructor() {
    super(4);
  }

  protected start(rng: Rng): void {
    // Gymnasium keeps the start state in single precision and every later state in double precision.
    for (let i = 0; i < 4; i++) this.state[i] = Math.fround(rng.uniform(-0.1, 0.1));
  }

  protected advance(action: number): Outcome {
    const [angle1, angle2, speed1, speed2] = rungeKutta4(this.state as unknown as Motion, action - 1);
    this.state[0] = wrapAngle(angle1);
    this.state[1] = wrapAngle(angle2);
    this.state[2] = clip(speed1, MAX_SPEED_1);
    this.state[3] = clip(speed2, MAX_SPEED_2);
    const height = -Math.cos(this.state[0]) - Math.cos(this.state[1] + this.state[0]);
    const terminated = height > 1;
    return { reward: terminated ? 0 : -1, terminated };
  }

  observe(): Float32Array {
    const [angle1, angle2, speed1, speed2] = this.state as unknown as Motion;
    return Float32Array.of(
      Math.cos(angle1),
      Math.sin(angle1),
      Math.cos(angle2),
      Math.sin(angle2),
      speed1,
      speed2,
    );
  }
}

export const acrobot = defineEnvironment({
  id: 'Acrobot-v1',
  description: 'Swing up a two-link pendulum with torque at its middle joint.',
  options: z.object({}),
  maxEpisodeSteps: 500,
  create: () => new Acrobot(),
});

function rungeKutta4(start: Motion, torque: number): Motion {
  const after = (slope: Motion, time: number): Motion => [
    start[0] + time * slope[0],
    start[1] + time * slope[1],
    start[2] + time * slope[2],
    start[3] + time * slope[3],
  ];
  const k1 = derivative(start, torque);
  const k2 = derivative(after(k1, TIME_STEP / 2), torque);
  const k3 = derivative(after(k2, TIME_STEP / 2), torque);
  const k4 = derivative(after(k3, TIME_STEP), torque);
  const sum = (i: 0 | 1 | 2 | 3) => k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i];
  return after([sum(0), sum(1), sum(2), sum(3)], TIME_STEP / 6);
}

function derivative([angle1, angle2, speed1, speed2]: Motion, torque: number): Motion {
  const reach = MASS * LENGTH * CENTER;
  const inertia =
    MASS * CENTER ** 2 +
    MASS * (LENGTH ** 2 + CENTER ** 2 + 2 * LENGTH * CENTER * Math.cos(angle2)) +
    2 * INERTIA;
  const coupling = MASS * (CENTER ** 2 + LENGTH * CENTER * Math.cos(angle2)) + INERTIA;
  const weight2 = MASS * CENTER * GRAVITY * Math.cos(angle1 + angle2 - Math.PI / 2);
  const load1 =
    -reach * speed2 ** 2 * Math.sin(angle2) -
    2 * reach * speed2 * speed1 * Math.sin(angle2) +
    MASS * (CENTER + LENGTH) * GRAVITY * Math.cos(angle1 - Math.PI / 2) +
    weight2;
  const acceleration2 =
    (torque + (coupling / inertia) * load1 - reach * speed1 ** 2 * Math.sin(angle2) - weight2) /
    (MASS * CENTER ** 2 + INERTIA - coupling ** 2 / inertia);
  const acceleration1 = -(coupling * acceleration2 + load1) / inertia;
  return [speed1, speed2, acceleration1, acceleration2];
}

/** The angle, shifted by whole turns into [-pi, pi]. */
function wrapAngle(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}
