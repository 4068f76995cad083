import type { Transition } from './agent.js';
import { InvalidInputError } from './errors.js';
import { showValue } from './show-value.js';

/**
 * Throws InvalidInputError, whose field begins with `door`, unless a transition's reward is a finite number, its flags
 * are boolean and its duration, if any, is a positive integer.
 */
export function requireOutcome(
  { reward, terminated, truncated, duration }: Transition,
  door = 'observe',
): void {
  if (!Number.isFinite(reward)) {
    throw new InvalidInputError(`${door}: reward`, `expected a finite number, got ${showValue(reward)}`);
  }
  requireFlag(`${door}: terminated`, terminated);
  requireFlag(`${door}: truncated`, truncated);
  if (duration !== undefined && !(Number.isInteger(duration) && duration > 0)) {
    throw new InvalidInputError(
      `${door}: duration`,
      `expected a positive integer, or nothing for 1, got ${showValue(duration)}`,
    );
  }
}

function requireFlag(field: string, flag: unknown): void {
  if (flag === true || flag === false) return;
  throw new InvalidInputError(
    field,
    `expected true or false, got ${showValue(flag)}; a transition says apart whether its episode terminated (the task ended) and whether it was truncated (a time limit)`,
  );
}
