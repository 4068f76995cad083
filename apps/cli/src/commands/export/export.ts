import { InvalidInputError } from '@maxent/core';
import * as z from 'zod';
import { backendOption, checkpointOption, kernelsOption, pathOption } from '../../arguments/options.js';
import { formatColumns } from '../../output/columns.js';
import { defineCommand } from '../command.js';
import { type ExportAnswer, exportAnswer } from './answer.js';

/** `maxent export RUN_DIR --to FORMAT --out FILE`; without a run or a format, the formats of each agent. */
export const exportCommand = defineCommand({
  input: z.object({
    runDir: pathOption
      .optional()
      .describe('directory of a run or hierarchy; without one, prints a table of agents and formats'),
    to: z
      .enum(['policy', 'onnx', 'js', 'table'])
      .default('policy')
      .describe(
        'policy: a safetensors file for loadPolicy; onnx: an ONNX model of the deterministic action; js: a JavaScript module that imports nothing; table: only print what each agent can be written as, as --to alone does',
      )
      .meta({ bare: 'table' }),
    out: pathOption.optional().describe('file to write; replaces an existing one'),
    checkpoint: checkpointOption,
    backend: backendOption,
    kernels: kernelsOption,
  }),
  positionals: ['runDir'],
  answer: exportAnswer,
  run: async ({ runDir, to, out, ...options }, context) => {
    if (runDir === undefined) {
      if (out !== undefined) {
        throw new InvalidInputError('runDir', `name the run whose policy is to be written to "${out}"`);
      }
      const { formatTable } = await import('./format-table.js');
      const { registry } = await context.plugins();
      const answer = { formats: await formatTable(registry) };
      return { answer, text: () => formatExportAnswer(answer) };
    }
    if (to === 'table') {
      throw new InvalidInputError(
        '--to',
        'name the format to write, policy, onnx or js; without RUN_DIR, --to alone prints what each agent can be written as',
      );
    }
    if (out === undefined) throw new InvalidInputError('--out', 'name the file to write');
    const { exportRun } = await import('./export-run.js');
    const answer = await exportRun({ ...options, runDir, to, out }, context);
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
