import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { BoxArray } from '@maxent/core';
import type { MujocoEnvironment } from '../mujoco-environment.js';

/** Steps and constants of the real Gymnasium, written by apps/lab/peers/gymnasium_mujoco_fixtures.py. */
export interface ParityFixture {
  readonly id: string;
  readonly model: ModelConstants;
  readonly steps: readonly (RecordedStep & { readonly state: RecordedState })[];
  readonly rollouts: readonly RecordedRollout[];
  /** The 0%, 10%, ..., 100% quantiles of every coordinate of qpos and qvel over `count` resets. */
  readonly resets: { readonly count: number; readonly deciles: readonly (readonly number[])[] };
  readonly variants: readonly {
    readonly options: Readonly<Record<string, unknown>>;
    readonly rollout: RecordedRollout;
  }[];
}

interface ModelConstants {
  readonly sizes: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, readonly number[]>>;
  readonly options: Readonly<Record<string, number | readonly number[]>>;
  readonly names: { readonly body: readonly string[]; readonly joint: readonly string[] };
}

interface RecordedState {
  readonly qpos: readonly number[];
  readonly qvel: readonly number[];
  readonly qaccWarmstart?: readonly number[];
}

export interface RecordedRollout {
  readonly state: RecordedState;
  readonly steps: readonly RecordedStep[];
}

export interface RecordedStep {
  readonly action: readonly number[];
  readonly precision: 'float32' | 'float64';
  readonly observation: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
  readonly info: Readonly<Record<string, number | readonly number[]>>;
}

export function readFixture(name: string): ParityFixture {
  const file = new URL(`../fixtures/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString());
}

function actionOf({ action, precision }: RecordedStep): BoxArray {
  return precision === 'float32' ? Float32Array.from(action) : Float64Array.from(action);
}

/**
 * Errors of numbers below this are taken relative to it. A relative error means nothing for exact zeros, or for what is
 * left when numbers of about 1 cancel: such numbers are spaced 2e-16 apart, so below 1e-12 few digits are right.
 */
const SMALLEST_SCALE = 1e-12;

/** Returns the largest |ours - theirs| / max(1e-12, |theirs|); Infinity if lengths differ or a number is missing. */
export function largestGap(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < theirs.length; i++) {
    const gap = Math.abs(ours[i]! - theirs[i]!) / Math.max(SMALLEST_SCALE, Math.abs(theirs[i]!));
    if (!(gap <= largest)) largest = Number.isNaN(gap) ? Infinity : gap;
  }
  return largest;
}

/**
 * Takes the recorded step. Returns the largest gap over observation, reward and reward terms; Infinity if an end
 * differs.
 */
export function stepGap(environment: MujocoEnvironment, recorded: RecordedStep): number {
  const { observation, reward, terminated, info } = environment.step(actionOf(recorded));
  const names = Object.keys(recorded.info).sort();
  if (terminated !== recorded.terminated || Object.keys(info).sort().join() !== names.join()) return Infinity;
  return Math.max(
    largestGap(observation, recorded.observation),
    largestGap([reward], [recorded.reward]),
    ...names.map((name) =>
      largestGap(numbers(info[name] as number | ArrayLike<number>), numbers(recorded.info[name]!)),
    ),
  );
}

export function numbers(value: number | ArrayLike<number>): ArrayLike<number> {
  return typeof value === 'number' ? [value] : value;
}

/** Returns the gap of every step of a recorded rollout, starting from its own state. */
export function rolloutGaps(environment: MujocoEnvironment, { state, steps }: RecordedRollout): number[] {
  environment.setPhysicsState(state);
  return steps.map((recorded) => stepGap(environment, recorded));
}
