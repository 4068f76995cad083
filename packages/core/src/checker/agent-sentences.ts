import type { Agent, UpdateResult } from '../agent.js';
import type { Adaptation, Belief } from '../meta-agent.js';
import { showValue } from '../show-value.js';
import type { Space } from '../spaces/space.js';
import { isAsync } from './environment-sentences.js';
import { isPromise } from './thrown.js';
import { outOfBounds, wrongShape } from './value-sentences.js';

const METHODS = ['act', 'observe', 'update', 'save', 'load', 'dispose'] as const;

/** Why `made` is not an agent, without calling it; undefined if it has an agent's methods. */
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
  if (isPromise(action)) return `${what} returned a promise; ${SYNCHRONOUS}`;
  const wrong = wrongShape(space, action);
  return wrong === undefined ? undefined : `${what} returned an action that does not fit ${space}: ${wrong}`;
}

/** What is wrong with an action that has the form of its space but is not in it; undefined if it is in it. */
export function actionOutside(what: string, space: Space<unknown>, action: unknown): string | undefined {
  if (space.contains(action)) return undefined;
  const outside = outOfBounds(space, action);
  return `${what} returned ${showValue(action)}, which is not in ${space}${outside === undefined ? '' : `: ${outside}`}`;
}

export const WROTE_INTO_OBSERVATION = 'act wrote into the observation it was given; change a copy';

/** Why the result of `update` cannot be used; undefined when it can. */
export function updateProblem(result: unknown): string | undefined {
  return updateFormProblem(result) ?? countProblem((result as UpdateResult).gradientSteps);
}

/** Why the result of `update` does not have the right form; undefined when it does. */
export function updateFormProblem(result: unknown): string | undefined {
  const expected = 'return { gradientSteps, metrics }';
  if (isPromise(result)) return `update returned a promise; ${SYNCHRONOUS}`;
  if (typeof result !== 'object' || result === null)
    return `update returned ${showValue(result)}; ${expected}`;
  const { metrics } = result as Partial<UpdateResult>;
  if (typeof metrics === 'function') return undefined;
  return `update returned the metrics ${showValue(metrics)}; return a function that returns them`;
}

/** Why `gradientSteps` is not a count; undefined when it is one. */
export function countProblem(gradientSteps: number): string | undefined {
  if (Number.isInteger(gradientSteps) && gradientSteps >= 0) return undefined;
  return `update returned ${showValue(gradientSteps)} gradient steps; return an integer, 0 if it took none`;
}

/** Why metrics cannot be logged, whatever their numbers are; undefined when they can. */
export function metricsProblem(metrics: unknown): string | undefined {
  if (isPromise(metrics)) return 'metrics returned a promise; return a record of numbers directly';
  if (typeof metrics !== 'object' || metrics === null) {
    return `metrics returned ${showValue(metrics)}; return a record of numbers`;
  }
  const bad = Object.entries(metrics).find(([, value]) => typeof value !== 'number');
  return bad === undefined ? undefined : `metric ${bad[0]} is ${showValue(bad[1])}; expected a number`;
}

const ADAPTATION_METHODS = ['beginEpisode', 'act', 'observe', 'belief'] as const;

/** Why the result of `adapt` cannot act in a task; undefined when it can. */
export function adaptationProblem(made: unknown): string | undefined {
  const expected = `return an object with ${ADAPTATION_METHODS.join(', ')}`;
  if (isPromise(made) || typeof made !== 'object' || made === null)
    return `adapt returned ${showValue(made)}; ${expected}`;
  const adaptation = made as Partial<Adaptation>;
  const missing = ADAPTATION_METHODS.find((method) => typeof adaptation[method] !== 'function');
  return missing === undefined
    ? undefined
    : `adapt returned an object that has no ${missing} method; ${expected}`;
}

/** Why a belief cannot be shown; undefined when it can, or when there is no belief. */
export function beliefProblem(belief: unknown): string | undefined {
  if (belief === undefined) return undefined;
  const { mean, variance } = (belief ?? {}) as Partial<Belief>;
  const fits = Array.isArray(mean) && Array.isArray(variance) && mean.length === variance.length;
  if (fits && [...mean, ...variance].every((entry) => typeof entry === 'number')) return undefined;
  return `belief returned ${showValue(belief)}; return { mean, variance }, arrays of equal length, or undefined`;
}

const SYNCHRONOUS =
  'an agent is synchronous once made: load what it needs in `create`, which may return a promise';
