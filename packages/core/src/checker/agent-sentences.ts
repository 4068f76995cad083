import type { Agent, UpdateResult } from '../agent.js';
import type { Adaptation, Belief } from '../meta-agent.js';
import { showValue } from '../show-value.js';
import type { Space } from '../spaces/space.js';
import { isAsync } from './environment-sentences.js';
import { isPromise } from './thrown.js';
import { outOfBounds, wrongShape } from './value-sentences.js';

const METHODS = ['act', 'observe', 'update', 'save', 'load', 'dispose'] as const;

/** Why `made` is not an agent, without calling it; undefined when it has what one consists of. */
export function agentProblem(made: unknown): string | undefined {
  if (isPromise(made)) return 'a promise, not an agent; await it';
  if (typeof made === 'function') return 'a function or class, not an agent; make one with `new` or call it';
  if (typeof made !== 'object' || made === null) return `${showValue(made)}, not an agent`;
  const agent = made as Partial<Agent>;
  const missing = METHODS.find((method) => typeof agent[method] !== 'function');
  if (missing !== undefined) return `an object that is not an agent: it has no ${missing} method`;
  const waiting = METHODS.find((method) => isAsync(agent[method]));
  return waiting === undefined ? undefined : `an agent whose ${waiting} is asynchronous; ${SYNCHRONOUS}`;
}

/** Why an action cannot be taken, whatever its numbers are; undefined when it can. `what` names the call. */
export function actionProblem(what: string, space: Space<unknown>, action: unknown): string | undefined {
  if (isPromise(action)) return `${what} gave a promise; ${SYNCHRONOUS}`;
  const wrong = wrongShape(space, action);
  return wrong === undefined ? undefined : `${what} gave an action that is not of ${space}: ${wrong}`;
}

/** An action that has the form of its space and is not in it; undefined for one that is. */
export function actionOutside(what: string, space: Space<unknown>, action: unknown): string | undefined {
  if (space.contains(action)) return undefined;
  const outside = outOfBounds(space, action);
  return `${what} gave ${showValue(action)}, which is not in ${space}${outside === undefined ? '' : `: ${outside}`}`;
}

export const WROTE_INTO_OBSERVATION = 'act wrote into the observation it was given; change a copy';

/** Why the result of `update` cannot be used; undefined when it can. */
export function updateProblem(result: unknown): string | undefined {
  return updateFormProblem(result) ?? countProblem((result as UpdateResult).gradientSteps);
}

/** Why the result of `update` has no parts to read; undefined when it has. */
export function updateFormProblem(result: unknown): string | undefined {
  const expected = 'give { gradientSteps, metrics }';
  if (isPromise(result)) return `update gave a promise; ${SYNCHRONOUS}`;
  if (typeof result !== 'object' || result === null) return `update gave ${showValue(result)}; ${expected}`;
  const { metrics } = result as Partial<UpdateResult>;
  if (typeof metrics === 'function') return undefined;
  return `update gave the metrics ${showValue(metrics)}; give a function that returns them`;
}

/** Why `gradientSteps` is not a count; undefined when it is one. */
export function countProblem(gradientSteps: number): string | undefined {
  if (Number.isInteger(gradientSteps) && gradientSteps >= 0) return undefined;
  return `update gave ${showValue(gradientSteps)} gradient steps; give an integer, 0 while there was none`;
}

/** Why metrics cannot be logged, whatever their numbers are; undefined when they can. */
export function metricsProblem(metrics: unknown): string | undefined {
  if (isPromise(metrics)) return 'metrics gave a promise; give a record of numbers at once';
  if (typeof metrics !== 'object' || metrics === null) {
    return `metrics gave ${showValue(metrics)}; give a record of numbers`;
  }
  const bad = Object.entries(metrics).find(([, value]) => typeof value !== 'number');
  return bad === undefined ? undefined : `metric ${bad[0]} is ${showValue(bad[1])}; give a number`;
}

const ADAPTATION_METHODS = ['beginEpisode', 'act', 'observe', 'belief'] as const;

/** Why what `adapt` gave cannot act in a task; undefined when it can. */
export function adaptationProblem(made: unknown): string | undefined {
  const expected = `give an object with ${ADAPTATION_METHODS.join(', ')}`;
  if (isPromise(made) || typeof made !== 'object' || made === null)
    return `adapt gave ${showValue(made)}; ${expected}`;
  const adaptation = made as Partial<Adaptation>;
  const missing = ADAPTATION_METHODS.find((method) => typeof adaptation[method] !== 'function');
  return missing === undefined
    ? undefined
    : `adapt gave an object that has no ${missing} method; ${expected}`;
}

/** Why a belief cannot be shown; undefined when it can, or there is none. */
export function beliefProblem(belief: unknown): string | undefined {
  if (belief === undefined) return undefined;
  const { mean, variance } = (belief ?? {}) as Partial<Belief>;
  const fits = Array.isArray(mean) && Array.isArray(variance) && mean.length === variance.length;
  if (fits && [...mean, ...variance].every((entry) => typeof entry === 'number')) return undefined;
  return `belief gave ${showValue(belief)}; give { mean, variance }, arrays of as many numbers, or undefined`;
}

const SYNCHRONOUS =
  'an agent is synchronous once made: load what it needs in `create`, which may return a promise';
