import { InvalidInputError } from '@maxent/core';
import * as z from 'zod';

const settings = z.object({
  trainTasks: z.int().positive(),
  testTasks: z.int().positive(),
  explorationEpisodes: z.int().nonnegative(),
});

/** The settings that every agent has that learns over the tasks of a family. */
export function adaptationSettings(config: Readonly<Record<string, unknown>>): z.output<typeof settings> {
  const parsed = settings.safeParse(config);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    'agent',
    'a task family needs an agent that learns over tasks, such as pearl, with the settings trainTasks, testTasks and explorationEpisodes',
  );
}
