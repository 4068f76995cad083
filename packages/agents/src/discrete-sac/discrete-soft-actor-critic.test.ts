import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  Discrete,
  DivergenceError,
  parseConfig,
  Rng,
  type Snapshot,
  SpaceMismatchError,
} from '@maxent/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { expectNoLeaks, expectToContinue, expectToRefuse } from '../test-support/agent-checks.js';
import { discreteSacConfig } from './config.js';
import { DiscreteSoftActorCritic } from './discrete-soft-actor-critic.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const spaces = { observationSpace: new Box({ low: -1, high: 1, shape: [3] }), actionSpace: new Discrete(3) };
const alive: DiscreteSoftActorCritic[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

function makeAgent(config: z.input<typeof discreteSacConfig> = {}, seed = 1): DiscreteSoftActorCritic {
  const small = { hiddenSizes: [16], batchSize: 32, learningStarts: 10, replayCapacity: 500 };
  const agent = new DiscreteSoftActorCritic(
    { ...spaces, rng: Rng.fromSeed(seed) },
    parseConfig(discreteSacConfig, { ...small, ...config }),
  );
  alive.push(agent);
  return agent;
}

/** A one-step problem: random observations, and a reward for each action. */
function feed(
  agent: DiscreteSoftActorCritic,
  steps: number,
  seed: number,
  rewards: readonly number[] = [0, 1, 2],
  flags = { terminated: true, truncated: false },
): void {
  const rng = Rng.fromSeed(seed);
  for (let i = 0; i < steps; i++) {
    const observation = spaces.observationSpace.sample(rng);
    const action = agent.act(observation, { deterministic: false });
    const nextObservation = spaces.observationSpace.sample(rng);
    agent.observe({ observation, action, reward: rewards[action]!, nextObservation, ...flags });
    agent.update();
  }
}

const arraysOf = (agent: DiscreteSoftActorCritic) => copySnapshot(agent.save()).arrays;
const someObservation = Float32Array.of(0.1, -0.2, 0.3);
const quick = { actorLearningRate: 1e-2, criticLearningRate: 1e-2, temperatureLearningRate: 1e-2 };

describe('DiscreteSoftActorCritic', () => {
  it('finds the maximum-entropy policy of a one-step problem', () => {
    const agent = makeAgent({ ...quick, temperature: 0.5 });
    feed(agent, 800, 7);
    const weights = [0, 1, 2].map((reward) => Math.exp(reward / 0.5));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    agent.policy(someObservation).forEach((p, a) => {
      expect(Math.abs(p - weights[a]! / sum)).toBeLessThan(0.05);
    });
    expect(agent.act(someObservation, { deterministic: true })).toBe(2);
  });

  it('learns the temperature at which the entropy is the target fraction of log |A|', () => {
    const agent = makeAgent({ ...quick, targetEntropyFraction: 0.6 });
    feed(agent, 1500, 7);
    const { entropy, temperature } = agent.update().metrics();
    expect(Math.abs(entropy! - 0.6 * Math.log(3))).toBeLessThan(0.1);
    // The softmax of (0, 1, 2) / temperature has that entropy at a temperature of 0.655.
    expect(Math.abs(temperature! - 0.655)).toBeLessThan(0.15);
  });

  it('starts with two different critics, and targets equal to them', () => {
    const arrays = arraysOf(makeAgent());
    expect(arrays['critics/member.0.layer.0.weight']!.data).not.toEqual(
      arrays['critics/member.1.layer.0.weight']!.data,
    );
    expect(arrays['targetCritics/member.1.layer.0.weight']).toEqual(
      arrays['critics/member.1.layer.0.weight'],
    );
  });

  it('bootstraps through truncation but not through termination', () => {
    const valueAfter = (flags: { terminated: boolean; truncated: boolean }) => {
      const agent = makeAgent({ ...quick, temperature: 0.01, targetRate: 0.05 });
      feed(agent, 400, 5, [1, 1, 1], flags);
      return agent.update().metrics().meanTarget!;
    };
    expect(valueAfter({ terminated: true, truncated: false })).toBeCloseTo(1, 5);
    expect(valueAfter({ terminated: false, truncated: true })).toBeGreaterThan(4);
  });

  it('moves targets toward the critics by the target rate, and keeps a fixed temperature fixed', () => {
    const agent = makeAgent({ targetRate: 0.25, temperature: 0.3 });
    feed(agent, 10, 5);
    const name = 'member.1.layer.0.weight';
    const old = arraysOf(agent)[`targetCritics/${name}`]!.data;
    feed(agent, 1, 6);
    const arrays = arraysOf(agent);
    arrays[`targetCritics/${name}`]!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 * old[i]! + 0.25 * arrays[`critics/${name}`]!.data[i]!, 6);
    });
    expect(agent.update().metrics().temperature).toBeCloseTo(0.3, 6);
  });

  it('copies the critics into the targets at intervals, if asked to', () => {
    const agent = makeAgent({ targetEvery: 3, targetRate: 1 });
    const name = 'member.1.layer.0.weight';
    const initial = arraysOf(agent)[`targetCritics/${name}`];
    feed(agent, 12, 5);
    expect(arraysOf(agent)[`targetCritics/${name}`]).toEqual(initial);
    feed(agent, 1, 6);
    expect(arraysOf(agent)[`targetCritics/${name}`]).toEqual(arraysOf(agent)[`critics/${name}`]);
  });

  it('acts uniformly before learning starts, then by its policy', () => {
    const agent = makeAgent({ learningStarts: 1 });
    const counts = (options: object = {}) => {
      const found = [0, 0, 0];
      for (let i = 0; i < 3000; i++) {
        found[agent.act(someObservation, { deterministic: false, ...options })]! += 1 / 3000;
      }
      return found;
    };
    for (const share of counts()) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.04);
    feed(agent, 1, 5);
    const policy = agent.policy(someObservation);
    counts().forEach((share, a) => {
      expect(Math.abs(share - policy[a]!)).toBeLessThan(0.04);
    });
  });

  it('takes the gradient steps that are due', () => {
    const agent = makeAgent({ learningStarts: 4, trainEvery: 3, gradientSteps: 2 });
    const due = Array.from({ length: 9 }, () => {
      const step = { observation: someObservation, nextObservation: someObservation };
      agent.observe({ ...step, action: 0, reward: 0, terminated: false, truncated: false });
      return agent.update().gradientSteps;
    });
    expect(due).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 2]);
  });

  it('continues from a snapshot with bit-identical numbers', () => {
    expectToContinue(makeAgent(), makeAgent({}, 99), feed);
  });

  it.each<[string, (good: Snapshot) => Snapshot]>([
    ['networks of another width', () => copySnapshot(makeAgent({ hiddenSizes: [8] }).save())],
    ['a replay of another capacity', () => copySnapshot(makeAgent({ replayCapacity: 7 }).save())],
    ['no replay', ({ arrays, metadata }) => ({ arrays, metadata })],
    ['no step counter', (good) => ({ ...good, metadata: { ...good.metadata, observed: null } })],
    [
      'no temperature',
      (good) => {
        const { logTemperature: _, ...arrays } = good.arrays;
        return { ...good, arrays };
      },
    ],
  ])('refuses a snapshot with %s, and stays as it was', (_, spoil) => {
    const agent = makeAgent();
    feed(agent, 30, 5);
    const other = makeAgent({}, 2);
    feed(other, 20, 6);
    expectToRefuse(agent, spoil(copySnapshot(other.save())));
  });

  it('holds the tensor count constant, and releases everything', () => {
    expectNoLeaks(makeAgent, feed);
    alive.length = 0;
  });

  it('refuses continuous actions, temperature 0 and the entropy of the uniform policy as a target', () => {
    const actionSpace = new Box({ low: [-1], high: [1] });
    const config = parseConfig(discreteSacConfig, {});
    expect(
      () => new DiscreteSoftActorCritic({ ...spaces, actionSpace, rng: Rng.fromSeed(1) }, config),
    ).toThrow(SpaceMismatchError);
    expect(() => makeAgent({ temperature: 0 })).toThrow(
      'expected "auto" or a number above 0; for the limit of 0 use the agent "dqn", got 0',
    );
    expect(() => makeAgent({ targetEntropyFraction: 1 })).toThrow('config.targetEntropyFraction');
  });
});

it('reports divergence when its weights no longer give finite numbers', () => {
  const agent = makeAgent();
  const snapshot = copySnapshot(agent.save());
  // Finite, but their product is not.
  for (const [name, { data }] of Object.entries(snapshot.arrays)) {
    if (name.startsWith('actor/')) (data as Float32Array).fill(1e30);
  }
  agent.load(snapshot);
  for (const deterministic of [true, false]) {
    expect(() => agent.act(someObservation, { deterministic, rng: Rng.fromSeed(1) })).toThrow(
      DivergenceError,
    );
  }
});
