import { InvalidInputError, Rng, requireCount, type TaskSplit, type TaskSplitOptions } from '@maxent/core';

/** Tasks of a split; each of them is made, seen and kept. */
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
 * A split of tasks that are drawn independently, train and test tasks from streams of their own, so that asking for
 * more tasks changes none of those there were. Throws InvalidInputError when a count is not a positive integer.
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
 * A split of a family with few tasks: both lists go through the same tasks again and again, in the order given, so
 * that every task is among the train tasks and among the test tasks when there are enough of them.
 */
export function repeatTasks<Task>(
  { trainCount, testCount }: TaskSplitOptions,
  tasks: readonly Task[],
): TaskSplit<Task> {
  requireTaskCounts({ trainCount, testCount });
  const repeated = (count: number) => Array.from({ length: count }, (_, i) => tasks[i % tasks.length]!);
  return { train: repeated(trainCount), test: repeated(testCount) };
}
