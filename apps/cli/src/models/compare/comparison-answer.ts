import * as z from 'zod';
import { jsonMatrices, jsonMatrix, jsonNumber, jsonVector } from '../../input/json-number.js';
import { NestedArray } from '../../output/nested-array.js';
import { type Comparison, METHODS, type MethodSolution } from './comparison.js';
import { explain } from './explain.js';

const perState = z.union([jsonMatrix, jsonVector]);
const perAction = z.union([jsonMatrices, jsonMatrix]);

const method = z.object({
  startValue: jsonNumber.describe('mean of V over the start distribution, at t = 0 if there is a horizon'),
  V: perState.describe('[T+1][S], or [S] for an infinite horizon'),
  Q: perAction.describe('[T][S][A], or [S][A]'),
  policy: perAction.describe('p(a | s), [T][S][A], or [S][A]'),
  stateMarginals: perState
    .nullable()
    .describe('p(s_t), [T][S], or the discounted occupancy, [S]; null at discount 1 without a horizon'),
  iterations: z.int().exactOptional().describe('without a horizon'),
  residual: jsonNumber.exactOptional().describe('without a horizon'),
});

/** What `--compare` of `maxent infer` and `maxent solve` answers. */
export const comparisonAnswer = z
  .object({
    explanation: z.string().describe('one sentence on what differs and why, from the numbers'),
    actions: z.array(z.string()).describe('names of the actions, [A]'),
    horizon: z.int().nullable(),
    discountAs: z
      .literal('termination')
      .exactOptional()
      .describe('a discount below 1 is the probability that a step does not end the episode'),
    methods: z.object({ hard: method, exact: method, variational: method }),
    messages: z
      .object({
        logBackwardState: perState.describe('log beta_t(s) = V_t / temperature of exact, [T+1][S], or [S]'),
        logBackwardStateAction: perAction.describe('log beta_t(s, a) = Q_t / temperature of exact'),
        logForwardState: jsonMatrix
          .nullable()
          .describe('log alpha_t(s), [T][S]; null without a horizon, and for a discount below 1'),
      })
      .describe('those of the exact posterior'),
    logEvidence: jsonNumber.describe('log p(every step optimal), in nats'),
    elbo: jsonNumber.describe('the highest lower bound of logEvidence that a policy reaches, in nats'),
    kl: jsonNumber.nullable().describe('logEvidence - elbo; null if the evidence is impossible'),
  })
  .describe('with --compare');

/** The comparison as `--json` prints it. */
export function answerOf(comparison: Comparison) {
  const { mdp, horizon, temperature, discount, methods, actions, logForwardState } = comparison;
  const { logEvidence, elbo, kl } = comparison;
  const states = (values: Float64Array): Float64Array | NestedArray =>
    horizon === null ? values : NestedArray.rows(values, mdp.stateCount);
  const rows = (values: Float64Array): NestedArray =>
    horizon === null
      ? NestedArray.rows(values, mdp.actionCount)
      : NestedArray.matrices(values, mdp.stateCount, mdp.actionCount);
  const answerOfMethod = ({ startValue, V, Q, policy, stateMarginals, fixedPoint }: MethodSolution) => ({
    startValue,
    V: states(V),
    Q: rows(Q),
    policy: rows(policy),
    stateMarginals: stateMarginals && states(stateMarginals),
    ...fixedPoint,
  });
  const [hard, exact, variational] = METHODS.map((name) => answerOfMethod(methods[name])) as [
    ReturnType<typeof answerOfMethod>,
    ReturnType<typeof answerOfMethod>,
    ReturnType<typeof answerOfMethod>,
  ];
  const perNat = (values: Float64Array): Float64Array => values.map((value) => value / temperature);
  return {
    explanation: explain(comparison),
    actions: [...actions],
    horizon,
    ...(discount < 1 && { discountAs: 'termination' as const }),
    methods: { hard, exact, variational },
    messages: {
      logBackwardState: states(perNat(methods.exact.V)),
      logBackwardStateAction: rows(perNat(methods.exact.Q)),
      logForwardState: logForwardState && NestedArray.rows(logForwardState, mdp.stateCount),
    },
    logEvidence,
    elbo,
    kl,
  };
}
