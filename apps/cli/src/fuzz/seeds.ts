import type { FuzzDocument } from './document.js';
import { jsonText, RawJson } from './json-text.js';

/** A document to mutate and the command line that reads it. */
export interface FuzzSeed {
  readonly name: string;
  readonly value: unknown;
  readonly command: (document: unknown) => Omit<FuzzDocument, 'name'>;
}

const infer = (document: unknown) => ({ args: ['infer', '-', '--json'], input: jsonText(document) });
const rollOut = (environment: string) => (document: unknown) => ({
  args: ['rollout', environment, '--input', '-', '--json'],
  input: jsonText(document),
});

const chain = {
  initial: [0.6, 0.4],
  transition: [
    [0.7, 0.3],
    [0.4, 0.6],
  ],
};
const models: Readonly<Record<string, object>> = {
  'hmm categorical': {
    kind: 'hmm',
    ...chain,
    emission: {
      kind: 'categorical',
      probs: [
        [0.1, 0.4, 0.5],
        [0.6, 0.3, 0.1],
      ],
    },
    observations: [0, null, 2],
  },
  'hmm gaussian': {
    kind: 'hmm',
    ...chain,
    emission: { kind: 'gaussian', means: [0, 1], stds: [1, 0.5] },
    observations: [0.1, null, 2.5],
  },
  'hmm logLikelihoods': {
    kind: 'hmm',
    ...chain,
    emission: { kind: 'logLikelihoods', values: [[-1, -2], null, ['-Infinity', 0]] },
  },
  lgssm: {
    kind: 'lgssm',
    initialMean: [0, 0],
    initialCovariance: [
      [1, 0],
      [0, 1],
    ],
    F: [
      [1, 0.1],
      [0, 1],
    ],
    Q: [
      [0.1, 0],
      [0, 0.1],
    ],
    H: [[1, 0]],
    R: [[0.5]],
    observations: [[1], null, [null], [3]],
  },
  'mdp exact': mdp({ horizon: 3, inference: 'exact' }),
  'mdp variational': mdp({
    horizon: 2,
    inference: 'variational',
    actionPrior: [
      [0.5, 0.5],
      [0.2, 0.8],
    ],
  }),
  'mdp hard': mdp({ horizon: null, inference: 'hard', discount: 0.9, terminal: [false, true] }),
  'mdp endless': mdp({
    horizon: null,
    inference: 'variational',
    discount: 0.9,
    temperature: 0.5,
    tolerance: 1e-9,
  }),
  'mdp discountAs': mdp({
    horizon: null,
    inference: 'exact',
    discount: 0.9,
    discountAs: 'termination',
    maxIterations: 1000,
  }),
  'lqr finite': lqr({
    horizon: 3,
    terminalCost: [
      [1, 0],
      [0, 1],
    ],
  }),
  'lqr endless': lqr({ horizon: null, discount: 0.95 }),
  'lqr exact': lqr({ horizon: 2, inference: 'exact' }),
  'graph exact': graph({ queries: [['A'], ['B', 'C']], method: 'exact' }),
  'graph loopy': graph({ method: 'loopy', damping: 0.1, tolerance: 1e-8, maxIterations: 100 }),
};

function mdp(rest: object): object {
  return {
    kind: 'mdp',
    transition: [
      [
        [0.1, 0.9],
        [1, 0],
      ],
      [
        [0.5, 0.5],
        [0, 1],
      ],
    ],
    reward: [
      [0, 1],
      ['-Infinity', 2],
    ],
    initial: [0.5, 0.5],
    discount: 1,
    temperature: 1,
    actionPrior: 'none',
    grid: { rows: 1, columns: 2, tiles: 'SG' },
    ...rest,
  };
}

function lqr(rest: object): object {
  return {
    kind: 'lqr',
    A: [
      [1, 0.1],
      [0, 1],
    ],
    B: [[0], [0.1]],
    Q: [
      [1, 0],
      [0, 0.1],
    ],
    R: [[0.1]],
    noiseCovariance: [
      [0.01, 0],
      [0, 0.01],
    ],
    temperature: 1,
    inference: 'variational',
    ...rest,
  };
}

