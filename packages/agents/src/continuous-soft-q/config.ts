import * as z from 'zod';
import { discountField } from '../action-values/config-fields.js';
import { normalizationFields } from '../learner/observation-normalization.js';
import { rewardScalingField } from '../learner/reward-scaling.js';
import { updateScheduleFields } from '../learner/update-schedule.js';
import { rewardScaleField } from '../reward-scale.js';
import { TEMPERATURE_ADVICE } from '../supported-spaces.js';
import { targetNetworkFields } from '../target-network-fields.js';

/**
 * Hyperparameters of continuous soft Q-learning. Defaults follow the authors' code for MuJoCo (Haarnoja et al. 2017,
 * arXiv 1702.08165), except for the proposals and the random warm-up.
 */
export const continuousSoftQConfig = z.object({
  hiddenSizes: z
    .array(z.int().positive())
    .min(1)
    .default([128, 128])
    .describe('widths of the hidden layers of critics and sampling network'),
  batchSize: z.int().positive().default(128).describe('transitions per gradient step'),
  criticLearningRate: z.number().positive().default(3e-4).describe("step size of the critics' Adam"),
  samplerLearningRate: z
    .number()
    .positive()
    .default(3e-4)
    .describe("step size of the sampling network's Adam"),
  discount: discountField,
  temperature: z
    .number()
    .positive(`expected a number above 0; ${TEMPERATURE_ADVICE}`)
    .default(1)
    .describe('weight of entropy relative to scaled reward'),
  rewardScale: rewardScaleField,
  rewardScaling: rewardScalingField,
  criticCount: z
    .int()
    .positive()
    .default(1)
    .describe('number of critics; the smallest of their values is used'),
  valueProposals: z
    .enum(['uniform', 'policy'])
    .default('policy')
    .describe(
      "where the actions that estimate soft values come from: uniform, or half of them near the policy's own actions, which keeps the error small for a sharp policy or many dimensions",
    ),
  valueParticles: z.int().min(2).default(16).describe('actions per state that estimate its soft value'),
  fixedParticles: z
    .int()
    .min(2)
    .default(8)
    .describe('actions per state at which Stein variational gradient descent evaluates the density'),
  updatedParticles: z
    .int()
    .positive()
    .default(8)
    .describe('actions per state that Stein variational gradient descent moves'),
  targetEvery: targetNetworkFields.targetEvery.default(1000),
  targetRate: targetNetworkFields.targetRate.default(1),
  replayCapacity: z.int().positive().default(1_000_000).describe('number of transitions kept for replay'),
  ...updateScheduleFields,
  ...normalizationFields,
});

export type ContinuousSoftQConfig = z.output<typeof continuousSoftQConfig>;

type Preset = Partial<z.input<typeof continuousSoftQConfig>>;

/** The reward scales of the authors' experiments, if they used the environment or its predecessor. */
export const continuousSoftQPresets = {
  'MultiGoal-v0': {
    rewardScale: 0.1,
    batchSize: 64,
    fixedParticles: 16,
    updatedParticles: 16,
    learningStarts: 100,
  },
  // Solves it within 5000 steps. This reward scale keeps values small; the policy is the one for temperature 0.2.
  'Pendulum-v1': {
    rewardScale: 0.1,
    temperature: 0.02,
    criticLearningRate: 1e-3,
    samplerLearningRate: 1e-3,
    targetEvery: 1,
    targetRate: 0.005,
    learningStarts: 200,
  },
  'Swimmer-v5': { rewardScale: 30 },
  'HalfCheetah-v5': { rewardScale: 30 },
  'Ant-v5': { rewardScale: 300 },
} satisfies Readonly<Record<string, Preset>>;
