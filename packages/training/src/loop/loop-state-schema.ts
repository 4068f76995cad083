import { DamagedDataError, type JsonObject } from '@maxent/core';
import * as z from 'zod';
import type { LoopState } from '../checkpoint.js';
import { storedProblem } from '../stored-problem.js';

const count = z.int().min(0);

/** The loop's state in a checkpoint. Unknown keys are kept as they are. */
const loopState = z.looseObject({
  step: count,
  updates: count,
  episodes: count,
  episodeReturn: z.number(),
  transformedReturn: z.number().optional(),
  episodeLength: count,
  window: z.looseObject({
    episodes: count,
    returnSum: z.number(),
    transformedReturnSum: z.number().optional(),
    lengthSum: count,
  }),
  metrics: z.record(z.string(), z.number()),
  evaluations: z.array(
    z.looseObject({
      step: count,
      returnMean: z.number(),
      returnStd: z.number(),
      episodes: count,
      returns: z.array(z.number()),
      lengths: z.array(count),
    }),
  ),
  rows: count,
  wallSeconds: z.number().min(0),
  arithmetic: z
    .looseObject({
      rounding: z.enum(['fused', 'unfused']),
      kernels: z.string(),
      simd: z.string(),
      threads: z.int().min(1).optional(),
    })
    .optional(),
});

/** A copy of the loop's state in a checkpoint. Throws DamagedDataError, which names the unusable field. */
export function parseLoopState(metadata: JsonObject): LoopState {
  const result = loopState.safeParse(metadata);
  if (result.success) return structuredClone(metadata) as unknown as LoopState;
  throw new DamagedDataError(`checkpoint: ${storedProblem(result.error, metadata, 'loop')}`);
}
