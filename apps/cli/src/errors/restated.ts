import { InvalidInputError, isMaxentError } from '@maxent/core';

type Restate = (field: string, problem: string) => [string, string];

/** Runs `work`; an InvalidInputError from it gets another field and problem. */
export function restated<T>(work: () => T, restate: Restate): T {
  try {
    return work();
  } catch (error) {
    throw restatement(error, restate);
  }
}

/** An InvalidInputError with another field and problem; any other error unchanged. */
export function restatement(error: unknown, restate: Restate): unknown {
  if (!isMaxentError(error, 'INVALID_INPUT')) return error;
  const { field, message } = error;
  return new InvalidInputError(...restate(field, message.slice(`${field}: `.length)), { cause: error });
}
