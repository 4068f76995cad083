import * as z from 'zod';
import { discountField } from '../action-values/config-fields.js';
import { normalizationFields } from '../learner/observation-normalization.js';
import { rewardScalingField } from '../learner/reward-scaling.js';
import { updateScheduleFields } from '../learner/update-schedule.js';
import { learningRateFields } from '../learning-rate-fields.js';
import { rewardScaleField } from '../reward-scale.js';
import { softActorCriticConfig } from '../sac/config.js';
import { TEMPERATURE_ADVICE } from '../supported-spaces.js';

const widths = z.array(z.int().positive()).min(1);

/**
 * Hyperparameters of MEow. Defaults follow the authors' settings for Hopper (Chao et al. 2024, arXiv 2405.13629), except
 * for what the README lists.
 */
export const maximumEntropyFlowConfig = z.object({
  hiddenSizes: widths
    .default([256, 256])
    .describe('widths of the hidden layers of the two networks that shift the values of a state'),
  flowHiddenSizes: widths
    .default([64, 64])
    .describe(
      'widths of the hidden layers of the two networks through which prior and couplings read the state',
    ),
  couplings: z
    .enum(['additive', 'affine'])
    .default('additive')
    .describe(
      'what a coupling layer does: additive ones shift, so the density before squashing has exactly as many modes as the prior; affine ones also scale',
    ),
  couplingLayers: z
    .int()
    .positive()
    .default(4)
    .describe('number of coupling layers; with one action entry there is always one'),
  couplingHiddenSize: z
    .int()
    .positive()
    .default(64)
    .describe("number of units in the hidden layer of each coupling's conditioner"),
  maximumLogScale: z
    .number()
    .positive()
    .default(5)
    .describe('bound on the absolute log scale of an affine coupling'),
  priorComponents: z
    .int()
    .positive()
    .default(1)
    .describe('number of Gaussians in the prior: 1 has mean 0, more are a mixture, each with its mean'),
  minimumLogStd: z.number().default(-5).describe("smallest log standard deviation of the prior's Gaussians"),
  maximumLogStd: z.number().default(-0.3).describe("largest log standard deviation of the prior's Gaussians"),
  batchSize: z.int().positive().default(256).describe('transitions per gradient step'),
  learningRate: z.number().positive().default(1e-3).describe('step size of Adam'),
  ...learningRateFields,
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(30)
    .describe('global norm above which the gradient is scaled down; null for no limit'),
  discount: discountField,
  temperature: z
    .number()
    .positive(`expected a number above 0; ${TEMPERATURE_ADVICE}`)
    .default(0.25)
    .describe('weight of entropy relative to scaled reward'),
  targetRate: softActorCriticConfig.shape.targetRate,
  rewardScale: rewardScaleField,
  rewardScaling: rewardScalingField,
  replayCapacity: z.int().positive().default(1_000_000).describe('number of transitions kept for replay'),
  ...updateScheduleFields,
  learningStarts: updateScheduleFields.learningStarts.default(5000),
  ...normalizationFields,
});

export type MaximumEntropyFlowConfig = z.output<typeof maximumEntropyFlowConfig>;

type Preset = Partial<z.input<typeof maximumEntropyFlowConfig>>;

/**
 * The authors' settings for the MuJoCo tasks, whose versions were v4, and for their two-dimensional toy task. Those for
 * Pendulum are ours. Where it hangs, both ways up are equally good, and a single Gaussian would choose neither. At a lower
 * temperature, errors in Q lead to policies that forget how to swing up.
 */
export const maximumEntropyFlowPresets = {
  'Pendulum-v1': { hiddenSizes: [64, 64], priorComponents: 4, temperature: 1, learningStarts: 500 },
  'Hopper-v5': { temperature: 0.25, targetRate: 0.005, learningStarts: 5000 },
  'HalfCheetah-v5': { temperature: 0.25, targetRate: 0.003, maximumLogStd: 2, learningStarts: 10_000 },
  'Walker2d-v5': { temperature: 0.1, targetRate: 0.005, learningStarts: 10_000 },
  // The targets lag by 10,000 updates: expect little before 300,000 steps.
  'Ant-v5': { temperature: 0.05, targetRate: 0.0001, learningStarts: 5000 },
  'Humanoid-v5': { temperature: 0.125, targetRate: 0.0005, learningStarts: 5000 },
  'MultiGoal-v0': {
    temperature: 2.5,
    targetRate: 0.0005,
    discount: 0.9,
    minimumLogStd: -2,
    maximumLogStd: 1,
    learningStarts: 1000,
  },
} satisfies Readonly<Record<string, Preset>>;
