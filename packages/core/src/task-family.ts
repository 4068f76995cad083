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
  /** The number of steps after which the environments from `create` truncate an episode. */
  readonly maxEpisodeSteps: number;
  /** Draws tasks in random order. Families with few tasks repeat them, so a test task can also be a train task. */
  split(options: TaskSplitOptions): TaskSplit<Task>;
  /** The task as numbers, equally many for every task. An agent that is told its task sees these. */
  descriptor(task: Task): readonly number[];
  /**
   * Throws InvalidInputError, naming a part of `field`, for a task that has the right form but values that the
   * environments cannot use. Absent if any finite numbers will do. `requireTask` calls it.
   */
  checkTask?(task: Task, field: string): void;
  /** Whether an episode reached its goal, given its last step's info; absent if the family defines no goal. */
  succeeded?(info: StepInfo): boolean;
  /** An environment for one task, with its time limit. */
  create(
    task: Task,
  ): Environment<Observation, Action, StepInfo> | Promise<Environment<Observation, Action, StepInfo>>;
}

/** The type of a family's tasks. */
export type TaskOf<Family extends TaskFamily> = Parameters<Family['descriptor']>[0];

/** The contract, with the types of a family but without anything else its class has. */
export type TaskFamilyLike<Family extends TaskFamily> =
  Family extends TaskFamily<infer Task, infer Observation, infer Action, infer StepInfo>
    ? TaskFamily<Task, Observation, Action, StepInfo>
    : never;
