import * as z from 'zod';
import { discountField, epsilonFields, softFields } from '../action-values/config-fields.js';

const sharedFields = {
  discount: discountField,
  stepSize: z
    .union([z.enum(['rescaled-linear', 'polynomial']), z.number().positive().max(1)])
    .default('rescaled-linear')
    .describe(
      'step size after n visits of the state and action: 1 / (1 + (1 - discount) n), n ^ -stepSizeExponent, or a constant number',
    ),
  stepSizeExponent: z
    .number()
    .gt(0.5)
    .max(1)
    .default(0.8)
    .describe('exponent of the polynomial step size; convergence needs more than 1/2 and at most 1'),
  ...epsilonFields,
};

/** Hyperparameters of tabular Q-learning. */
export const qLearningConfig = z.object({
  ...sharedFields,
  behaviorTemperature: z
    .number()
    .positive('expected a number above 0, or null to act greedily')
    .nullable()
    .default(null)
    .describe('explore by softmax(Q / behaviorTemperature) instead of the greedy action; null for greedy'),
});

/** Hyperparameters of tabular soft Q-learning. */
export const softQLearningConfig = z.object({
  ...sharedFields,
  ...softFields('q-learning'),
});

export type QLearningConfig = z.output<typeof qLearningConfig>;
export type SoftQLearningConfig = z.output<typeof softQLearningConfig>;

export const qLearningPresets = {
  'FrozenLake-v1': { finalEpsilon: 0.1 },
} satisfies Readonly<Record<string, Partial<z.input<typeof qLearningConfig>>>>;

export const softQLearningPresets = {
  // At a temperature low enough for such small values, the soft policy alone explores too little.
  'FrozenLake-v1': { temperature: 0.01, initialEpsilon: 1, finalEpsilon: 0.1 },
} satisfies Readonly<Record<string, Partial<z.input<typeof softQLearningConfig>>>>;
