import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  type BoxArray,
  copySnapshot,
  Discrete,
  InvalidInputError,
  parseConfig,
  Rng,
  type Snapshot,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectToContinue, expectToRefuse, type Feed } from '../test-support/agent-checks.js';
import { composeSoftQ } from './compose-soft-q.js';
import { type ContinuousSoftQConfig, continuousSoftQConfig } from './config.js';
import { ContinuousSoftQLearning } from './continuous-soft-q-learning.js';
import type { ImplicitPolicyAgent } from './implicit-policy-agent.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const observationSpace = new Box({ low: -1, high: 1, shape: [2] });
const actionSpace = new Box({ low: [-2], high: [2] });
const alive: ImplicitPolicyAgent[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

const keep = <A extends ImplicitPolicyAgent>(agent: A): A => {
  alive.push(agent);
  return agent;
};

function makeAgent(overrides: Partial<ContinuousSoftQConfig> = {}, seed = 1): ContinuousSoftQLearning {
  const config = continuousSoftQConfig.parse({
    hiddenSizes: [16],
    batchSize: 16,
    learningStarts: 10,
    replayCapacity: 500,
    ...overrides,
  });
  return keep(
    new ContinuousSoftQLearning({ observationSpace, actionSpace, rng: Rng.fromSeed(seed) }, config),
  );
}

const quick = {
  hiddenSizes: [32, 32],
  criticLearningRate: 5e-3,
  samplerLearningRate: 3e-3,
  batchSize: 32,
  replayCapacity: 2000,
  learningStarts: 200,
};

/** Steps in a world of random observations, with a reward for the action. */
function feed(
  agent: ImplicitPolicyAgent,
  steps: number,
  rng: Rng,
  reward: (action: number) => number,
  flags = { terminated: true, truncated: false },
): void {
  for (let i = 0; i < steps; i++) {
    const observation = observationSpace.sample(rng);
    const action = agent.act(observation, { deterministic: false });
    const nextObservation = observationSpace.sample(rng);
    agent.observe({ observation, action, reward: reward(action[0]!), nextObservation, ...flags });
    agent.update();
  }
}

function draws(agent: ImplicitPolicyAgent, count: number): number[] {
  const rng = Rng.fromSeed(5);
  const observation = Float32Array.of(0.2, -0.3);
  return Array.from({ length: count }, () => agent.act(observation, { deterministic: false, rng })[0]!);
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

const weights = (agent: ImplicitPolicyAgent) => copySnapshot(agent.save()).arrays;

const fed: Feed<ImplicitPolicyAgent> = (agent, steps, seed) =>
  feed(agent, steps, Rng.fromSeed(seed), (a) => a);

describe('ContinuousSoftQLearning', () => {
  it.each<Partial<ContinuousSoftQConfig>>([{ temperature: 0.2 }, { rewardScale: 5, criticCount: 2 }])(
    'finds the maximum-entropy policy of a one-step problem with %o',
    (own) => {
      // p(a) proportional to exp(5 reward) is normal around 0.8 with standard deviation sqrt(1 / 20).
      const agent = makeAgent({ ...quick, ...own });
      feed(agent, 1200, Rng.fromSeed(7), (a) => -2 * (a - 0.8) ** 2);
      const { mean, deviation } = moments(draws(agent, 500));
      expect(Math.abs(mean - 0.8)).toBeLessThan(0.1);
      expect(Math.abs(deviation / Math.sqrt(1 / 20) - 1)).toBeLessThan(0.3);
      const mode = agent.act(Float32Array.of(0.2, -0.3), { deterministic: true });
      expect(Math.abs(mode[0]! - 0.8)).toBeLessThan(0.15);
    },
  );

  it.each(['uniform', 'policy'] as const)('learns the soft value with %s proposals', (valueProposals) => {
    // Without reward, a step is worth the entropy of the uniform policy in the cube: V = temperature log 2 / (1 - 0.5).
    const agent = makeAgent({
      ...quick,
      temperature: 3,
      discount: 0.5,
      valueProposals,
      targetEvery: 1,
      targetRate: 0.05,
    });
    feed(agent, 700, Rng.fromSeed(7), () => 0, { terminated: false, truncated: false });
    const exact = (0.5 * 3 * Math.LN2) / (1 - 0.5);
    expect(Math.abs(agent.update().metrics().meanTarget! / exact - 1)).toBeLessThan(0.1);
  });

  it('bootstraps through truncation but not through termination', () => {
    const valueAfter = (flags: { terminated: boolean; truncated: boolean }) => {
      const agent = makeAgent({ criticLearningRate: 1e-2, targetEvery: 20, temperature: 0.01 });
      feed(agent, 300, Rng.fromSeed(5), () => 1, flags);
      return agent.update().metrics().meanTarget!;
    };
    expect(valueAfter({ terminated: true, truncated: false })).toBeCloseTo(1, 5);
    expect(valueAfter({ terminated: false, truncated: true })).toBeGreaterThan(3);
  });

  it('copies the critics to the target every `targetEvery` gradient steps', () => {
    const agent = makeAgent({ targetEvery: 5 });
    const rng = Rng.fromSeed(5);
    const name = 'member.0.layer.0.weight';
    const target = () => weights(agent)[`targetCritics/${name}`]!.data;
    const start = target();
    feed(agent, 14, rng, () => 1);
    expect(target()).toEqual(start);
    feed(agent, 1, rng, () => 1);
    const copied = target();
    weights(agent)[`critics/${name}`]!.data.forEach((value, i) => {
      expect(copied[i]).toBeCloseTo(value, 6);
    });
    expect(copied).not.toEqual(start);
    feed(agent, 4, rng, () => 1);
    expect(target()).toEqual(copied);
  });

  it('takes the gradient steps that are due', () => {
    const agent = makeAgent({ learningStarts: 4, trainEvery: 3, gradientSteps: 2 });
    const due = Array.from({ length: 9 }, () => {
      feedOnly(agent);
      return agent.update().gradientSteps;
    });
    expect(due).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 2]);
  });

  it('starts with two different critics, if there are two', () => {
    const { arrays } = makeAgent({ criticCount: 2 }).save();
    expect(arrays['critics/member.0.layer.0.weight']!.data).not.toEqual(
      arrays['critics/member.1.layer.0.weight']!.data,
    );
  });

  it('continues from a snapshot with bit-identical numbers', () => {
    const options: Partial<ContinuousSoftQConfig> = { valueProposals: 'policy', targetEvery: 7 };
    expectToContinue(makeAgent(options), makeAgent(options, 99), fed);
  });

  it.each<[string, (good: Snapshot) => Snapshot]>([
    ['networks of another width', () => copySnapshot(makeAgent({ hiddenSizes: [8] }).save())],
    ['a replay of another capacity', () => copySnapshot(makeAgent({ replayCapacity: 7 }).save())],
    ['no replay', ({ arrays, metadata }) => ({ arrays, metadata })],
    ['no step counter', (good) => ({ ...good, metadata: { ...good.metadata, observed: null } })],
    ['a malformed random stream', (good) => ({ ...good, metadata: { ...good.metadata, noiseRng: {} } })],
  ])('refuses a snapshot with %s, and stays as it was', (_, spoil) => {
    const agent = makeAgent();
    feed(agent, 30, Rng.fromSeed(5), () => 1);
    const other = makeAgent({}, 2);
    feed(other, 20, Rng.fromSeed(6), () => 0);
    expectToRefuse(agent, spoil(copySnapshot(other.save())));
  });

  it('refuses Discrete actions, and says which agents fit', () => {
    const context = { observationSpace, actionSpace: new Discrete(3), rng: Rng.fromSeed(1) };
    const make = () => new ContinuousSoftQLearning(context, continuousSoftQConfig.parse({}));
    expect(make).toThrow(SpaceMismatchError);
    expect(make).toThrow('soft-dqn');
  });

  it.each([
    ['temperature', 0, 'dqn or q-learning'],
    ['temperature', -1, 'dqn or q-learning'],
    ['rewardScale', 0, 'dqn, soft-dqn or discrete-sac'],
  ])('refuses %s %d, and says which agents fit', (field, value, agents) => {
    const parse = () => parseConfig(continuousSoftQConfig, { [field]: value });
    expect(parse).toThrow(InvalidInputError);
    expect(parse).toThrow(`config.${field}: expected a number above 0`);
    expect(parse).toThrow('sac, crossq, meow or sql');
    expect(parse).toThrow(agents);
  });

  it('refuses a single fixed particle', () => {
    const parse = () => parseConfig(continuousSoftQConfig, { fixedParticles: 1 });
    expect(parse).toThrow(InvalidInputError);
    expect(parse).toThrow('config.fixedParticles');
  });
});

