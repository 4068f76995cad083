import {
  descriptorProblem,
  horizonProblem,
  splitProblem,
  taskProblem,
} from '../checker/task-family-sentences.js';
import type { TaskFamily } from '../task-family.js';
import { Checklist, type ConformanceReport, ensure, ensureNone } from './checklist.js';
import { checkLimit } from './environment-trials.js';

const SPLIT = { trainCount: 4, testCount: 2, seed: 5 } as const;

/**
 * Tests a task family against its contract: tasks are plain JSON and have descriptors of numbers, splits follow counts
 * and seed, the environments of all tasks share their spaces, and their episodes end within `maxEpisodeSteps`. Use
 * `checkEnvironment` for the rest of the environments' contract. Throws ConformanceError that lists every violated rule.
 */
export async function checkTaskFamily(family: TaskFamily): Promise<ConformanceReport> {
  const list = new Checklist(`task family ${family.id}`);
  await list.rule('a split has the requested numbers of tasks, the same for the same seed', () => {
    const split = family.split(SPLIT);
    ensureNone(splitProblem(split, SPLIT));
    const [first, again] = [family.split(SPLIT), family.split(SPLIT)].map((split) => JSON.stringify(split));
    ensure(first === again, () => `the same seed gave ${first}, then ${again}`);
  });
  await list.rule('tasks are plain JSON', () => {
    const { train, test } = family.split(SPLIT);
    for (const task of [...train, ...test]) ensureNone(taskProblem(task));
  });
  await list.rule('descriptors are finite numbers, equally many for each task', () => {
    const { train, test } = family.split(SPLIT);
    const descriptions = [...train, ...test].map((task) => family.descriptor(task));
    for (const numbers of descriptions) ensureNone(descriptorProblem(numbers));
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
  await list.rule('episodes are truncated after maxEpisodeSteps', async () => {
    ensureNone(horizonProblem(family.maxEpisodeSteps));
    const environment = await family.create(family.split(SPLIT).train[0]);
    try {
      checkLimit(environment, family.maxEpisodeSteps);
    } finally {
      environment.close();
    }
  });
  return list.finish();
}
