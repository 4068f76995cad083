import { z } from 'zod';
import { jsonNumber } from '../../input/json-number.js';

const vector = z.array(jsonNumber);
const matrix = z.array(vector);
const matrices = z.array(matrix);

const hmmAnswer = z
  .object({
    logLikelihood: jsonNumber.describe(
      '"-Infinity" when the observations are impossible; posteriors are then null',
    ),
    filtered: matrix.nullable().describe('p(z_t | observations up to t), [T][K]'),
    predicted: matrix.nullable().describe('p(z_t | observations before t), [T][K]'),
    smoothed: matrix.nullable().describe('p(z_t | all observations), [T][K]'),
    viterbi: z.object({
      path: z.array(z.int()).nullable().describe('the most probable states, [T]'),
      logProbability: jsonNumber.describe('log p(path, observations)'),
    }),
  })
  .describe('hmm');

const lgssmAnswer = z
  .object({
    logLikelihood: jsonNumber,
    filteredMeans: matrix.describe('[T][n]'),
    filteredCovariances: matrices.describe('[T][n][n]'),
    smoothedMeans: matrix.describe('[T][n]'),
    smoothedCovariances: matrices.describe('[T][n][n]'),
  })
  .describe('lgssm');

const finiteMdpAnswer = z
  .object({
    V: matrix.describe('[T+1][S]'),
    Q: matrices.describe('[T][S][A]'),
    policy: matrices.describe('[T][S][A]'),
    stateMarginals: matrix
      .nullable()
      .describe('p(s_t), [T][S], under the posterior start and dynamics for exact, the true ones otherwise'),
    logEvidence: jsonNumber.nullable().describe('nats; null for hard and for a discount below 1'),
    elbo: jsonNumber.nullable().describe('bound of the variational policy in nats'),
    kl: jsonNumber.nullable().describe('logEvidence - elbo'),
  })
  .describe('mdp with a horizon');

const stationaryMdpAnswer = z
  .object({
    V: vector.describe('[S]'),
    Q: matrix.describe('[S][A]'),
    policy: matrix.describe('[S][A]'),
    stateMarginals: vector.nullable().describe('normalised discounted occupancy, [S]; null at discount 1'),
    logEvidence: z.null(),
    elbo: z.null(),
    kl: z.null(),
    iterations: z.int(),
    residual: jsonNumber.describe('largest change of V in one more sweep'),
  })
  .describe('mdp without a horizon');

const finiteLqrAnswer = z
  .object({
    P: matrices.describe("V_t(x) = -x'P_t x/2 + valueConstant_t, [T+1][n][n]"),
    K: matrices.describe('mean control u = -K_t x, [T][m][n]'),
    policyCovariance: matrices.describe('[T][m][m]'),
    valueConstant: vector.describe('[T+1]'),
  })
  .describe('lqr with a horizon');

const stationaryLqrAnswer = z
  .object({
    P: matrix.describe('[n][n]'),
    K: matrix.describe('[m][n]'),
    policyCovariance: matrix.describe('[m][m]'),
    valueConstant: jsonNumber.nullable().describe('null at discount 1'),
    averageReward: jsonNumber.describe(
      'what each further step adds to the constant of V; (1 - discount) valueConstant below 1',
    ),
  })
  .describe('lqr without a horizon');

/** Nested in the order of the marginal's variables. */
type NestedAnswer = number | NestedAnswer[];
const nested: z.ZodType<NestedAnswer> = z.lazy(() => z.union([z.number(), z.array(nested)]));

const factorGraphAnswer = z
  .object({
    logPartition: jsonNumber.describe('log of the sum over everything that agrees with the evidence'),
    marginals: z
      .array(z.object({ variables: z.array(z.string()), values: nested }))
      .nullable()
      .describe('given the evidence; null when that is impossible'),
    map: z.object({
      assignment: z.record(z.string(), z.int()).nullable().describe('most probable state of every variable'),
      logValue: jsonNumber.describe('log of the product of the factors there'),
    }),
    converged: z.boolean().exactOptional().describe('loopy only, and not of impossible evidence'),
    iterations: z.int().exactOptional().describe('loopy only, and not of impossible evidence'),
    residual: jsonNumber
      .exactOptional()
      .describe('largest change of a message in the last iteration; likewise'),
  })
  .describe('factor-graph');

/** What `maxent infer` answers, by the kind of the model. */
export const inferAnswer = z.union([
  hmmAnswer,
  lgssmAnswer,
  finiteMdpAnswer,
  stationaryMdpAnswer,
  finiteLqrAnswer,
  stationaryLqrAnswer,
  factorGraphAnswer,
]);

export type InferAnswer = z.output<typeof inferAnswer>;
export type HmmAnswer = z.output<typeof hmmAnswer>;
export type LgssmAnswer = z.output<typeof lgssmAnswer>;
export type FiniteMdpAnswer = z.output<typeof finiteMdpAnswer>;
export type StationaryMdpAnswer = z.output<typeof stationaryMdpAnswer>;
export type FiniteLqrAnswer = z.output<typeof finiteLqrAnswer>;
export type StationaryLqrAnswer = z.output<typeof stationaryLqrAnswer>;
export type FactorGraphAnswer = z.output<typeof factorGraphAnswer>;
