import type { Transition } from './agent.js';
import { InvalidInputError } from './errors.js';
import { showValue } from './show-value.js';
import { requireEnvironmentIndex } from './validation.js';

export interface OutcomeOptions {
  /** The precision in which the learner keeps rewards. Default float32. */
  readonly precision?: 'float32' | 'float64';
  /** How many steps the learner has observed; if given, messages about the reward name it. */
  readonly step?: number | undefined;
}

/**
 * Throws InvalidInputError, whose field begins with `observe`, unless a transition's reward is a finite number in the
 * precision in which the learner keeps it, its flags are boolean, its duration, if any, is a positive integer and its
 * environment, if any, is an index.
 */
export function requireOutcome(
  { reward, terminated, truncated, duration, environment }: Transition,
  { precision = 'float32', step }: OutcomeOptions = {},
): void {
  const where = step === undefined ? '' : ` at step ${step}`;
  if (!Number.isFinite(reward)) {
    throw new InvalidInputError(
      'observe: reward',
      `expected a finite number${where}, got ${showValue(reward)}`,
    );
  }
  if (precision === 'float32' && !Number.isFinite(Math.fround(reward))) {
    throw new InvalidInputError(
      'observe: reward',
      `${reward}${where} is too large for float32, in which rewards are kept; scale the environment's rewards down`,
    );
  }
  requireFlag('observe: terminated', terminated);
  requireFlag('observe: truncated', truncated);
  if (duration !== undefined && !(Number.isInteger(duration) && duration > 0)) {
    throw new InvalidInputError(
      'observe: duration',
      `expected a positive integer, or nothing for 1, got ${showValue(duration)}`,
    );
  }
  requireEnvironmentIndex('observe: environment', environment);
}

function requireFlag(field: string, flag: unknown): void {
  if (flag === true || flag === false) return;
  throw new InvalidInputError(
    field,
    `expected true or false, got ${showValue(flag)}; a transition says separately whether its episode terminated (the task ended) and whether it was truncated (a time limit)`,
  );
}
