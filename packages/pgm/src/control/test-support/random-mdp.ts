import type { TabularMdp } from '@maxent/core';
import fc from 'fast-check';
import type { ActionPrior } from '../control-options.js';
import { mdpOf } from './worlds.js';

export interface RandomMdpOptions {
  readonly maxSize: number;
  /** Whether a successor may be impossible, or all but one. */
  readonly deterministic?: boolean;
  /** Whether actions may be forbidden by a reward of -Infinity; default false. */
  readonly forbidding?: boolean;
  /** Whether states may be terminal; default false. */
  readonly ending?: boolean;
  readonly lowestReward?: number;
  readonly highestReward?: number;
}

/** Returns weights, some of them 0, as probabilities. */
function distribution(size: number, deterministic: boolean): fc.Arbitrary<number[]> {
  if (deterministic) {
    return fc.nat(size - 1).map((chosen) => Array.from({ length: size }, (_, i) => Number(i === chosen)));
  }
  return fc
    .array(fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: real(0.05, 1) }), {
      minLength: size,
      maxLength: size,
    })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map((weight) => weight / sum);
    });
}

export function real(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}

export function randomMdp({
  maxSize,
  deterministic = false,
  forbidding = false,
  ending = false,
  lowestReward = -3,
  highestReward = 3,
}: RandomMdpOptions): fc.Arbitrary<TabularMdp> {
  const reward: fc.Arbitrary<number> = real(lowestReward, highestReward);
  const entry = forbidding
    ? fc.oneof({ weight: 4, arbitrary: reward }, { weight: 1, arbitrary: fc.constant(-Infinity) })
    : reward;
  const tuple = <T>(arbitrary: fc.Arbitrary<T>, length: number) =>
    fc.array(arbitrary, { minLength: length, maxLength: length });
  return fc
    .tuple(fc.integer({ min: 1, max: maxSize }), fc.integer({ min: 1, max: maxSize }))
    .chain(([states, actions]) =>
      fc
        .record({
          transition: tuple(tuple(distribution(states, deterministic), actions), states),
          reward: tuple(tuple(entry, actions), states),
          initial: distribution(states, false),
          terminal: tuple(ending ? fc.nat(1) : fc.constant(0), states),
        })
        .map(({ transition, reward, initial, terminal }) => mdpOf(transition, reward, { initial, terminal })),
    );
}

/** Returns a prior for the process: none, uniform, or one with a positive and perhaps some forbidden actions. */
export function randomPrior({ stateCount, actionCount }: TabularMdp): fc.Arbitrary<ActionPrior> {
  return fc.oneof(
    fc.constant<ActionPrior>('none'),
    fc.constant<ActionPrior>('uniform'),
    fc
      .array(distribution(actionCount, false), { minLength: stateCount, maxLength: stateCount })
      .map((rows) => Float64Array.from(rows.flat())),
  );
}

/** Returns a policy [steps, states, actions] with positive and zero entries. */
export function randomPolicy(
  { stateCount, actionCount }: TabularMdp,
  steps: number,
): fc.Arbitrary<Float64Array> {
  return fc
    .array(distribution(actionCount, false), { minLength: steps * stateCount, maxLength: steps * stateCount })
    .map((rows) => Float64Array.from(rows.flat()));
}
