import {
  InvalidInputError,
  isMaxentError,
  requireDistribution,
  requireLength,
  requireList,
  requireObject,
  requireTypedNumbers,
  showValue,
  type TabularMdp,
  validateTabularMdp,
} from '@maxent/core';

/** A finite set of tasks with the same states and actions. A task is drawn once and stays the same for all episodes. */
export interface TaskMixture {
  /** Rewards are finite. A reward that is random given s, a and s' is written as part of the next state. */
  readonly tasks: readonly TabularMdp[];
  /** The probability of each task, [tasks]; uniform by default. */
  readonly prior?: Float64Array;
}

/** Parameters of a Beta distribution: one more than the successes and failures seen so far, if it began uniform. */
export interface BetaPrior {
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Arms that pay 1 with unknown probabilities and otherwise 0. The probabilities are drawn once, independently, from
 * Beta distributions.
 */
export interface BernoulliArms {
  readonly arms: readonly BetaPrior[];
}

/** A task that is not known, and what is known about it. */
export type TaskPrior = TaskMixture | BernoulliArms;

/** Bounds of the parameters of a Beta distribution, beyond which integrals over it lose digits. */
const LEAST_COUNT = 0.05;
const MOST_COUNT = 1e6;

const EXAMPLE = '{ tasks: [mdp, other], prior } or { arms: [{ alpha: 1, beta: 1 }] }';

/** Returns the same prior, with the probabilities of its tasks. Throws InvalidInputError that names the value at fault. */
export function requireTaskPrior(given: TaskPrior): Required<TaskMixture> | BernoulliArms {
  requireObject('family', given, EXAMPLE);
  if ('arms' in given === 'tasks' in given) {
    throw new InvalidInputError('family', `expected either tasks or arms, as in ${EXAMPLE}`);
  }
  return 'arms' in given ? requireArms(given) : requireTasks(given);
}

function requireTasks({ tasks, prior }: TaskMixture): Required<TaskMixture> {
  requireList('tasks', tasks);
  const [first] = tasks;
  if (first === undefined) throw new InvalidInputError('tasks', 'expected at least one task, got none');
  for (const [k, task] of tasks.entries()) {
    requireTask(`tasks[${k}]`, task);
    for (const count of ['stateCount', 'actionCount'] as const) {
      if (task[count] !== first[count]) {
        throw new InvalidInputError(
          `tasks[${k}].${count}`,
          `expected ${first[count]}, as in tasks[0], got ${task[count]}`,
        );
      }
    }
  }
  const weights = prior ?? new Float64Array(tasks.length).fill(1 / tasks.length);
  requireTypedNumbers('prior', weights);
  requireLength('prior', weights, tasks.length);
  requireDistribution('prior', weights);
  return { tasks, prior: weights };
}

function requireTask(field: string, task: TabularMdp): void {
  try {
    validateTabularMdp(task);
  } catch (error) {
    if (!isMaxentError(error, 'INVALID_INPUT')) throw error;
    const inner = error.field === 'mdp' ? field : `${field}.${error.field}`;
    throw new InvalidInputError(inner, error.message.slice(`${error.field}: `.length), { cause: error });
  }
  const { values } = task.transition;
  requireFinite(`${field}.reward`, task.reward, () => true);
  if (task.transitionReward !== undefined) {
    requireFinite(`${field}.transitionReward`, task.transitionReward, (i) => values[i]! > 0);
  }
}

function requireFinite(field: string, rewards: Float64Array, matters: (index: number) => boolean): void {
  const bad = rewards.findIndex((reward, i) => !Number.isFinite(reward) && matters(i));
  if (bad === -1) return;
  throw new InvalidInputError(
    `${field}[${bad}]`,
    `expected a finite number, got ${rewards[bad]}: an action cannot be forbidden in a task that is not known`,
  );
}

function requireArms({ arms }: BernoulliArms): BernoulliArms {
  requireList('arms', arms);
  if (arms.length === 0) throw new InvalidInputError('arms', 'expected at least one arm, got none');
  for (const [k, arm] of arms.entries()) {
    requireObject(`arms[${k}]`, arm, '{ alpha: 1, beta: 1 }');
    for (const name of ['alpha', 'beta'] as const) {
      const count: unknown = arm[name];
      if (typeof count === 'number' && count >= LEAST_COUNT && count <= MOST_COUNT) continue;
      throw new InvalidInputError(
        `arms[${k}].${name}`,
        `expected a number from ${LEAST_COUNT} to ${MOST_COUNT}, got ${showValue(count)}`,
      );
    }
  }
  return { arms };
}
