import type { RunConfig } from '@maxent/training';
import { expect, test } from 'vitest';
import { groupRuns } from './compare-runs.js';

type Change = {
  readonly seed?: number;
  readonly agent?: string;
  readonly config?: RunConfig['agent']['config'];
  readonly environment?: string;
  readonly options?: RunConfig['environment']['options'];
  readonly level?: RunConfig['level'];
  readonly every?: number;
};

function run({ seed = 1, agent = 'sac', config, environment = 'Walk-v0', options, level, every }: Change) {
  const full = {
    agent: {
      name: agent,
      config: { learningRate: 0.001, hiddenSizes: [64, 64], target: { rate: 0.005 }, ...config },
    },
    environment: { id: environment, options: { ...options } },
    ...(level && { level }),
    seed,
    evaluation: { every: every ?? 1000, episodes: 10 },
  };
  return { config: full as unknown as RunConfig };
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

test('refuses runs of several environments', () => {
  expect(() => labels({}, { environment: 'Swim-v0' })).toThrow(
    '--curve: expected runs in one environment, got Walk-v0 and Swim-v0',
  );
});
