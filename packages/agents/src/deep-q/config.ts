import * as z from 'zod';
import { discountField, epsilonFields, softFields } from '../action-values/config-fields.js';
import { normalizationFields } from '../learner/observation-normalization.js';
import { updateScheduleFields } from '../learner/update-schedule.js';
import { targetNetworkFields } from '../target-network-fields.js';

const sharedFields = {
  hiddenSizes: z
    .array(z.int().positive())
    .min(1)
    .default([256, 256])
    .describe('widths of the hidden layers of the Q-network'),
  batchSize: z.int().positive().default(64).describe('transitions per gradient step'),
  learningRate: z.number().positive().default(5e-4).describe('step size of Adam'),
  discount: discountField,
  loss: z
    .enum(['huber', 'squared'])
    .default('huber')
    .describe(
      'loss of an error: half its square, or linear beyond 1 (huber), which limits the effect of outliers',
    ),
  doubleQ: z
    .boolean()
    .default(true)
    .describe("take the bootstrap's policy from the Q-network and its values from the target network"),
  nStep: z.int().positive().default(1).describe('number of rewards summed before bootstrapping'),
  targetEvery: targetNetworkFields.targetEvery.default(250),
  targetRate: targetNetworkFields.targetRate.default(1),
  replayCapacity: z.int().positive().default(100_000).describe('number of transitions kept for replay'),
  ...updateScheduleFields,
  ...normalizationFields,
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(10)
    .describe("norm above which the network's gradient is scaled down; null for no limit"),
  ...epsilonFields,
};

/** Hyperparameters of deep Q-learning; the defaults suit small control problems. */
export const deepQConfig = z.object(sharedFields);

/** Hyperparameters of deep soft Q-learning: the same as deep Q-learning, plus a temperature. */
export const softDeepQConfig = z.object({ ...sharedFields, ...softFields('dqn') });

export type DeepQConfig = z.output<typeof deepQConfig>;
export type SoftDeepQConfig = z.output<typeof softDeepQConfig>;
