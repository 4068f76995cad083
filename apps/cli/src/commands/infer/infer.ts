import { basename } from 'node:path';
import * as z from 'zod';
import { type Drawable, draw } from '../../figures/draw.js';
import { drawOptions } from '../../figures/draw-options.js';
import { parseJson } from '../../input/parse-json.js';
import { readText } from '../../input/read-text.js';
import { inferAnswer, modelKinds, readModel } from '../../models/index.js';
import { requireInferenceMemory } from '../../models/inference-memory.js';
import { formatColumns } from '../../output/columns.js';
import { formatSummary } from '../../output/summary.js';
import { defineCommand } from '../command.js';

const example = '{"kind":"factor-graph","variables":{"A":2},"factors":[{"variables":["A"],"values":[1,3]}]}';

/** `maxent infer MODEL`: infers the hidden part of a model, exactly or by belief propagation. */
export const infer = defineCommand({
  input: z.object({
    model: z.string().min(1).describe('JSON file of the model; - reads standard input'),
    ...drawOptions,
  }),
  positionals: ['model'],
  answer: inferAnswer,
  run: async ({ model: name, ...request }, { io }) => {
    const { kind, model } = readModel(parseJson(await readText(io, name, 'MODEL'), name, 'MODEL'));
    requireInferenceMemory(kind.size(model));
    const answer = kind.infer(model);
    const summary = kind.summary(answer);
    const title = name === '-' ? kind.kind : `${basename(name, '.json')} (${kind.kind})`;
    const drawable: Drawable = {
      title,
      facts: summary.facts,
      figures: () => kind.figures(answer, model),
      story: (figures) => kind.story(answer, model, figures),
    };
    return {
      answer,
      text: () => formatSummary(summary),
      ...(await draw(request, drawable, io)),
    };
  },
  furtherHelp: async () =>
    [
      'The kind of the model is one of:',
      formatColumns(modelKinds.map(({ kind, title }) => [kind, title])),
      'The README of maxent lists their keys; schemas/infer-input.json describes them in full. A small example:',
      `  echo '${example}' | maxent infer -`,
    ].join('\n'),
});
