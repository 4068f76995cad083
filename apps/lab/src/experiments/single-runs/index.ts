import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { readRun } from '@maxent/training/node';
import type { Conclusion, RunExperiment } from '../experiment.js';

/** Runs with one seed each, finished or not, of agents and tasks that no other experiment shows. */
export const singleRuns: RunExperiment = {
  description: 'Single runs of soft Q-learning and its relatives',
  claim: 'One seed each, shown and not judged.',
  directory: 'single-runs',
  judge: showRuns,
};

/** Reads every run below `directory`. */
export async function showRuns(directory: string): Promise<Conclusion> {
  const files = await readdir(directory, { recursive: true });
  const places = files.filter((file) => /(^|[/\\])config\.json$/.test(file)).sort();
  const table = await Promise.all(
    places.map(async (file) => {
      const { config, readRows } = await readRun(dirname(join(directory, file)));
      const evaluations = (await readRows()).rows.filter((row) => row.type === 'evaluation');
      const returns = evaluations.map(({ returnMean }) => returnMean);
      const { agent, environment, seed } = config;
      return {
        ...{ agent: agent.name, environment: environment.id, seed, steps: evaluations.at(-1)?.step ?? 0 },
        ...{
          'first return': returns[0] ?? '',
          'best return': returns.length > 0 ? Math.max(...returns) : '',
        },
        'last return': returns.at(-1) ?? '',
      };
    }),
  );
  if (table.length === 0) throw new InvalidInputError(directory, 'expected runs, found none');
  return { table, checks: [], pictures: {} };
}
