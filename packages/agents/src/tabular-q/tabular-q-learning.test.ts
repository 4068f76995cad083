import {
  Box,
  copySnapshot,
  Discrete,
  InvalidInputError,
  parseConfig,
  Rng,
  SnapshotMismatchError,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { frozenLake, randomMdp, TabularEnvironment } from '@maxent/envs';
import { solveTabular } from '@maxent/pgm';
import { evaluate, train } from '@maxent/training';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { qLearningConfig, softQLearningConfig } from './config.js';
import { QLearning, SoftQLearning } from './tabular-q-learning.js';
import { trainOnUniformPairs } from './train-on-uniform-pairs.js';

const spaces = { observationSpace: new Discrete(3), actionSpace: new Discrete(2) };

const hard = (config: z.input<typeof qLearningConfig> = {}, context: object = spaces) =>
  new QLearning({ ...spaces, ...context, rng: Rng.fromSeed(1) }, parseConfig(qLearningConfig, config));
const soft = (config: z.input<typeof softQLearningConfig> = {}, context: object = spaces) =>
  new SoftQLearning(
    { ...spaces, ...context, rng: Rng.fromSeed(1) },
    parseConfig(softQLearningConfig, config),
  );

const transition = (observation: number, action: number, reward: number, nextObservation: number) => ({
  observation,
  action,
  reward,
  nextObservation,
  terminated: false,
  truncated: false,
});

/** Two rewards in state 1, and a step from state 0 that arrives there. */
function teach(agent: QLearning | SoftQLearning, flags = { terminated: false, truncated: false }): number {
  agent.observe(transition(1, 0, 4, 2));
  agent.observe(transition(1, 1, 2, 2));
  agent.observe({ ...transition(0, 1, 1, 1), ...flags });
  return agent.actionValues()[1]!;
}

describe('one update', () => {
  it('moves a constant step toward r + discount max Q(s, .)', () => {
    // Q(1, .) is [2, 1] after half steps from 0.
    expect(teach(hard({ stepSize: 0.5, discount: 0.9 }))).toBeCloseTo(0.5 * (1 + 0.9 * 2), 12);
  });

  it('moves toward r + discount tau log sum exp(Q(s, .) / tau), averaged in the KL form', () => {
    const config = { stepSize: 0.5, discount: 0.9, temperature: 0.7 };
    // Q(2, .) = 0 is worth tau log 2 in the entropy form.
    const idle = 0.9 * 0.7 * Math.log(2);
    const sum = Math.exp((2 + idle / 2) / 0.7) + Math.exp((1 + idle / 2) / 0.7);
    expect(teach(soft(config))).toBeCloseTo(0.5 * (1 + 0.9 * 0.7 * Math.log(sum)), 12);
    const mean = (Math.exp(2 / 0.7) + Math.exp(1 / 0.7)) / 2;
    expect(teach(soft({ ...config, actionPrior: 'uniform' }))).toBeCloseTo(
      0.5 * (1 + 0.9 * 0.7 * Math.log(mean)),
      12,
    );
  });

  it('bootstraps through truncation, not through termination', () => {
    const config = { stepSize: 1, discount: 0.9 };
    expect(teach(hard(config), { terminated: false, truncated: true })).toBeCloseTo(1 + 0.9 * 4, 12);
    expect(teach(hard(config), { terminated: true, truncated: false })).toBe(1);
  });

  it.each([
    ['rescaled-linear' as const, [1 / 1.1, 1 / 1.2, 1 / 1.3]],
    ['polynomial' as const, [1, 2 ** -0.6, 3 ** -0.6]],
    [0.25, [0.25, 0.25, 0.25]],
  ])('has the step sizes of %s, counted separately for each pair', (stepSize, expected) => {
    const agent = hard({ stepSize, stepSizeExponent: 0.6, discount: 0.9 });
    let value = 0;
    for (const step of expected) {
      agent.observe({ ...transition(0, 0, 1, 0), terminated: true });
      agent.observe({ ...transition(2, 1, 1, 0), terminated: true });
      value += step * (1 - value);
      expect(agent.actionValues()[0]).toBeCloseTo(value, 12);
      expect(agent.actionValues()[5]).toBeCloseTo(value, 12);
    }
  });
});

describe('acting', () => {
  const share = (agent: QLearning | SoftQLearning, state: number, options: object = {}) => {
    let ones = 0;
    for (let i = 0; i < 4000; i++) ones += agent.act(state, { deterministic: false, ...options });
    return ones / 4000;
  };

  it('moves epsilon along its schedule', () => {
    const agent = hard({ initialEpsilon: 1, finalEpsilon: 0.2, epsilonSteps: 6, stepSize: 1 });
    expect(Math.abs(share(agent, 1) - 0.5)).toBeLessThan(0.04);
    teach(agent);
    // Half way: a random action with probability 0.6, and action 0 is the greedy one.
    expect(Math.abs(share(agent, 1) - 0.3)).toBeLessThan(0.04);
    expect(agent.update().metrics().epsilon).toBeCloseTo(0.6, 12);
    teach(agent);
    teach(agent);
    expect(Math.abs(share(agent, 1) - 0.1)).toBeLessThan(0.03);
    expect(share(agent, 1, { rng: Rng.fromSeed(1) })).toBe(0);
  });

  it('follows softmax(Q / tau): always in soft Q-learning, when asked to in Q-learning', () => {
    const agent = soft({ temperature: 2, stepSize: 1, discount: 0 });
    teach(agent);
    const expected = 1 / (1 + Math.exp((4 - 2) / 2));
    expect(agent.policy(1)[1]).toBeCloseTo(expected, 12);
    expect(Math.abs(share(agent, 1) - expected)).toBeLessThan(0.03);
    expect(agent.act(1, { deterministic: true })).toBe(0);
    const explorer = hard({
      behaviorTemperature: 2,
      stepSize: 1,
      discount: 0,
      initialEpsilon: 0,
      finalEpsilon: 0,
    });
    teach(explorer);
    expect(Math.abs(share(explorer, 1) - expected)).toBeLessThan(0.03);
    expect([...explorer.policy(1)]).toEqual([1, 0]);
  });
});

describe('learning from uniformly drawn pairs, step 1 / (1 + (1 - discount) n)', () => {
  const discount = 0.9;

  /** Largest error over the states that are not terminal, divided by the largest exact value. */
  function relativeError(found: Float64Array, exact: Float64Array, pairs: number): number {
    let error = 0;
    let largest = 0;
    for (let i = 0; i < pairs; i++) {
      error = Math.max(error, Math.abs(found[i]! - exact[i]!));
      largest = Math.max(largest, Math.abs(exact[i]!));
    }
    return error / largest;
  }

  const worlds = [
    [1, 4, 2],
    [2, 5, 3],
    [3, 3, 4],
  ] as const;

  it.each(worlds)('reaches the exact values of random world %i', (seed, stateCount, actionCount) => {
    const mdp = randomMdp(Rng.fromSeed(seed), { stateCount, actionCount, ending: true });
    const context = { observationSpace: new Discrete(stateCount), actionSpace: new Discrete(actionCount) };
    const pairs = (stateCount - 1) * actionCount;
    const steps = 80_000 * pairs;
    const rng = () => Rng.fromSeed(seed).split('pairs');
    const learned = hard({ discount }, context);
    trainOnUniformPairs(learned, mdp, { steps, rng: rng() });
    expect(
      relativeError(learned.actionValues(), solveTabular(mdp, { inference: 'hard', discount }).Q, pairs),
    ).toBeLessThan(0.01);
    for (const temperature of [0.01, 1, 10]) {
      for (const actionPrior of ['none', 'uniform'] as const) {
        const agent = soft({ discount, temperature, actionPrior }, context);
        trainOnUniformPairs(agent, mdp, { steps, rng: rng() });
        const exact = solveTabular(mdp, { inference: 'variational', discount, temperature, actionPrior });
        expect(relativeError(agent.actionValues(), exact.Q, pairs)).toBeLessThan(0.01);
      }
    }
  });

  it('refuses what cannot be sampled', () => {
    const mdp = randomMdp(Rng.fromSeed(1), { stateCount: 3, actionCount: 2, ending: true });
    const options = { steps: 1, rng: Rng.fromSeed(1) };
    const ended = { ...mdp, terminal: Uint8Array.of(1, 1, 1) };
    expect(() => trainOnUniformPairs(hard(), ended, options)).toThrow(
      new InvalidInputError('terminal', 'expected a state that is not terminal'),
    );
    const forbidden = { ...mdp, reward: mdp.reward.map((reward, i) => (i === 0 ? -Infinity : reward)) };
    expect(() => trainOnUniformPairs(hard(), forbidden, options)).toThrow('reward: expected finite numbers');
  });
});

it('learns an environment from its own episodes, driven by train', async () => {
  const mdp = frozenLake({ slippery: false });
  const environment = () => new TabularEnvironment(mdp);
  const context = { observationSpace: new Discrete(16), actionSpace: new Discrete(4) };
  const agent = soft({ temperature: 0.01, actionPrior: 'uniform', discount: 0.95, stepSize: 0.5 }, context);
  const evaluationEnvironment = environment();
  await train({
    agent,
    environment: environment(),
    evaluationEnvironment,
    steps: 5000,
    seed: 3,
    logEvery: 1000,
    checkpointEvery: 10_000,
    evaluation: { every: 5000, episodes: 1 },
  });
  const { returns, lengths } = await evaluate({
    policy: agent,
    environment: evaluationEnvironment,
    episodes: 1,
    seed: 4,
    deterministic: true,
  });
  expect([returns, lengths]).toEqual([[1], [6]]);
});

describe('saving', () => {
  it('continues with bit-identical numbers, also between observe and update', () => {
    const original = soft({ initialEpsilon: 0.5 });
    teach(original);
    original.act(0, { deterministic: false });
    const restored = new SoftQLearning(
      { ...spaces, rng: Rng.fromSeed(9) },
      parseConfig(softQLearningConfig, { initialEpsilon: 0.5 }),
    );
    restored.load(copySnapshot(original.save()));
    const [first, second] = [original.update(), restored.update()];
    expect(first.gradientSteps).toBe(3);
    expect(second.gradientSteps).toBe(3);
    expect(second.metrics()).toEqual(first.metrics());
    for (const agent of [original, restored]) {
      for (let i = 0; i < 20; i++) agent.observe(transition(0, agent.act(0, { deterministic: false }), 1, 1));
    }
    expect(snapshotsEqual(restored.save(), original.save())).toBe(true);
  });

  it('refuses the table of another world, and stays as it was', () => {
    const agent = hard();
    teach(agent);
    const before = agent.save();
    const other = hard({}, { observationSpace: new Discrete(4) }).save();
    expect(() => agent.load(other)).toThrow(SnapshotMismatchError);
    const spoiled = { ...hard().save(), metadata: { ...before.metadata, observed: -1 } };
    expect(() => agent.load(spoiled)).toThrow('q-learning: observed must be a whole number, got -1');
    expect(snapshotsEqual(agent.save(), before)).toBe(true);
  });
});

describe('a space that does not fit', () => {
  it('is refused, and the message names agents that fit', () => {
    const box = new Box({ low: [-1], high: [1] });
    expect(() => hard({}, { actionSpace: box })).toThrow(SpaceMismatchError);
    expect(() => hard({}, { actionSpace: box })).toThrow(
      'q-learning needs a Discrete action space, got Box(1, float32). For bounded continuous actions use',
    );
    expect(() => soft({}, { observationSpace: box })).toThrow(
      'soft-q-learning keeps a table and needs a Discrete observation space, got Box(1, float32). ' +
        'For other observations use the agent dqn, soft-dqn or discrete-sac.',
    );
    // Agents for other observations would not help here either.
    expect(() => hard({}, { observationSpace: box, actionSpace: box })).toThrow(
      'For bounded continuous actions use the agent sac, crossq, meow or sql.',
    );
  });

  it.each([-1, 0])(
    'temperature %s is refused, and the message names the agent for the limit',
    (temperature) => {
      expect(() => soft({ temperature })).toThrow(
        new InvalidInputError(
          'config.temperature',
          `expected a number above 0; for the limit of 0 use the agent "q-learning", got ${temperature}`,
        ),
      );
    },
  );
});
