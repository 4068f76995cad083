import * as z from 'zod';

/** The control settings that `infer` takes as keys and `solve` as options, in the same words. */
export const controlOptions = {
  inference: z
    .enum(['exact', 'variational', 'hard'])
    .default('variational')
    .describe(
      'exact: posterior under optimistic dynamics; variational: true dynamics, maximum entropy; hard: the maximum',
    ),
  temperature: z.number().nonnegative().default(1).describe('reward per nat, above 0; ignored by hard'),
  discount: z.number().positive().max(1).default(1).describe('above 0 and at most 1'),
  discountAs: z
    .literal('termination')
    .exactOptional()
    .describe(
      'how exact treats a discount below 1: each step ends the episode with probability 1 - discount',
    ),
  tolerance: z
    .number()
    .positive()
    .exactOptional()
    .describe(
      'how far an infinite horizon may be from its fixed point, as a fraction of the largest value or of 1 [default: 1e-13]',
    ),
  maxIterations: z
    .int()
    .positive()
    .exactOptional()
    .describe('sweeps after which to give up on an infinite horizon [default: 1000000]'),
};
