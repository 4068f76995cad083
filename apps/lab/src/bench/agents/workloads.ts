import {
  continuousSoftQLearning,
  crossQ,
  deepQNetwork,
  discreteSoftActorCritic,
  maximumEntropyFlow,
  qLearning,
  softActorCritic,
  softActorCriticPresets,
  softDeepQNetwork,
  softQLearning,
} from '@maxent/agents';
import { type AgentDefinition, Box, Discrete, type Rng, type Space, type Transition } from '@maxent/core';

/** An agent as it is measured. */
export interface Workload {
  readonly definition: AgentDefinition;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
}

/** Transitions in replay, all collected before the first update. */
export const REPLAY_ROWS = 10_000;

const unbounded = (size: number) => new Box({ low: -Infinity, high: Infinity, shape: [size] });

/** The sizes of HalfCheetah. */
const locomotion = {
  observationSpace: unbounded(17),
  actionSpace: new Box({ low: -1, high: 1, shape: [6] }),
};

/** The sizes of CartPole. */
const control = { observationSpace: unbounded(4), actionSpace: new Discrete(2) };

/** The sizes of FrozenLake. */
const table = { observationSpace: new Discrete(16), actionSpace: new Discrete(4) };

const replay = { learningStarts: 0, replayCapacity: REPLAY_ROWS };

/** Both deep Q-learners alike. Stable-Baselines3 has neither double Q-learning nor another loss. */
const deepQ = {
  ...replay,
  hiddenSizes: [128, 128],
  batchSize: 128,
  learningRate: 3e-4,
  doubleQ: false,
  targetEvery: 250,
  targetRate: 1,
};

export const workloads = {
  sac: { ...locomotion, definition: softActorCritic, settings: replay },
  'sac-first-version': {
    ...locomotion,
    definition: softActorCritic,
    settings: { ...softActorCriticPresets['first-version'], ...replay, rewardScale: 1 },
  },
  crossq: { ...locomotion, definition: crossQ, settings: replay },
  'crossq-wide': {
    ...locomotion,
    definition: crossQ,
    settings: { ...replay, criticHiddenSizes: [512, 512] },
  },
  sql: {
    ...locomotion,
    definition: continuousSoftQLearning,
    settings: { ...replay, valueProposals: 'uniform' },
  },
  'sql-policy-proposals': { ...locomotion, definition: continuousSoftQLearning, settings: replay },
  meow: { ...locomotion, definition: maximumEntropyFlow, settings: replay },
  dqn: { ...control, definition: deepQNetwork, settings: deepQ },
  'soft-dqn': { ...control, definition: softDeepQNetwork, settings: { ...deepQ, temperature: 0.5 } },
  'discrete-sac': {
    ...control,
    definition: discreteSoftActorCritic,
    settings: { ...replay, hiddenSizes: [128, 128], batchSize: 128 },
  },
  'q-learning': { ...table, definition: qLearning, settings: {} },
  'soft-q-learning': { ...table, definition: softQLearning, settings: {} },
} satisfies Readonly<Record<string, Workload>>;

export type WorkloadName = keyof typeof workloads;

/**
 * Transitions of no particular task: observations are normal or, in a Discrete space, uniform, as actions are; rewards
 * have mean and standard deviation 1, and one step in a hundred terminates.
 */
export function randomTransitions(
  { observationSpace, actionSpace }: Pick<Workload, 'observationSpace' | 'actionSpace'>,
  count: number,
  rng: Rng,
): Transition[] {
  return Array.from({ length: count }, () => ({
    observation: observationSpace.sample(rng),
    action: actionSpace.sample(rng),
    // In float32, as it is handed over.
    reward: Math.fround(rng.normal(1)),
    nextObservation: observationSpace.sample(rng),
    terminated: rng.uniform() < 0.01,
    truncated: false,
  }));
}
