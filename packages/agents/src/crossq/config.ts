import * as z from 'zod';
import { rewardScalingField } from '../learner/reward-scaling.js';
import { updateScheduleFields } from '../learner/update-schedule.js';
import { learningRateFields } from '../learning-rate-fields.js';
import { rewardScaleField } from '../reward-scale.js';
import { entropyFields, softActorCriticConfig } from '../sac/config.js';

const widths = z.array(z.int().positive()).min(1).default([256, 256]);
const learningRate = z.number().positive().default(1e-3);

/**
 * Hyperparameters of CrossQ. Defaults are those of Bhatt et al. 2024 (arXiv 1902.05605, table 2), but for the critics'
 * width, 2048 there, and for batch renormalization, which is off.
 */
export const crossQConfig = z.object({
  hiddenSizes: widths.describe("widths of the actor's hidden layers"),
  criticHiddenSizes: widths.describe("widths of the critics' hidden layers; the paper has 2048 and 2048"),
  batchSize: z
    .int()
    .min(2)
    .default(256)
    .describe('transitions per gradient step; the critics normalize over twice as many rows'),
  actorLearningRate: learningRate.describe("step size of the actor's Adam"),
  criticLearningRate: learningRate.describe("step size of the critics' Adam"),
  temperatureLearningRate: learningRate.describe("step size of the temperature's Adam"),
  ...learningRateFields,
  beta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.5)
    .describe("decay rate of the first moment in actor's and critics' Adam; the temperature's is 0.9"),
  policyDelay: z
    .int()
    .positive()
    .default(3)
    .describe('gradient steps of the critics for each of actor and temperature'),
  discount: softActorCriticConfig.shape.discount,
  criticCount: softActorCriticConfig.shape.criticCount,
  renormalizeAfter: z
    .int()
    .nonnegative()
    .nullable()
    .default(null)
    .describe(
      'training passes of a network after which batch renormalization replaces batch normalization, 100000 in the public code; null for never',
    ),
  rewardScale: rewardScaleField,
  rewardScaling: rewardScalingField,
  ...entropyFields,
  replayCapacity: z.int().positive().default(1_000_000).describe('number of transitions kept for replay'),
  ...updateScheduleFields,
});

export type CrossQConfig = z.output<typeof crossQConfig>;

type Preset = Partial<z.input<typeof crossQConfig>>;

/** The warm-up of the authors' experiments. */
const mujoco: Preset = { learningStarts: 5_000 };

export const crossQPresets = {
  'Ant-v5': mujoco,
  'HalfCheetah-v5': mujoco,
  'Hopper-v5': mujoco,
  'Humanoid-v5': mujoco,
  'Walker2d-v5': mujoco,
  // rl-baselines3-zoo's settings for Pendulum.
  'Pendulum-v1': { policyDelay: 2, learningStarts: 100 },
  // 3.3 times the arithmetic of soft actor-critic on HalfCheetah.
  wide: { ...mujoco, criticHiddenSizes: [512, 512] },
  // 49 times.
  paper: { ...mujoco, criticHiddenSizes: [2048, 2048], renormalizeAfter: 100_000 },
} satisfies Readonly<Record<string, Preset>>;
