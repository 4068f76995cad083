import { InvalidInputError, UnknownNameError } from '@maxent/core';
import { z } from 'zod';
import { checkInput } from '../input/check-input.js';
import { factorGraphModel } from './factor-graph.js';
import { hmmModel } from './hmm.js';
import { lgssmModel } from './lgssm.js';
import { lqrModel } from './lqr.js';
import { mdpModel } from './mdp.js';

const modelsByKind = {
  hmm: hmmModel,
  lgssm: lgssmModel,
  mdp: mdpModel,
  lqr: lqrModel,
  'factor-graph': factorGraphModel,
};

/** What `maxent infer` reads; published as `schemas/infer-input.json`. */
export const modelSchema = z.discriminatedUnion('kind', [
  hmmModel,
  lgssmModel,
  mdpModel,
  lqrModel,
  factorGraphModel,
]);

export type Model = z.output<typeof modelSchema>;

/** Checks a document; shapes and values that depend on each other are left to inference. Throws InvalidInputError. */
export function readModel(document: unknown): Model {
  const kinds = Object.keys(modelsByKind);
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  const kind = isObject && 'kind' in document ? document.kind : undefined;
  if (typeof kind !== 'string') {
    throw new InvalidInputError('kind', `expected an object with a kind, one of ${kinds.join(', ')}`);
  }
  if (!Object.hasOwn(modelsByKind, kind)) throw new UnknownNameError('kind', kind, kinds);
  return checkInput<z.ZodType<Model>>(modelsByKind[kind as keyof typeof modelsByKind], document, 'MODEL');
}
