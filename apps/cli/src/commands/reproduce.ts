import { UnknownNameError } from '@maxent/core';
import { z } from 'zod';
import { reproduceAnswer } from '../answers/reproduce.js';
import { backendOption, pathOption } from '../arguments/options.js';
import { formatColumns } from '../output/columns.js';
import { formatReproduceAnswer } from '../output/reproduce-answer.js';
import { defineCommand } from './command.js';

/** `maxent reproduce NAME`: puts a claim of the theory to the test, with seeds and steps fixed beforehand. */
export const reproduce = defineCommand({
  input: z.object({
    name: z.string().describe('name of the experiment'),
    out: pathOption
      .optional()
      .describe(
        'directory of results; units whose results are there are not run again [default: runs/reproduce/NAME]',
      ),
    only: z
      .string()
      .optional()
      .describe('run only the units whose name contains this, to spread the work over processes'),
    backend: backendOption,
  }),
  positionals: ['name'],
  answer: reproduceAnswer,
  run: async ({ name, out, only, backend }, { io }) => {
    const { experiments } = await import('@maxent/examples');
    const experiment = Object.hasOwn(experiments, name) ? experiments[name] : undefined;
    if (experiment === undefined) throw new UnknownNameError('experiment', name, Object.keys(experiments));
    const { runExperiment } = await import('../experiments/run-experiment.js');
    const directory = out ?? `runs/reproduce/${name}`;
    return { answer: await runExperiment({ name, experiment, directory, only, backend }, io) };
  },
  format: formatReproduceAnswer,
  furtherHelp: async () => {
    const { experiments } = await import('@maxent/examples');
    const rows = Object.entries(experiments).map(([name, { description }]) => [name, description] as const);
    return `Experiments:\n${formatColumns(rows)}`;
  },
});
