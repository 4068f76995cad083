import * as z from 'zod';
import { discountField } from '../action-values/config-fields.js';
import { normalizationFields } from '../learner/observation-normalization.js';
import { updateScheduleFields } from '../learner/update-schedule.js';
import { targetNetworkFields } from '../target-network-fields.js';

/** Hyperparameters of soft actor-critic for discrete actions. */
export const discreteSacConfig = z.object({
  hiddenSizes: z
    .array(z.int().positive())
    .min(1)
    .default([256, 256])
    .describe('widths of the hidden layers of actor and critics'),
  batchSize: z.int().positive().default(64).describe('transitions per gradient step'),
  actorLearningRate: z.number().positive().default(3e-4).describe("step size of the actor's Adam"),
  criticLearningRate: z.number().positive().default(3e-4).describe("step size of the critics' Adam"),
  temperatureLearningRate: z
    .number()
    .positive()
    .default(3e-4)
    .describe("step size of the temperature's Adam"),
  discount: discountField,
  targetEvery: targetNetworkFields.targetEvery.default(1),
  targetRate: targetNetworkFields.targetRate.default(0.005),
  temperature: z
    .union([
      z.literal('auto'),
      z.number().positive('expected "auto" or a number above 0; for the limit of 0 use the agent "dqn"'),
    ])
    .default('auto')
    .describe('weight of entropy relative to reward: "auto" learns it, a number fixes it'),
  initialTemperature: z.number().positive().default(1).describe('initial value of a learned temperature'),
  targetEntropyFraction: z
    .number()
    .positive()
    .lt(1)
    .default(0.5)
    .describe(
      "entropy that a learned temperature aims at, as a fraction of log |A|, the uniform policy's entropy; near 1 forces the policy to be uniform",
    ),
  loss: z
    .enum(['huber', 'squared'])
    .default('squared')
    .describe("loss of the critics' errors: half the square, or linear beyond 1 (huber)"),
  replayCapacity: z.int().positive().default(100_000).describe('number of transitions kept for replay'),
  ...updateScheduleFields,
  ...normalizationFields,
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("global norm above which each network's gradient is scaled down; null for no limit"),
});

export type DiscreteSacConfig = z.output<typeof discreteSacConfig>;

type Preset = Partial<z.input<typeof discreteSacConfig>>;

/** Small networks, and a target entropy low enough for the policy to commit to the right action. */
const classicControl: Preset = {
  hiddenSizes: [128, 128],
  batchSize: 128,
  criticLearningRate: 1e-3,
  temperatureLearningRate: 1e-3,
  targetEntropyFraction: 0.3,
};

export const discreteSacPresets = {
  'CartPole-v1': classicControl,
  // Until the goal is found, values differ only by how often actions were tried. That is so little that a warmer policy
  // stays uniform, and a uniform policy hardly ever swings up.
  'Acrobot-v1': { ...classicControl, temperature: 0.01, actorLearningRate: 1e-3, targetRate: 0.01 },
  'FrozenLake-v1': {
    hiddenSizes: [64],
    actorLearningRate: 1e-3,
    criticLearningRate: 1e-3,
    targetRate: 0.02,
    trainEvery: 4,
    temperature: 0.01,
  },
} satisfies Readonly<Record<string, Preset>>;
