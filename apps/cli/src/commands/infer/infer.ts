import { z } from 'zod';
import { drawOptions } from '../../figures/draw-options.js';
import { defineCommand } from '../command.js';
import { inferAnswer } from './answer.js';

const example = '{"kind":"factor-graph","variables":{"A":2},"factors":[{"variables":["A"],"values":[1,3]}]}';

/** `maxent infer MODEL`: what a model says of its hidden part, by exact inference or belief propagation. */
export const infer = defineCommand({
  input: z.object({
    model: z.string().min(1).describe('JSON file of the model; - reads standard input'),
    ...drawOptions,
  }),
  positionals: ['model'],
  answer: inferAnswer,
  run: async (input, { io }) => {
    const { inferFile } = await import('./infer-file.js');
    return inferFile(input, io);
  },
  format: async (answer) => {
    const { formatSummary, summaryOf } = await import('../../models/summary.js');
    return formatSummary(summaryOf(answer));
  },
  furtherHelp: async () =>
    [
      'The kind of the model is one of:',
      '  hmm           hidden Markov model',
      '  lgssm         linear-Gaussian state-space model',
      '  mdp           Markov decision process, control as inference',
      '  lqr           linear-quadratic control, as inference',
      '  factor-graph  discrete factor graph',
      'The README of @maxent/cli gives their keys, schemas/infer-input.json in full. A small one:',
      `  echo '${example}' | maxent infer -`,
    ].join('\n'),
});
