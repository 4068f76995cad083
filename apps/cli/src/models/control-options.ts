import * as z from 'zod';

/** What `infer` (as keys) and `solve` (as options) know about control, in the same words. */
export const controlOptions = {
  inference: z
    .enum(['exact', 'variational', 'hard'])
    .default('variational')
    .describe(
      'exact: posterior under optimistic dynamics; variational: true dynamics, maximum entropy; hard: the maximum',
    ),
  temperature: z.number().nonnegative().default(1).describe('reward per nat, above 0; hard does not read it'),
  discount: z.number().positive().max(1).default(1).describe('above 0 and at most 1'),
  discountAs: z
    .literal('termination')
    .exactOptional()
    .describe(
      'what a discount below 1 means to exact: each step ends the episode with probability 1 - discount',
    ),
  tolerance: z
    .number()
    .positive()
    .exactOptional()
    .describe(
      'how far an infinite horizon may be from its fixed point, as a share of the largest value or of 1 [default: 1e-13]',
    ),
  maxIterations: z
    .int()
    .positive()
    .exactOptional()
    .describe('sweeps after which an infinite horizon is given up [default: 1000000]'),
};
