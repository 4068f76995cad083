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

/** Why `made` is not an environment, without calling it; undefined if it has an environment's methods. */
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

/** Why an episode cannot have this limit; undefined if it can, or if there is no limit (absent, null or Infinity). */
export function limitProblem(limit: unknown): string | undefined {
  if (limit === undefined || limit === null || limit === Number.POSITIVE_INFINITY) return undefined;
  if (Number.isSafeInteger(limit) && (limit as number) > 0) return undefined;
  return `maxEpisodeSteps is ${showValue(limit)}; expected a positive integer, or null for no limit`;
}

/** What is wrong with an episode that goes on past the end that the environment's maker promised. */
export function endlessSentence(limit: number): string {
  return (
    `the episode has neither terminated nor been truncated after ${limit} steps, the maxEpisodeSteps that its task family ` +
    `promises; wrap what create returns: new TimeLimit(environment, ${limit}) of @maxent/envs`
  );
}

/** What is wrong if only one of `getState` and `setState` exists; undefined when both or neither do. */
export function stateProblem({ getState, setState }: Environment): string | undefined {
  if ((getState === undefined) === (setState === undefined)) return undefined;
  return `only ${getState === undefined ? 'setState' : 'getState'} exists; implement both or neither`;
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
  return wrong === undefined
    ? undefined
    : `${method} returned an observation that does not fit ${space}: ${wrong}`;
}

/** What is wrong with an observation whose numbers are not all finite; undefined when they are. */
export function finitenessProblem(
  method: Method,
  observation: unknown,
  infinite = false,
): string | undefined {
  if (isFiniteValue(observation, infinite)) return undefined;
  const where = nonFiniteEntry(observation, infinite);
  return `${method} returned the observation ${showValue(observation)}, which is not finite${where === '' ? '' : `: ${where}`}`;
}

/** What is wrong with an observation of the right shape that is not in its space; undefined if it is in it. */
export function outsideProblem(
  method: Method,
  space: Space<unknown>,
  observation: unknown,
): string | undefined {
  if (space.contains(observation)) return undefined;
  const outside = outOfBounds(space, observation);
  const because = outside === undefined ? '' : `: ${outside}`;
  return `${method} returned the observation ${showValue(observation)}, which is not in ${space}${because}`;
}

/** What is wrong with an observation that holds an array of the wrong type; undefined when all are right. */
export function dataTypeProblem(
  method: Method,
  space: Space<unknown>,
  observation: unknown,
): string | undefined {
  const wrong = wrongDataType(space, observation);
  return wrong === undefined ? undefined : `${method} returned ${wrong}`;
}

/** Why reward, flags or duration of a step cannot be used; undefined when they can. */
export function numbersProblem(result: StepResult<unknown>, infinite = false): string | undefined {
  return rewardProblem(result, infinite) ?? flagProblem(result) ?? durationProblem(result);
}

/** What is wrong with a result's info; undefined when it is an object. */
export function infoProblem(method: Method, { info }: { readonly info?: unknown }): string | undefined {
  if (typeof info === 'object' && info !== null) return undefined;
  return `${method} returned the info ${showValue(info)}; return an object, {} if there is nothing to report`;
}

export function changedObservation(index: number | string): string {
  return `observation ${index} changed when the environment went on; return a copy`;
}

export const WROTE_INTO_ACTION = 'step wrote into the action it was given; change a copy';

const SYNCHRONOUS =
  'an environment is synchronous once made: load what it needs in `create`, which may return a promise';

/** Why a result does not have the right form; undefined when it does. */
export function resultProblem(method: Method, result: unknown): string | undefined {
  if (isPromise(result)) return `${method} returned a promise; ${SYNCHRONOUS}`;
  const expected = `return ${RESULTS[method]}`;
  if (Array.isArray(result)) {
    return `${method} returned an array of ${result.length}, as in Python's Gym and Gymnasium; ${expected}`;
  }
  if (typeof result !== 'object' || result === null || ArrayBuffer.isView(result)) {
    const bare = method === 'reset' && result !== undefined && result !== null;
    return `${method} returned ${bare ? 'the observation alone, ' : ''}${showValue(result)}; ${expected}`;
  }
  if ('observation' in result) return undefined;
  const keys = Object.keys(result);
  const found =
    keys.length === 0 ? 'an object without keys' : `an object with the keys ${keys.slice(0, 8).join(', ')}`;
  return `${method} returned ${found} and no observation; ${expected}`;
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
    return `step returned the reward ${showValue(reward)}; expected a finite number`;
  if (originalReward === undefined || isNumber(originalReward, infinite)) return undefined;
  return `step returned the originalReward ${showValue(originalReward)}; expected a finite number, or none`;
}

function isNumber(value: unknown, infinite: boolean): boolean {
  return typeof value === 'number' && isFiniteValue(value, infinite);
}

function flagProblem(result: StepResult<unknown>): string | undefined {
  for (const flag of ['terminated', 'truncated'] as const) {
    if (typeof result[flag] === 'boolean') continue;
    const found = `step returned ${flag} ${showValue(result[flag])}`;
    return 'done' in result
      ? `${found} and done, as in old versions of Gym; return terminated if the task itself ended, and truncated if a limit cut the episode off`
      : `${found}; expected true or false`;
  }
  return undefined;
}

function durationProblem({ duration }: StepResult<unknown>): string | undefined {
  if (duration === undefined || (Number.isFinite(duration) && duration > 0)) return undefined;
  return `step returned the duration ${showValue(duration)}; expected a positive number of steps, or none`;
}

/** Whether a function is declared `async`. */
export function isAsync(method: unknown): boolean {
  return Object.prototype.toString.call(method) === '[object AsyncFunction]';
}

/** Why a picture cannot be shown; undefined if it looks like the text of an SVG document. */
export function pictureProblem(picture: unknown): string | undefined {
  if (typeof picture === 'string' && /^\s*<svg[\s>]/.test(picture)) return undefined;
  return `render returned ${showValue(picture)}, not the text of an SVG document, <svg ...>...</svg>`;
}
