import type { TaskFamily } from '../task-family.js';
import { Checklist, type ConformanceReport, ensure } from './checklist.js';

const SPLIT = { trainCount: 4, testCount: 2, seed: 5 } as const;

/**
 * Tries a task family against its contract: tasks are plain JSON and can be described by numbers, splits follow counts
 * and seed, and environments of all tasks share their spaces. The environments' own contract is `checkEnvironment`'s. Throws ConformanceError that
 * lists every violated rule.
 */
export async function checkTaskFamily(family: TaskFamily): Promise<ConformanceReport> {
  const list = new Checklist(`task family ${family.id}`);
  await list.rule('a split has as many tasks as asked for, the same for the same seed', () => {
    const { train, test } = family.split(SPLIT);
    ensure(
      train.length === SPLIT.trainCount && test.length === SPLIT.testCount,
      () => `asked for 4 and 2 tasks, got ${train.length} and ${test.length}`,
    );
    const [first, again] = [family.split(SPLIT), family.split(SPLIT)].map((split) => JSON.stringify(split));
    ensure(first === again, () => `the same seed gave ${first}, then ${again}`);
  });
  await list.rule('tasks are plain JSON', () => {
    const { train, test } = family.split(SPLIT);
    for (const task of [...train, ...test]) {
      ensure(
        isPlainJson(task),
        () => `a task does not come back from JSON as it was: ${JSON.stringify(task)}`,
      );
    }
  });
  await list.rule('tasks are described by finite numbers, as many for each', () => {
    const { train, test } = family.split(SPLIT);
    const descriptions = [...train, ...test].map((task) => family.descriptor(task));
    ensure(
      descriptions.every((numbers) => numbers.every(Number.isFinite)),
      () => `got ${JSON.stringify(descriptions)}`,
    );
    const lengths = new Set(descriptions.map((numbers) => numbers.length));
    ensure(lengths.size === 1, () => `lengths are ${[...lengths].join(', ')}`);
  });
  await list.rule('environments share their spaces', async () => {
    const { train, test } = family.split(SPLIT);
    const seen = new Set<string>();
    for (const task of [...train, ...test]) {
      const environment = await family.create(task);
      seen.add(`${environment.observationSpace.toString()} and ${environment.actionSpace.toString()}`);
      environment.close();
    }
    ensure(seen.size === 1, () => `found ${[...seen].join('; ')}`);
  });
  return list.finish();
}

/** Whether a value consists of what JSON can hold, so that storing it loses nothing. */
function isPlainJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (Array.isArray(value)) return value.every(isPlainJson);
  const isRecord = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;
  return isRecord && Object.values(value).every(isPlainJson);
}
