import * as z from 'zod';
import { normalizationFields } from '../learner/observation-normalization.js';
import { rewardScalingField } from '../learner/reward-scaling.js';
import { updateScheduleFields } from '../learner/update-schedule.js';
import { learningRateFields } from '../learning-rate-fields.js';
import { rewardScaleField } from '../reward-scale.js';
import { TEMPERATURE_ADVICE } from '../supported-spaces.js';

/** How much entropy counts; shared by the agents with a tanh-Gaussian policy. */
export const entropyFields = {
  temperature: z
    .union([
      z.literal('auto'),
      z.number().positive(`expected "auto" or a number above 0; ${TEMPERATURE_ADVICE}`),
    ])
    .default('auto')
    .describe('weight of entropy relative to reward: "auto" learns it, a number fixes it'),
  initialTemperature: z.number().positive().default(1).describe('initial value of a learned temperature'),
  targetEntropy: z
    .union([z.literal('auto'), z.number()])
    .default('auto')
    .describe(
      'entropy in nats that a learned temperature aims at; "auto" is minus the number of action dimensions',
    ),
};

/** Hyperparameters of soft actor-critic. Defaults are from Haarnoja et al. 2018 (arXiv 1812.05905), table 1. */
export const softActorCriticConfig = z.object({
  hiddenSizes: z
    .array(z.int().positive())
    .min(1)
    .default([256, 256])
    .describe('widths of the hidden layers of actor and critics'),
  batchSize: z.int().positive().default(256).describe('transitions per gradient step'),
  actorLearningRate: z.number().positive().default(3e-4).describe("step size of the actor's Adam"),
  criticLearningRate: z.number().positive().default(3e-4).describe("step size of the critics' Adam"),
  temperatureLearningRate: z
    .number()
    .positive()
    .default(3e-4)
    .describe("step size of the temperature's Adam"),
  ...learningRateFields,
  discount: z.number().min(0).lt(1).default(0.99).describe('discount factor of future reward and entropy'),
  nStep: z
    .int()
    .positive()
    .default(1)
    .describe(
      'number of rewards summed before bootstrapping, with the entropy of the policy that acted in between',
    ),
  targetRate: z
    .number()
    .positive()
    .max(1)
    .default(0.005)
    .describe(
      'fraction of the way that target networks move toward the networks they follow, after each gradient step',
    ),
  criticCount: z
    .int()
    .positive()
    .default(2)
    .describe(
      'number of critics; the smallest of their values is used, because a single critic overestimates',
    ),
  criticLayerNormalization: z
    .boolean()
    .default(false)
    .describe(
      'normalize the hidden layers of critics, and of a state-value network, over their units before each ReLU',
    ),
  valueNetwork: z
    .boolean()
    .default(false)
    .describe(
      "bootstrap from a state-value network instead of target critics, as the algorithm's first version did",
    ),
  rewardScale: rewardScaleField,
  rewardScaling: rewardScalingField,
  ...entropyFields,
  replayCapacity: z.int().positive().default(1_000_000).describe('number of transitions kept for replay'),
  ...updateScheduleFields,
  ...normalizationFields,
  maxGradientNorm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("global norm above which each network's gradient is scaled down; null for no limit"),
});

export type SoftActorCriticConfig = z.output<typeof softActorCriticConfig>;

type Preset = Partial<z.input<typeof softActorCriticConfig>>;

/** rl-baselines3-zoo's MuJoCo settings: the defaults with a long random warm-up. */
const mujoco: Preset = { learningStarts: 10_000 };

export const softActorCriticPresets = {
  'Ant-v5': mujoco,
  'HalfCheetah-v5': mujoco,
  'Hopper-v5': mujoco,
  // rl-baselines3-zoo's settings for Pendulum.
  'Pendulum-v1': {
    actorLearningRate: 1e-3,
    criticLearningRate: 1e-3,
    temperatureLearningRate: 1e-3,
    learningStarts: 100,
  },
  // Haarnoja et al. 2018, arXiv 1801.01290, table 1, with the reward scale of Hopper, Walker2d, HalfCheetah and Ant.
  'first-version': { valueNetwork: true, temperature: 1, rewardScale: 5 },
  // Small networks, large steps and fast targets: solves InvertedPendulum-v5 within 10,000 steps.
  'quick-start': {
    hiddenSizes: [64, 64],
    batchSize: 128,
    actorLearningRate: 2e-3,
    criticLearningRate: 2e-3,
    temperatureLearningRate: 2e-3,
    targetRate: 0.02,
    learningStarts: 1000,
    replayCapacity: 100_000,
  },
} satisfies Readonly<Record<string, Preset>>;
