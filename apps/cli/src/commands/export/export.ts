import { InvalidInputError } from '@maxent/core';
import * as z from 'zod';
import { backendOption, checkpointOption, pathOption } from '../../arguments/options.js';
import { formatColumns } from '../../output/columns.js';
import { defineCommand } from '../command.js';
import { type ExportAnswer, exportAnswer } from './answer.js';

/** `maxent export RUN_DIR --to FORMAT --out FILE`; without a run, what each agent's policy can be written as. */
export const exportCommand = defineCommand({
  input: z.object({
    runDir: pathOption
      .optional()
      .describe('directory of a run; without one, a table of agents and formats is printed'),
    to: z
      .enum(['policy', 'onnx', 'js'])
      .default('policy')
      .describe(
        'policy: a safetensors file for loadPolicy; onnx: an ONNX model of the deterministic action; js: a JavaScript module that imports nothing',
      ),
    out: pathOption.optional().describe('file to write, in place of one that is there'),
    checkpoint: checkpointOption,
    backend: backendOption,
  }),
  positionals: ['runDir'],
  answer: exportAnswer,
  run: async ({ runDir, out, ...options }, context) => {
    if (runDir === undefined) {
      const { formatTable } = await import('./format-table.js');
      const { registry } = await context.plugins();
      const answer = { formats: await formatTable(registry) };
      return { answer, text: () => formatExportAnswer(answer) };
    }
    if (out === undefined) throw new InvalidInputError('--out', 'name the file to write');
    const { exportRun } = await import('./export-run.js');
    const answer = await exportRun({ ...options, runDir, out }, context);
    return { answer, text: () => formatExportAnswer(answer) };
  },
});

function formatExportAnswer(answer: ExportAnswer): string {
  if ('out' in answer) {
    return `wrote ${answer.out}: ${answer.agent} after ${answer.step} steps, ${answer.bytes} bytes\n`;
  }
  const rows = answer.formats.map(
    ({ agent, ...formats }) =>
      [
        agent,
        Object.entries(formats)
          .map(([format, word]) => `${format}: ${word}`)
          .join('; '),
      ] as const,
  );
  return `${formatColumns(rows, '')}\n`;
}
