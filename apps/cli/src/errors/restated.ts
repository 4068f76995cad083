import { InvalidInputError, isMaxentError } from '@maxent/core';

/** Runs `work`; an InvalidInputError from it gets another field and problem. */
export function restated<T>(work: () => T, restate: (field: string, problem: string) => [string, string]): T {
  try {
    return work();
  } catch (error) {
    if (!isMaxentError(error, 'INVALID_INPUT')) throw error;
    const { field, message } = error;
    throw new InvalidInputError(...restate(field, message.slice(`${field}: `.length)), { cause: error });
  }
}
