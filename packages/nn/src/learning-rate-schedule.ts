import { InvalidInputError } from '@maxent/core';

/** How a learning rate falls over an optimizer's steps. */
export interface LearningRateSchedule {
  /** `linear` falls evenly; `cosine` slowly at first and at the end (Loshchilov and Hutter 2017, equation 5). */
  readonly kind: 'constant' | 'linear' | 'cosine';
  /** The number of steps after which the last learning rate is reached; it stays from then on. */
  readonly steps: number;
  /** The last learning rate, as a fraction of the first. */
  readonly final: number;
}

/** The learning rate after `taken` steps, as a fraction of the first: final + (1 - final) f(taken / steps). */
export function learningRateFactor({ kind, steps, final }: LearningRateSchedule, taken: number): number {
  if (kind === 'constant') return 1;
  const share = Math.min(taken / steps, 1);
  const left = kind === 'linear' ? 1 - share : (1 + Math.cos(Math.PI * share)) / 2;
  return final + (1 - final) * left;
}

/** @throws InvalidInputError if a field is out of range. */
export function checkSchedule({ kind, steps, final }: LearningRateSchedule): void {
  const check = (field: string, value: unknown, fits: boolean, expected: string): void => {
    if (!fits) throw new InvalidInputError(`schedule.${field}`, `expected ${expected}, got ${value}`);
  };
  check('kind', kind, ['constant', 'linear', 'cosine'].includes(kind), 'constant, linear or cosine');
  check('steps', steps, steps > 0 && steps < Infinity, 'a positive number');
  check('final', final, final >= 0 && final <= 1, 'a number in [0, 1]');
}
