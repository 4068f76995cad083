import type { Environment, ResetResult, StepResult } from '../environment.js';
import { showValue } from '../show-value.js';
import type { Space } from '../spaces/space.js';
import { isPromise } from './thrown.js';
import {
  isFiniteValue,
  nonFiniteEntry,
  outOfBounds,
  spaceProblem,
  wrongDataType,
  wrongShape,
} from './value-sentences.js';

type Method = 'reset' | 'step';

const RESULTS = {
  reset: '{ observation, info }',
  step: '{ observation, reward, terminated, truncated, info }',
} as const;

const METHODS = ['reset', 'step', 'close'] as const;

/** Why `made` is not an environment, without calling it; undefined when it has what one consists of. */
export function environmentProblem(made: unknown): string | undefined {
  if (isPromise(made)) return 'a promise, not an environment; await it';
  if (typeof made === 'function')
    return 'a function or class, not an environment; make one with `new` or call it';
  if (typeof made !== 'object' || made === null) return `${showValue(made)}, not an environment`;
  const environment = made as Partial<Environment>;
  const missing = METHODS.find((method) => typeof environment[method] !== 'function');
  if (missing !== undefined) return `an object that is not an environment: it has no ${missing} method`;
  const waiting = METHODS.find((method) => isAsync(environment[method]));
  if (waiting === undefined) return undefined;
  const { count } = made as { readonly count?: unknown };
  return Number.isInteger(count)
    ? `a vector environment of ${count}, not a single environment; its ${waiting} is asynchronous`
    : `an environment whose ${waiting} is asynchronous; ${SYNCHRONOUS}`;
}

/** Why the environment's spaces cannot be used; undefined when they can. */
export function spacesProblem({ observationSpace, actionSpace }: Environment): string | undefined {
  return spaceProblem('observationSpace', observationSpace) ?? spaceProblem('actionSpace', actionSpace);
}

/** A limit that no episode can have; undefined for one that can be, and for none: absent, null or Infinity. */
export function limitProblem(limit: unknown): string | undefined {
  if (limit === undefined || limit === null || limit === Number.POSITIVE_INFINITY) return undefined;
  if (Number.isSafeInteger(limit) && (limit as number) > 0) return undefined;
  return `maxEpisodeSteps is ${showValue(limit)}; expected a positive integer of steps, or null for no limit`;
}

/** What is wrong with an episode that goes on where the environment's maker promised its end. */
export function endlessSentence(limit: number): string {
  return (
    `the episode has neither terminated nor been truncated after ${limit} steps, the maxEpisodeSteps that its task family ` +
    `promises; wrap what create gives: new TimeLimit(environment, ${limit}) of @maxent/envs`
  );
}

/** A state that can be taken but not set back, or the other way round; undefined when there are both or neither. */
export function stateProblem({ getState, setState }: Environment): string | undefined {
  if ((getState === undefined) === (setState === undefined)) return undefined;
  return `only ${getState === undefined ? 'setState' : 'getState'} exists; offer both or neither`;
}

/** Why the result of `reset` cannot be used; undefined when it can. With `infinite`, infinities can. */
export function resetProblem(space: Space<unknown>, result: unknown, infinite = false): string | undefined {
  return (
    resultProblem('reset', result) ??
    observationProblem('reset', space, result as ResetResult<unknown>, infinite)
  );
}

/** Why the result of `step` cannot be used; undefined when it can. With `infinite`, infinities can. */
export function stepProblem(space: Space<unknown>, result: unknown, infinite = false): string | undefined {
  return (
    resultProblem('step', result) ??
    observationProblem('step', space, result as StepResult<unknown>, infinite) ??
    numbersProblem(result as StepResult<unknown>, infinite)
  );
}

/** Why an observation cannot be read as a vector of numbers in its space; undefined when it can. */
export function shapeProblem(
  method: Method,
  space: Space<unknown>,
  observation: unknown,
): string | undefined {
  const wrong = wrongShape(space, observation);
  return wrong === undefined ? undefined : `${method} gave an observation that is not of ${space}: ${wrong}`;
}

/** An observation with numbers that are not finite; undefined where all are. */
export function finitenessProblem(
  method: Method,
  observation: unknown,
  infinite = false,
): string | undefined {
  if (isFiniteValue(observation, infinite)) return undefined;
  const where = nonFiniteEntry(observation, infinite);
  return `${method} gave the observation ${showValue(observation)}, which is not finite${where === '' ? '' : `: ${where}`}`;
}

