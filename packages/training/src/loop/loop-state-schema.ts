import { DamagedDataError, type JsonObject } from '@maxent/core';
import * as z from 'zod';
import type { LoopState } from '../checkpoint.js';
import { storedProblem } from '../stored-problem.js';
import type { EpisodeAccount } from './episode-account.js';

const count = z.int().min(0);

const account = {
  episodes: count,
  episodeReturn: z.number(),
  transformedReturn: z.number().optional(),
  episodeLength: count,
};

/** The loop's state in a checkpoint, without the accounts of episodes. Unknown keys are kept as they are. */
const shared = {
  step: count,
  updates: count,
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
};

/** The account of a run's only environment is not nested, so that every version can read it. */
const inOne = z.looseObject({ ...shared, ...account });
const inSeveral = z.looseObject({ ...shared, accounts: z.array(z.looseObject(account)).min(2) });

/** The loop's state in the form that a checkpoint stores; a copy. */
export function storedLoopState(loop: LoopState): JsonObject {
  const { accounts, ...rest } = loop;
  const stored = accounts.length === 1 ? { ...rest, ...accounts[0] } : loop;
  return structuredClone(stored) as unknown as JsonObject;
}

/** A copy of the loop's state in a checkpoint. Throws DamagedDataError, which names the unusable field. */
export function parseLoopState(metadata: JsonObject): LoopState {
  const several = 'accounts' in metadata;
  const result = (several ? inSeveral : inOne).safeParse(metadata);
  if (!result.success) {
    throw new DamagedDataError(`checkpoint: ${storedProblem(result.error, metadata, 'loop')}`);
  }
  const copy = structuredClone(metadata) as unknown as LoopState & EpisodeAccount;
  if (several) return copy;
  const { episodes, episodeReturn, transformedReturn, episodeLength, ...loop } = copy;
  const only = {
    episodes,
    episodeReturn,
    ...(transformedReturn !== undefined && { transformedReturn }),
    episodeLength,
  };
  return { ...loop, accounts: [only] };
}
