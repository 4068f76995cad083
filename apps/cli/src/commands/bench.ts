import { UnknownNameError } from '@maxent/core';
import { z } from 'zod';
import { benchAnswer } from '../answers/bench.js';
import { exitCodes } from '../errors/exit-codes.js';
import { formatColumns } from '../output/columns.js';
import { defineCommand } from './command.js';

/** `maxent bench NAME`: measures, side by side in one run, what this machine makes of a piece of work. */
export const bench = defineCommand({
  input: z.object({
    name: z.string().describe('name of the benchmark'),
    python: z
      .string()
      .optional()
      .describe(
        'Python interpreter of benchmarks that compare with Python [default: MAXENT_PYTHON, or python3]',
      ),
  }),
  positionals: ['name'],
  answer: benchAnswer,
  run: async ({ name, python }, { io }) => {
    const { benchmarks } = await import('@maxent/bench');
    const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
    if (benchmark === undefined) throw new UnknownNameError('benchmark', name, Object.keys(benchmarks));
    const progress = (line: string): void => io.writeError(`${line}\n`);
    const answer = await benchmark.run({ python, progress });
    const { failures = [] } = answer;
    for (const failure of failures) io.writeError(`maxent: ${failure}\n`);
    return { answer, exitCode: failures.length > 0 ? exitCodes.failure : exitCodes.success };
  },
  format: async (answer) => (await import('@maxent/bench')).formatBenchAnswer(answer),
  furtherHelp: async () => {
    const { benchmarks } = await import('@maxent/bench');
    const rows = Object.entries(benchmarks).map(([name, { description }]) => [name, description] as const);
    return `Benchmarks:\n${formatColumns(rows)}`;
  },
});
