import { softActorCriticConfig, softActorCriticPresets } from '@maxent/agents';
import * as z from 'zod';

/** Hyperparameters of a level: soft actor-critic's and the flow's. */
export const latentSpacePolicyConfig = softActorCriticConfig.extend({
  targetEntropy: softActorCriticConfig.shape.targetEntropy.describe(
    'entropy in nats that a learned temperature aims at; "auto" is minus the number of action dimensions; ' +
      'on upper levels minus the KL divergence from N(0, I), so at most 0, and "auto" is 1.69 times as large',
  ),
  learningStarts: softActorCriticConfig.shape.learningStarts.describe(
    "the level's steps with random actions before learning starts: uniform at the lowest level, latents from N(0, I) above",
  ),
  actorStarts: z
    .union([z.literal('auto'), z.int().nonnegative()])
    .default('auto')
    .describe(
      'updates of the critics alone, before the actor and a learned temperature start to learn; "auto" is 0, but ' +
        '1 / ((1 - discount^k) * targetRate), the time constant of new critics, for a level whose actions are latents of the level below and take k environment steps',
    ),
  couplingLayers: z.int().positive().default(2).describe('number of affine coupling layers in the flow'),
  couplingHiddenSize: z
    .int()
    .positive()
    .default(64)
    .describe("number of units in the hidden layer of each coupling's conditioner"),
  maximumLogScale: z
    .number()
    .positive()
    .default(5)
    .describe('bound on the absolute log scale of each coupling layer'),
});

export type LatentSpacePolicyConfig = z.output<typeof latentSpacePolicyConfig>;

type Preset = Partial<z.input<typeof latentSpacePolicyConfig>>;

/** A long random warm-up, as in SAC's preset. */
const mujoco: Preset = { learningStarts: 10_000 };

export const latentSpacePolicyPresets = {
  'Ant-v5': mujoco,
  'HalfCheetah-v5': mujoco,
  'Hopper-v5': mujoco,
  'AntMultiDirection-v0': mujoco,
  'AntMaze-v0': mujoco,
  'quick-start': softActorCriticPresets['quick-start'],
  // Haarnoja et al. 2018, arXiv 1804.02808: batch size, target rate and hidden layers of the network that reads the
  // state are from the authors' code. Their couplings have as many hidden units as actions have entries; ours have the
  // default number.
  paper: { hiddenSizes: [128, 128], batchSize: 128, targetRate: 0.01, learningStarts: 10_000 },
} satisfies Readonly<Record<string, Preset>>;
