import { expect, test } from 'vitest';
import type { RunConfig } from '../run-config.js';
import { groupRuns } from './run-groups.js';

type Change = {
  readonly seed?: number;
  readonly agent?: string;
  readonly config?: RunConfig['agent']['config'];
  readonly environment?: string;
  readonly options?: RunConfig['environment']['options'];
  readonly level?: RunConfig['level'];
  readonly every?: number;
  readonly evalMaxSteps?: number;
  readonly name?: string;
};

function run({
  seed = 1,
  agent = 'sac',
  config,
  environment = 'Walk-v0',
  options,
  level,
  every,
  evalMaxSteps,
  name = 'a',
}: Change) {
  const full = {
    agent: {
      name: agent,
      config: { learningRate: 0.001, hiddenSizes: [64, 64], target: { rate: 0.005 }, ...config },
    },
    environment: { id: environment, options: { ...options } },
    ...(level && { level }),
    ...(evalMaxSteps !== undefined && { evalMaxSteps }),
    seed,
    evaluation: { every: every ?? 1000, episodes: 10 },
  };
  return { name, config: full as unknown as RunConfig };
}

const labels = (...changes: Change[]) => groupRuns(changes.map(run)).map(({ label }) => label);

test.each<[string, Change[], string[]]>([
  ['seeds only', [{}, { seed: 2 }, { seed: 3 }], ['sac, 3 seeds']],
  ['one run', [{ seed: 7 }], ['sac, seed 7']],
  ['the same run twice', [{}, {}], ['sac, 2 runs']],
  [
    'one setting',
    [{}, { seed: 2 }, { config: { learningRate: 3e-4 } }],
    ['learningRate 0.001, 2 seeds', 'learningRate 3e-4, seed 1'],
  ],
  [
    'a nested setting and a list',
    [{}, { config: { hiddenSizes: [256], target: { rate: 1 } } }],
    ['hiddenSizes [64,64], target.rate 0.005, seed 1', 'hiddenSizes [256], target.rate 1, seed 1'],
  ],
  ['agents', [{}, { agent: 'td3', config: { noise: 1 } }], ['sac, seed 1', 'td3, seed 1']],
  [
    'agents, and settings of one of them',
    [{}, { config: { learningRate: 1 } }, { agent: 'dqn', config: { learningRate: 5 } }],
    ['sac, learningRate 0.001, seed 1', 'sac, learningRate 1, seed 1', 'dqn, seed 1'],
  ],
  [
    'options of the environment',
    [{ options: { gravity: 9 } }, { options: { gravity: 10 } }],
    ['environment gravity 9, seed 1', 'environment gravity 10, seed 1'],
  ],
  [
    'levels',
    [{ level: { below: 0, sees: null, every: 1 } }, { level: { below: 1, sees: null, every: 1 } }],
    ['level 0, seed 1', 'level 1, seed 1'],
  ],
  [
    'steps between evaluations',
    [{}, { every: 500 }],
    ['evaluated every 1000, seed 1', 'evaluated every 500, seed 1'],
  ],
  [
    'a setting that one of them does not have',
    [{ config: { alpha: 1 } }, {}],
    ['alpha 1, seed 1', 'alpha not set, seed 1'],
  ],
])('labels by what differs: %s', (_, changes, expected) => {
  expect(labels(...changes)).toEqual(expected);
});

test.each<[string, Change[], string]>([
  [
    'environments',
    [{}, { name: 'b' }, { environment: 'Swim-v0', name: 'c' }],
    'runs: expected runs in one environment, got Walk-v0 (a and b) and Swim-v0 (c)',
  ],
  [
    'rewards',
    [{ options: { stepReward: -1 } }, { options: { stepReward: -2 }, name: 'b' }],
    'expected runs with one reward, got environment stepReward -1 (a) and environment stepReward -2 (b)',
  ],
  [
    'rewards within options',
    [{ options: { legend: { G: { reward: 1 } } } }, { options: { legend: {} }, name: 'b' }],
    'got environment legend.G.reward 1 (a) and environment legend.G.reward not set (b)',
  ],
  [
    'lengths of episodes',
    [{}, { evalMaxSteps: 200, name: 'b' }],
    "with evaluation episodes of one length, got the environment's limit (a) and at most 200 steps (b)",
  ],
  [
    'environments of many runs',
    [...'abcdef', 'z'].map((name) => ({ name, environment: name === 'z' ? 'Swim-v0' : 'Walk-v0' })),
    'got Walk-v0 (a, b, c and 3 more) and Swim-v0 (z)',
  ],
])('refuses runs with several %s, and says which have what', (_, changes, message) => {
  expect(() => labels(...changes)).toThrow(message);
  expect(() => labels(...changes)).toThrow('no common scale; compare those with the same one');
});