describe('composeSoftQ', () => {
  /** An agent that has learned -(a - center)^2 / (2 deviation^2) at temperature 1. */
  function learned(center: number, deviation: number, seed: number): ContinuousSoftQLearning {
    const agent = makeAgent({ ...quick, discount: 0 }, seed);
    feed(agent, 900, Rng.fromSeed(7), (a) => -((a - center) ** 2) / (2 * deviation ** 2));
    return agent;
  }

  it('learns the policy of the product of two, from their experience alone', () => {
    const agents = [learned(-0.6, 0.5, 1), learned(1, 0.5, 2)];
    const composed = keep(composeSoftQ(agents, { rng: Rng.fromSeed(3) }));
    expect(composed.replay.log.size).toBe(1800);
    for (let i = 0; i < 500; i++) expect(composed.update().gradientSteps).toBe(1);
    // The product of two normal densities: mean 0.2, variance 0.5^2 / 2.
    const { mean, deviation } = moments(draws(composed, 500));
    expect(Math.abs(mean - 0.2)).toBeLessThan(0.15);
    expect(Math.abs(deviation / Math.sqrt(0.125) - 1)).toBeLessThan(0.3);
  });

  it('sums the log-densities, each at its own temperature', () => {
    const agents = [makeAgent({ temperature: 2 }, 1), makeAgent({ temperature: 0.5, criticCount: 2 }, 2)];
    const composed = keep(composeSoftQ(agents, { rng: Rng.fromSeed(3), replay: 'own' }));
    tf.tidy(() => {
      const observations = tf.tensor2d([
        [0.1, 0.2],
        [-0.3, 1],
      ]);
      const actions = tf.tensor2d([[0.5], [-0.9]]);
      const sum = composed.logDensity(observations, actions).arraySync();
      const terms = agents.map((agent) => agent.logDensity(observations, actions).arraySync());
      sum.forEach((value, i) => {
        expect(value).toBeCloseTo(terms[0]![i]! + terms[1]![i]!, 5);
      });
    });
    expect(composed.replay.log.size).toBe(0);
  });

  it.each([
    ['train every few steps', { trainEvery: 7 }],
    ['have not yet seen learningStarts steps', { learningStarts: 100 }],
  ])('learns at every update from the experience of agents that %s', (_, schedule) => {
    const agent = makeAgent(schedule);
    for (let i = 0; i < 20; i++) feedOnly(agent);
    const composed = keep(composeSoftQ([agent], { rng: Rng.fromSeed(3), config: { gradientSteps: 2 } }));
    for (let i = 0; i < 3; i++) expect(composed.update().gradientSteps).toBe(2);
  });

  it('keeps the schedule of the first agent if it learns from its own experience alone', () => {
    const agent = makeAgent({ learningStarts: 4, trainEvery: 3 });
    for (let i = 0; i < 20; i++) feedOnly(agent);
    const composed = keep(composeSoftQ([agent], { rng: Rng.fromSeed(3), replay: 'own' }));
    const due = Array.from({ length: 7 }, () => {
      feedOnly(composed);
      return composed.update().gradientSteps;
    });
    expect(due).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  it('takes no gradient step while there is no experience', () => {
    const composed = keep(composeSoftQ([makeAgent()], { rng: Rng.fromSeed(3) }));
    expect(composed.update().gradientSteps).toBe(0);
  });

  it('refuses wrong settings, and settings of what it does not learn', () => {
    const compose = (config: object) => composeSoftQ([makeAgent()], { rng: Rng.fromSeed(3), config });
    // With one particle the bandwidth would be divided by log 1.
    expect(() => compose({ fixedParticles: 1 })).toThrow(InvalidInputError);
    expect(() => compose({ fixedParticles: 1 })).toThrow('config.fixedParticles');
    // Each Q-function has the temperature that it was learned with.
    expect(() => compose({ temperature: 2 })).toThrow('config.temperature: unknown key');
    expect(keep(compose({ fixedParticles: 5 })).config).toMatchObject({
      fixedParticles: 5,
      hiddenSizes: [16],
    });
  });

  it('lives on when its agents are gone, and continues from a snapshot with bit-identical numbers', () => {
    const pair = [1, 2].map((seed) => {
      const agent = makeAgent({}, seed);
      feed(agent, 30, Rng.fromSeed(seed), (a) => a);
      return agent;
    });
    const compose = (seed: number) => keep(composeSoftQ(pair, { rng: Rng.fromSeed(seed) }));
    const [original, restored] = [compose(3), compose(4)];
    for (const agent of alive.splice(0, 2)) agent.dispose();
    const critics = weights(original)['term0/member.0.layer.0.weight'];
    feed(original, 20, Rng.fromSeed(5), (a) => a);
    restored.load(copySnapshot(original.save()));
    for (const agent of [original, restored]) feed(agent, 20, Rng.fromSeed(6), (a) => a);
    expect(snapshotsEqual(restored.save(), original.save())).toBe(true);
    expect(weights(original)['term0/member.0.layer.0.weight']).toEqual(critics);
  });

  it('releases everything', () => {
    const agents = [makeAgent({}, 1), makeAgent({}, 2)];
    const before = tf.memory().numTensors;
    composeSoftQ(agents, { rng: Rng.fromSeed(3) }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses no agents, and agents of different spaces', () => {
    expect(() => composeSoftQ([], { rng: Rng.fromSeed(1) })).toThrow(InvalidInputError);
    const wider = keep(
      new ContinuousSoftQLearning(
        { observationSpace, actionSpace: new Box({ low: [-3], high: [2] }), rng: Rng.fromSeed(1) },
        continuousSoftQConfig.parse({ hiddenSizes: [8], replayCapacity: 10 }),
      ),
    );
    expect(() => composeSoftQ([makeAgent(), wider], { rng: Rng.fromSeed(1) })).toThrow(
      'agents[1] was made for observations Box(2, float32) and actions from [-3] to [2]',
    );
  });
});

function feedOnly(agent: ImplicitPolicyAgent): void {
  const rng = Rng.fromSeed(3);
  const observation = observationSpace.sample(rng) as BoxArray;
  agent.observe({
    observation,
    action: actionSpace.sample(rng),
    reward: 0,
    nextObservation: observation,
    terminated: false,
    truncated: false,
  });
}
