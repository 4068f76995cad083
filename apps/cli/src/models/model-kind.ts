import type * as z from 'zod';
import type { Figure } from '../figures/figure.js';
import type { Story } from '../figures/story.js';
import type { Encodes } from '../output/json.js';
import type { Summary } from '../output/summary.js';
import type { Compared } from './compare/compared.js';
import type { InferenceSize } from './inference-memory.js';

/** One kind of model that `maxent infer` takes: everything that this program knows about it. */
export interface ModelKind<
  Schema extends z.ZodObject = z.ZodObject,
  Answer extends z.ZodObject = z.ZodObject,
  Result extends Encodes<z.output<Answer>> = Encodes<z.output<Answer>>,
> {
  readonly kind: string;
  /** Its name in the help. */
  readonly title: string;
  /** Schema of the document. `infer` checks shapes, and values that depend on each other. */
  readonly schema: Schema;
  /** What `--json` prints; more than one schema if the answer depends on whether there is a horizon. */
  readonly answer: readonly Answer[];
  /** How many numbers inference reads, works with and returns. Rows of a wrong length are found later and named. */
  size(model: z.output<Schema>): InferenceSize;
  /** The answer, with its numbers in typed arrays. Throws InvalidInputError, which names the field at fault. */
  infer(model: z.output<Schema>): Result;
  summary(result: Result, model: z.output<Schema>): Summary;
  figures(result: Result, model: z.output<Schema>): Figure[];
  /** Formulas in words, and what a slider over time shows. */
  story(result: Result, model: z.output<Schema>, figures: readonly Figure[]): Story;
  /** Several inferences of the same model side by side, for a kind that has several. */
  readonly comparison?: {
    size(model: z.output<Schema>): InferenceSize;
    compare(title: string, model: z.output<Schema>): Compared;
  };
}

/** One of several kinds with different types. */
// biome-ignore lint/suspicious/noExplicitAny: `readModel` hands a kind only models of its own schema.
export type AnyModelKind = ModelKind<any, any, any>;

/** Checks the types of a kind and returns it. */
export function defineModelKind<
  Schema extends z.ZodObject,
  Answer extends z.ZodObject,
  Result extends Encodes<z.output<Answer>>,
>(kind: ModelKind<Schema, Answer, Result>): ModelKind<Schema, Answer, Result> {
  return kind;
}
