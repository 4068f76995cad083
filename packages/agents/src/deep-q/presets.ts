import type { z } from 'zod';
import type { deepQConfig, softDeepQConfig } from './config.js';

type Preset = Partial<z.input<typeof deepQConfig>>;

/** rl-baselines3-zoo's settings of DQN; it counts the steps between copies of the target in environment steps. */
const cartPole: Preset = {
  learningRate: 2.3e-3,
  batchSize: 64,
  trainEvery: 256,
  gradientSteps: 128,
  targetEvery: 128,
  epsilonSteps: 8000,
  finalEpsilon: 0.04,
};

const acrobot: Preset = {
  learningRate: 6.3e-4,
  batchSize: 128,
  replayCapacity: 50_000,
  learningStarts: 0,
  trainEvery: 4,
  gradientSteps: 4,
  targetEvery: 250,
  epsilonSteps: 12_000,
  finalEpsilon: 0.1,
};

const mountainCar: Preset = {
  learningRate: 4e-3,
  batchSize: 128,
  discount: 0.98,
  replayCapacity: 10_000,
  trainEvery: 16,
  gradientSteps: 8,
  targetEvery: 300,
  epsilonSteps: 24_000,
  finalEpsilon: 0.07,
};

const frozenLake: Preset = {
  hiddenSizes: [64],
  learningRate: 1e-3,
  trainEvery: 4,
  targetEvery: 100,
  epsilonSteps: 20_000,
  finalEpsilon: 0.1,
};

export const deepQPresets: Readonly<Record<string, Preset>> = {
  'CartPole-v1': cartPole,
  'Acrobot-v1': acrobot,
  'MountainCar-v0': mountainCar,
  'FrozenLake-v1': frozenLake,
};

type SoftPreset = Partial<z.input<typeof softDeepQConfig>>;

/** The same settings, with a temperature in place of the epsilon. */
function soft(
  { initialEpsilon: _, finalEpsilon: __, epsilonSteps: ___, ...shared }: Preset,
  own: SoftPreset,
) {
  return { ...shared, ...own };
}

export const softDeepQPresets: Readonly<Record<string, SoftPreset>> = {
  'CartPole-v1': soft(cartPole, { temperature: 0.1 }),
  'Acrobot-v1': soft(acrobot, { temperature: 0.1 }),
  'MountainCar-v0': soft(mountainCar, { temperature: 0.1 }),
  'FrozenLake-v1': soft(frozenLake, { temperature: 0.01, actionPrior: 'uniform' }),
};