/** An observation of the right shape that is not in its space; undefined for one that is. */
export function outsideProblem(
  method: Method,
  space: Space<unknown>,
  observation: unknown,
): string | undefined {
  if (space.contains(observation)) return undefined;
  const outside = outOfBounds(space, observation);
  const because = outside === undefined ? '' : `: ${outside}`;
  return `${method} gave the observation ${showValue(observation)}, which is not in ${space}${because}`;
}

/** An observation that holds an array of another type than its space says; undefined where none does. */
export function dataTypeProblem(
  method: Method,
  space: Space<unknown>,
  observation: unknown,
): string | undefined {
  const wrong = wrongDataType(space, observation);
  return wrong === undefined ? undefined : `${method} gave ${wrong}`;
}

/** Why reward, flags or duration of a step cannot be used; undefined when they can. */
export function numbersProblem(result: StepResult<unknown>, infinite = false): string | undefined {
  return rewardProblem(result, infinite) ?? flagProblem(result) ?? durationProblem(result);
}

/** Why there are no infos in a result; undefined when there are. */
export function infoProblem(method: Method, { info }: { readonly info?: unknown }): string | undefined {
  if (typeof info === 'object' && info !== null) return undefined;
  return `${method} gave the info ${showValue(info)}; give an object, {} where there is nothing to report`;
}

export function changedObservation(index: number | string): string {
  return `observation ${index} changed when the environment went on; give away a copy`;
}

export const WROTE_INTO_ACTION = 'step wrote into the action it was given; change a copy';

const SYNCHRONOUS =
  'an environment is synchronous once made: load what it needs in `create`, which may return a promise';

/** Why a result has no parts to read; undefined when it has. */
export function resultProblem(method: Method, result: unknown): string | undefined {
  if (isPromise(result)) return `${method} gave a promise; ${SYNCHRONOUS}`;
  const expected = `give ${RESULTS[method]}`;
  if (Array.isArray(result)) {
    return `${method} gave an array of ${result.length}, as in Python's Gym and Gymnasium; ${expected}`;
  }
  if (typeof result !== 'object' || result === null || ArrayBuffer.isView(result)) {
    const bare = method === 'reset' && result !== undefined && result !== null;
    return `${method} gave ${bare ? 'the observation alone, ' : ''}${showValue(result)}; ${expected}`;
  }
  if ('observation' in result) return undefined;
  const keys = Object.keys(result);
  const found =
    keys.length === 0 ? 'an object without keys' : `an object with the keys ${keys.slice(0, 8).join(', ')}`;
  return `${method} gave ${found} and no observation; ${expected}`;
}

function observationProblem(
  method: Method,
  space: Space<unknown>,
  { observation }: { readonly observation: unknown },
  infinite: boolean,
): string | undefined {
  return shapeProblem(method, space, observation) ?? finitenessProblem(method, observation, infinite);
}

function rewardProblem(
  { reward, originalReward }: StepResult<unknown>,
  infinite: boolean,
): string | undefined {
  if (!isNumber(reward, infinite))
    return `step gave the reward ${showValue(reward)}; expected a finite number`;
  if (originalReward === undefined || isNumber(originalReward, infinite)) return undefined;
  return `step gave the originalReward ${showValue(originalReward)}; expected a finite number, or none`;
}

function isNumber(value: unknown, infinite: boolean): boolean {
  return typeof value === 'number' && isFiniteValue(value, infinite);
}

function flagProblem(result: StepResult<unknown>): string | undefined {
  for (const flag of ['terminated', 'truncated'] as const) {
    if (typeof result[flag] === 'boolean') continue;
    const found = `step gave ${flag} ${showValue(result[flag])}`;
    return 'done' in result
      ? `${found} and done, the flag of old Gym; give terminated where the task itself ended, and truncated where a limit cut the episode off`
      : `${found}; expected true or false`;
  }
  return undefined;
}

function durationProblem({ duration }: StepResult<unknown>): string | undefined {
  if (duration === undefined || (Number.isFinite(duration) && duration > 0)) return undefined;
  return `step gave the duration ${showValue(duration)}; expected a positive number of steps, or none`;
}

/** Whether a function says by itself that it returns a promise. */
export function isAsync(method: unknown): boolean {
  return Object.prototype.toString.call(method) === '[object AsyncFunction]';
}
