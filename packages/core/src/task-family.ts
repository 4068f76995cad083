import type { Environment, Info } from './environment.js';
import type { JsonObject } from './json.js';

/** A reproducible choice of tasks to learn from and tasks to be judged on. */
export interface TaskSplit<Task> {
  readonly train: readonly Task[];
  readonly test: readonly Task[];
}

export interface TaskSplitOptions {
  readonly trainCount: number;
  readonly testCount: number;
  /** The same seed gives the same tasks. */
  readonly seed: number;
}

/**
 * A distribution over environments that share observation and action spaces. A task is plain JSON (a goal position,
 * a target velocity), so that it can be stored, shown and sent to a worker.
 */
export interface TaskFamily<
  // biome-ignore-start lint/suspicious/noExplicitAny: generic code holds families of any task, observation and action.
  Task extends JsonObject = any,
  Observation = any,
  Action = any,
  // biome-ignore-end lint/suspicious/noExplicitAny: as above.
  StepInfo extends Info = Info,
> {
  readonly id: string;
  /** Steps after which the environments that `create` makes truncate an episode. */
  readonly maxEpisodeSteps: number;
  /** The order of tasks is random. Families of few tasks repeat them, so that test tasks can be train tasks too. */
  split(options: TaskSplitOptions): TaskSplit<Task>;
  /** The task as numbers, as many for every task: what an agent sees that is told its task. */
  descriptor(task: Task): readonly number[];
  /**
   * Throws InvalidInputError, naming a part of `field`, for a task that has the form of the family's but not values that
   * its environments can have; absent where any finite numbers will do. `requireTask` calls it.
   */
  checkTask?(task: Task, field: string): void;
  /** Whether an episode whose last step reported this has reached its aim; absent where there is no such aim. */
  succeeded?(info: StepInfo): boolean;
  /** An environment for one task, with its time limit. */
  create(
    task: Task,
  ): Environment<Observation, Action, StepInfo> | Promise<Environment<Observation, Action, StepInfo>>;
}

/** The type of a family's tasks. */
export type TaskOf<Family extends TaskFamily> = Parameters<Family['descriptor']>[0];

/** The contract with the types of a family, without what else its class has. */
export type TaskFamilyLike<Family extends TaskFamily> =
  Family extends TaskFamily<infer Task, infer Observation, infer Action, infer StepInfo>
    ? TaskFamily<Task, Observation, Action, StepInfo>
    : never;
