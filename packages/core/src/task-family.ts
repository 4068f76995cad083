import type { Environment } from './environment.js';
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
// biome-ignore lint/suspicious/noExplicitAny: generic code holds families of any observation and action.
export interface TaskFamily<Task extends JsonObject = any, Observation = any, Action = any> {
  readonly id: string;
  split(options: TaskSplitOptions): TaskSplit<Task>;
  /** An environment for one task. */
  create(task: Task): Environment<Observation, Action> | Promise<Environment<Observation, Action>>;
}