function graph(rest: object): object {
  return {
    kind: 'factor-graph',
    variables: { A: 2, B: 3, C: 2 },
    factors: [
      { variables: ['A'], values: [0.4, 0.6] },
      {
        variables: ['A', 'B'],
        values: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
      {
        variables: ['B', 'C'],
        values: [
          [1, 0],
          [2, 1],
          [0, 3],
        ],
      },
    ],
    evidence: { C: 1 },
    ...rest,
  };
}

const rollouts: Readonly<Record<string, object>> = {
  'Pendulum-v1': { seed: 1, state: [3.1, 0], actions: [[0.5], [-2]] },
  'CartPole-v1': { seed: 1, actions: [0, 1, 1] },
  'FrozenLake-v1': { seed: 3, state: { state: [4] }, actions: [0, 1, 2, 3] },
  'InvertedPendulum-v5': { state: { qpos: [0.1, 0.01], qvel: [0, 0.1] }, actions: [[0.5], [-1]] },
  'LinearQuadratic-v0': { seed: 2, state: { state: [1, 2] }, actions: [[1], [0]] },
  'PointMaze-v0': {
    seed: 2,
    actions: [
      [1, 0.5],
      [0, 1],
    ],
  },
};

/** The starting points of the fuzz: a document of every form that the command line reads. */
export const seeds: readonly FuzzSeed[] = [
  ...Object.entries(models).map(([name, value]) => ({ name, value, command: infer })),
  ...Object.entries(rollouts).map(([environment, value]) => ({
    name: `rollout ${environment}`,
    value,
    command: rollOut(environment),
  })),
  {
    name: 'levels',
    value: {
      levels: [
        { steps: 20, set: { hiddenSizes: [4] }, sees: null },
        {
          steps: 10,
          env: 'PointMaze-v0',
          envSet: { cellSize: 3 },
          belowSee: [[0, 2]],
          every: 2,
          preset: 'paper',
        },
      ],
    },
    // Without an agent: the plan is read and checked, and nothing trains.
    command: (document) => ({
      args: ['train', '--env', 'PointMaze-v0', '--levels', '-', '--out', 'refused', '--json'],
      input: jsonText(document),
    }),
  },
  settings(
    'train sac',
    ['train', 'sac', '--env', 'Pendulum-v1', '--steps', '1', '--out', 'refused'],
    '--set',
    {
      hiddenSizes: [1e15, 8],
      batchSize: 32,
      replayCapacity: 1000,
      discount: 0.9,
      temperature: 'auto',
      criticCount: 2,
    },
  ),
  settings('solve GridWorld-v0', ['solve', 'GridWorld-v0'], '--env-set', {
    map: 'S..G/.#.L',
    legend: { G: { reward: 1, terminal: true }, L: { reward: -1, terminal: false } },
    stepReward: -0.04,
    slip: 0.1,
  }),
  settings('solve Chain-v0', ['solve', 'Chain-v0'], '--env-set', {
    length: 4,
    successProbability: 0.5,
    prize: 10,
    leaveReward: 1,
  }),
  settings('solve FrozenLake-v1', ['solve', 'FrozenLake-v1', '--discount', '0.95'], '--env-set', {
    map: 'SFFF/FHFG',
    successRate: 0.5,
    goalReward: 1,
    holeReward: 0,
  }),
  settings('solve options', ['solve', 'Chain-v0'], '--', {
    discount: 0.9,
    temperature: 0.5,
    inference: 'variational',
    'action-prior': 'uniform',
    tolerance: 1e-9,
    'max-iterations': 1000,
  }),
];

/** Options given as `key=value` after `flag`, or each as a flag of its own for `--`. */
function settings(name: string, args: readonly string[], flag: string, value: object): FuzzSeed {
  return {
    name,
    value,
    command: (document) => {
      const entries =
        typeof document === 'object' && document !== null && !(document instanceof RawJson)
          ? Object.entries(document)
          : [['x', document] as const];
      const texts = entries.map(
        ([key, item]) => `${key}=${typeof item === 'string' ? item : jsonText(item)}`,
      );
      const given = texts.flatMap((text) => (flag === '--' ? [`--${text}`] : [flag, text]));
      // An operating system does not take longer ones.
      return { args: [...args, ...given.map((text) => text.slice(0, 100_000)), '--json'] };
    },
  };
}
