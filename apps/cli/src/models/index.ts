import { InvalidInputError, isRecord, UnknownNameError } from '@maxent/core';
import * as z from 'zod';
import { checkInput } from '../input/check-input.js';
import { comparisonAnswer } from './compare/comparison-answer.js';
import { factorGraph } from './factor-graph.js';
import { hmm } from './hmm.js';
import { lgssm } from './lgssm.js';
import { lqr } from './lqr.js';
import { mdp } from './mdp.js';
import type { AnyModelKind } from './model-kind.js';

/** Every kind of model, in the order of the help. A new one is a file in this folder and a line here. */
const kinds = [hmm, lgssm, mdp, lqr, factorGraph] as const;

export const modelKinds: readonly AnyModelKind[] = kinds;

/** The input of `maxent infer`; published as `schemas/infer-input.json`. */
export const modelSchema = z.discriminatedUnion('kind', [
  kinds[0].schema,
  ...kinds.slice(1).map(({ schema }) => schema),
]);

/** The answer of `maxent infer`, by the kind of the model, or of a comparison. */
export const inferAnswer = z.union([
  ...kinds.flatMap(({ answer }): readonly z.ZodObject[] => answer),
  comparisonAnswer,
]);

/**
 * Checks a document and returns it with its kind. Throws InvalidInputError, and UnknownNameError for an unknown kind.
 */
export function readModel(document: unknown): { kind: AnyModelKind; model: z.output<typeof modelSchema> } {
  const names = modelKinds.map(({ kind }) => kind);
  const name = isRecord(document) ? document.kind : undefined;
  if (typeof name !== 'string') {
    throw new InvalidInputError('kind', `expected an object with a kind, one of ${names.join(', ')}`);
  }
  const kind = modelKinds.find((known) => known.kind === name);
  if (kind === undefined) throw new UnknownNameError('kind', name, names);
  return { kind, model: checkInput(kind.schema, document, 'MODEL') };
}
