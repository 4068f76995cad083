import { InvalidInputError, Rng, requireCount, type TaskSplit, type TaskSplitOptions } from '@maxent/core';

/** The maximum number of tasks in a split; each of them is made, checked and kept in memory. */
const MOST_TASKS = 1_000_000;

/** Throws InvalidInputError unless both counts are positive integers and at most a million. */
export function requireTaskCounts(counts: Pick<TaskSplitOptions, 'trainCount' | 'testCount'>): void {
  for (const field of ['trainCount', 'testCount'] as const) {
    requireCount(field, counts[field]);
    if (counts[field] > MOST_TASKS) {
      throw new InvalidInputError(field, `expected at most ${MOST_TASKS} tasks, got ${counts[field]}`);
    }
  }
}

/**
 * A split of independently drawn tasks. Train and test tasks come from separate streams, so that asking for more tasks
 * does not change the others. Throws InvalidInputError if a count is not a positive integer.
 */
export function drawTasks<Task>(
  { trainCount, testCount, seed }: TaskSplitOptions,
  draw: (rng: Rng) => Task,
): TaskSplit<Task> {
  requireTaskCounts({ trainCount, testCount });
  const rng = Rng.fromSeed(seed);
  const tasks = (name: string, count: number) => {
    const stream = rng.split(name);
    return Array.from({ length: count }, () => draw(stream));
  };
  return { train: tasks('train', trainCount), test: tasks('test', testCount) };
}

/**
 * A split for a family with few tasks: both lists repeat the same tasks in the given order, so that, if they are long
 * enough, every task is both a train task and a test task.
 */
export function repeatTasks<Task>(
  { trainCount, testCount }: TaskSplitOptions,
  tasks: readonly Task[],
): TaskSplit<Task> {
  requireTaskCounts({ trainCount, testCount });
  const repeated = (count: number) => Array.from({ length: count }, (_, i) => tasks[i % tasks.length]!);
  return { train: repeated(trainCount), test: repeated(testCount) };
}

/**
 * A split for a family whose tasks can be listed and are equally likely: all of them in random order, again and again,
 * first the train tasks and then the test tasks. If there are enough tasks, none is both.
 */
export function dealTasks<Task>(
  { trainCount, testCount, seed }: TaskSplitOptions,
  tasks: readonly Task[],
): TaskSplit<Task> {
  requireTaskCounts({ trainCount, testCount });
  const order = Rng.fromSeed(seed).shuffle([...tasks]);
  const dealt = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => order[(from + i) % order.length]!);
  return { train: dealt(0, trainCount), test: dealt(trainCount, testCount) };
}
