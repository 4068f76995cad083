import { basename } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import * as z from 'zod';
import { type Drawable, draw } from '../../figures/draw.js';
import { drawOptions } from '../../figures/draw-options.js';
import { parseJson } from '../../input/parse-json.js';
import { readText } from '../../input/read-text.js';
import type { Compared } from '../../models/compare/compared.js';
import { inferAnswer, modelKinds, readModel } from '../../models/index.js';
import { requireInferenceMemory } from '../../models/inference-memory.js';
import type { AnyModelKind } from '../../models/model-kind.js';
import { formatColumns } from '../../output/columns.js';
import { formatSummary } from '../../output/summary.js';
import { defineCommand } from '../command.js';

const example = '{"kind":"factor-graph","variables":{"A":2},"factors":[{"variables":["A"],"values":[1,3]}]}';

/** `maxent infer MODEL`: infers the hidden part of a model, exactly or by belief propagation. */
export const infer = defineCommand({
  input: z.object({
    model: z.string().min(1).describe('JSON file of the model; - reads standard input'),
    compare: z
      .boolean()
      .default(false)
      .describe(
        'for an mdp: hard, exact and variational side by side, whatever its inference says, and what differs; a discount below 1 is read as termination',
      ),
    ...drawOptions,
  }),
  positionals: ['model'],
  answer: inferAnswer,
  run: async ({ model: name, compare, ...request }, { io }) => {
    const { kind, model } = readModel(parseJson(await readText(io, name, 'MODEL'), name, 'MODEL'));
    const title = name === '-' ? kind.kind : `${basename(name, '.json')} (${kind.kind})`;
    if (compare) {
      const { answer, text, drawable } = comparisonOf(kind, title, model);
      return { answer, text, ...(await draw(request, drawable, io)) };
    }
    requireInferenceMemory(kind.size(model));
    const answer = kind.infer(model);
    const summary = kind.summary(answer, model);
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

/** Throws InvalidInputError for a kind with nothing to compare. */
function comparisonOf({ kind, comparison }: AnyModelKind, title: string, model: unknown): Compared {
  if (comparison === undefined) {
    const instead =
      kind === 'lqr'
        ? 'for an lqr, run the command once with "inference": "exact" and once with "variational", and compare P and K'
        : `a model of kind ${kind} has one posterior, and nothing to compare it with; leave --compare out`;
    throw new InvalidInputError(
      '--compare',
      `puts hard, exact and variational inference of an mdp side by side, got a model of kind ${kind}; ${instead}`,
    );
  }
  requireInferenceMemory(comparison.size(model));
  return comparison.compare(title, model);
}
