import type * as z from 'zod';
import type { deepQConfig, softDeepQConfig } from './config.js';

type Preset = Partial<z.input<typeof deepQConfig>>;

/**
 * Smaller steps and smoother targets than rl-baselines3-zoo's, and n-step returns: without them deep Q-learning also
 * solves the task, but then loses it again.
 */
const cartPole: Preset = {
  nStep: 5,
  hiddenSizes: [128, 128],
  learningRate: 3e-4,
  batchSize: 128,
  targetEvery: 1,
  targetRate: 0.005,
  epsilonSteps: 10_000,
};

const acrobot: Preset = {
  hiddenSizes: [128, 128],
  learningRate: 1e-3,
  targetEvery: 1,
  targetRate: 0.01,
  epsilonSteps: 5000,
};

/** rl-baselines3-zoo's settings for DQN, which count the interval between target copies in environment steps. */
const mountainCar: Preset = {
  learningRate: 4e-3,
  batchSize: 128,
  discount: 0.98,
  doubleQ: false,
  replayCapacity: 10_000,
  trainEvery: 16,
  gradientSteps: 8,
  targetEvery: 300,
  epsilonSteps: 24_000,
  finalEpsilon: 0.07,
};

const frozenLake = {
  hiddenSizes: [64],
  learningRate: 1e-3,
  trainEvery: 4,
  targetEvery: 100,
  epsilonSteps: 20_000,
  finalEpsilon: 0.1,
} satisfies Preset;

export const deepQPresets = {
  'CartPole-v1': cartPole,
  'Acrobot-v1': acrobot,
  'MountainCar-v0': mountainCar,
  'FrozenLake-v1': frozenLake,
} satisfies Readonly<Record<string, Preset>>;

type SoftPreset = Partial<z.input<typeof softDeepQConfig>>;

/** The same settings, with the policy's own exploration in place of the epsilon. */
function soft(
  { initialEpsilon: _, finalEpsilon: __, epsilonSteps: ___, ...shared }: Preset,
  own: SoftPreset,
) {
  return { ...shared, ...own };
}

export const softDeepQPresets = {
  // N-step returns recorded while the agent was more random would make it underestimate its policy.
  'CartPole-v1': soft(cartPole, { temperature: 0.5, nStep: 1 }),
  // Warmer policies waver, and their own exploration takes long to find the goal.
  'Acrobot-v1': {
    ...acrobot,
    initialEpsilon: 1,
    finalEpsilon: 0.05,
    temperature: 0.1,
    actionPrior: 'uniform',
  },
  // There is no reward before the goal, and only persistent pushing reaches it: warmer policies waver and never see it.
  'MountainCar-v0': { ...mountainCar, initialEpsilon: 1, temperature: 0.001 },
  // At a temperature low enough for such small values, the soft policy alone explores too little.
  'FrozenLake-v1': { ...frozenLake, initialEpsilon: 1, temperature: 0.01 },
} satisfies Readonly<Record<string, SoftPreset>>;
