import { showValue } from '../show-value.js';
import type { TaskFamily, TaskSplit, TaskSplitOptions } from '../task-family.js';
import { isPlainJson } from './value-sentences.js';

const METHODS = ['split', 'descriptor', 'create'] as const;

/** Why `made` is not a task family, without calling it; undefined if it has a task family's methods. */
export function taskFamilyProblem(made: unknown): string | undefined {
  if (typeof made !== 'object' || made === null) return `${showValue(made)}, not a task family`;
  const family = made as Partial<TaskFamily>;
  const missing = METHODS.find((method) => typeof family[method] !== 'function');
  return missing === undefined
    ? undefined
    : `an object that is not a task family: it has no ${missing} method`;
}

/** Why a family's `maxEpisodeSteps` cannot be used; undefined when it can. */
export function horizonProblem(maxEpisodeSteps: unknown): string | undefined {
  if (Number.isSafeInteger(maxEpisodeSteps) && (maxEpisodeSteps as number) > 0) return undefined;
  return `maxEpisodeSteps is ${showValue(maxEpisodeSteps)}; expected a positive integer, the number of steps after which the environments from create truncate`;
}

/** Why a split cannot be used; undefined when it can. */
export function splitProblem(
  split: unknown,
  { trainCount, testCount }: TaskSplitOptions,
): string | undefined {
  const { train, test } = (split ?? {}) as Partial<TaskSplit<unknown>>;
  if (!Array.isArray(train) || !Array.isArray(test)) {
    return `split returned ${showValue(split)}; return { train, test }, two arrays of tasks`;
  }
  if (train.length !== trainCount || test.length !== testCount) {
    return `split returned ${train.length} train and ${test.length} test tasks; expected ${trainCount} and ${testCount}`;
  }
  return undefined;
}

/** Why a task cannot be stored; undefined when it can. */
export function taskProblem(task: unknown): string | undefined {
  return isPlainJson(task) ? undefined : `a task changes when it is stored as JSON: ${showValue(task)}`;
}

/** Why a task's descriptor cannot be used; undefined when it can. */
export function descriptorProblem(descriptor: unknown): string | undefined {
  if (Array.isArray(descriptor) && descriptor.every(Number.isFinite)) return undefined;
  return `descriptor returned ${showValue(descriptor)}; return an array of finite numbers`;
}
