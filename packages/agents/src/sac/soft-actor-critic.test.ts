import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  copySnapshot,
  Discrete,
  InvalidInputError,
  parseConfig,
  Rng,
  type Snapshot,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  expectNoLeaks,
  expectToContinue,
  expectToRefuse,
  type Feed,
  without,
} from '../test-support/agent-checks.js';
import { actionSpace, feed, observationSpace } from '../test-support/one-step-problem.js';
import { type SoftActorCriticConfig, softActorCriticConfig } from './config.js';
import { SoftActorCritic } from './soft-actor-critic.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const alive: SoftActorCritic[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

function makeAgent(overrides: Partial<SoftActorCriticConfig> = {}, seed = 1): SoftActorCritic {
  const config = softActorCriticConfig.parse({
    hiddenSizes: [16],
    batchSize: 32,
    learningStarts: 10,
    replayCapacity: 500,
    ...overrides,
  });
  const agent = new SoftActorCritic({ observationSpace, actionSpace, rng: Rng.fromSeed(seed) }, config);
  alive.push(agent);
  return agent;
}

const weights = (agent: SoftActorCritic) => copySnapshot(agent.save()).arrays;

const fed: Feed<SoftActorCritic> = (agent, steps, seed) =>
  feed(agent, steps, Rng.fromSeed(seed), (a) => a[0]!);

describe('SoftActorCritic', () => {
  const quick = {
    hiddenSizes: [32, 32],
    actorLearningRate: 3e-3,
    criticLearningRate: 3e-3,
    temperatureLearningRate: 1e-2,
    batchSize: 64,
  };

  it('finds the maximum-entropy policy of a one-step problem', () => {
    // p(a) proportional to exp(reward / temperature) is normal in both actions: standard deviations sqrt(0.1 / 8)
    // and sqrt(0.1 / 32), best at (1, 0.25).
    const agent = makeAgent({ ...quick, temperature: 0.1 });
    const rng = Rng.fromSeed(7);
    feed(agent, 2000, rng, (a) => -4 * (a[0]! - 1) ** 2 - 16 * (a[1]! - 0.25) ** 2);
    const action = agent.act(observationSpace.sample(rng), { deterministic: true });
    expect(Math.abs(action[0]! - 1)).toBeLessThan(0.1);
    expect(Math.abs(action[1]! - 0.25)).toBeLessThan(0.1);
    // Entropy in the cube: each axis is scaled by its half range, 2 and 0.5.
    const exact = Math.log(2 * Math.PI * Math.E * Math.sqrt(0.1 / 8) * Math.sqrt(0.1 / 32));
    expect(Math.abs(agent.update().metrics().entropy! - exact)).toBeLessThan(0.5);
  });

  const finds = (form: Partial<SoftActorCriticConfig>) => {
    const agent = makeAgent({ ...quick, ...form, temperature: 1, rewardScale: 10 });
    const rng = Rng.fromSeed(7);
    feed(agent, 2000, rng, (a) => -4 * (a[0]! - 1) ** 2 - 16 * (a[1]! - 0.25) ** 2);
    const action = agent.act(observationSpace.sample(rng), { deterministic: true });
    expect(Math.abs(action[0]! - 1)).toBeLessThan(0.15);
    expect(Math.abs(action[1]! - 0.25)).toBeLessThan(0.15);
    const exact = Math.log(2 * Math.PI * Math.E * Math.sqrt(0.1 / 8) * Math.sqrt(0.1 / 32));
    expect(Math.abs(agent.update().metrics().entropy! - exact)).toBeLessThan(0.5);
  };

  it.each<Partial<SoftActorCriticConfig>>([{ valueNetwork: true }, { criticCount: 1 }, { criticCount: 3 }])(
    'also finds it with %o, and with the reward scale in place of the temperature',
    finds,
  );

  // Composed of many operations, it takes too long there.
  it.skipIf(learningTestBackend === 'cpu')('also finds it with layer normalization in the critics', () =>
    finds({ criticLayerNormalization: true }),
  );

  it('learns the temperature at which the entropy is the target', () => {
    const agent = makeAgent({ ...quick, targetEntropy: -2.5 });
    feed(agent, 1500, Rng.fromSeed(7), (a) => -4 * (a[0]! - 1) ** 2 - 16 * (a[1]! - 0.25) ** 2);
    const { entropy, temperature } = agent.update().metrics();
    expect(Math.abs(entropy! - -2.5)).toBeLessThan(0.5);
    // With both axes normal, entropy = log(2 pi e temperature / sqrt(8 * 32)) gives the temperature.
    const exact = (Math.exp(-2.5) * 16) / (2 * Math.PI * Math.E);
    expect(temperature! / exact).toBeGreaterThan(0.5);
    expect(temperature! / exact).toBeLessThan(2);
  });

  it('acts at random inside the box before learning starts, then from the policy', () => {
    const agent = makeAgent({ learningStarts: 200 });
    const rng = Rng.fromSeed(3);
    const actions = Array.from({ length: 200 }, () =>
      agent.act(observationSpace.sample(rng), { deterministic: false }),
    );
    for (const action of actions) expect(actionSpace.contains(action)).toBe(true);
    const mean = actions.reduce((sum, action) => sum + action[1]!, 0) / actions.length;
    // Uniform on [0, 1]: the mean of 200 has standard deviation 0.02.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.08);
    const before = weights(agent);
    feed(agent, 200, rng, () => 1);
    expect(weights(agent)).toEqual(before);
    feed(agent, 1, rng, () => 1);
    expect(weights(agent)).not.toEqual(before);
  });

  it('takes the gradient steps that are due', () => {
    const agent = makeAgent({ learningStarts: 4, trainEvery: 3, gradientSteps: 2 });
    const rng = Rng.fromSeed(3);
    const due = Array.from({ length: 9 }, () => {
      const observation = observationSpace.sample(rng);
      agent.observe({
        observation,
        action: actionSpace.sample(rng),
        reward: 0,
        nextObservation: observation,
        terminated: false,
        truncated: false,
      });
      return agent.update().gradientSteps;
    });
    expect(due).toEqual([0, 0, 0, 0, 0, 2, 0, 0, 2]);
  });

  it('starts with two different critics, and targets equal to them', () => {
    const { arrays } = makeAgent().save();
    expect(arrays['critics/member.0.layer.0.weight']!.data).not.toEqual(
      arrays['critics/member.1.layer.0.weight']!.data,
    );
    expect(arrays['targetCritics/member.0.layer.0.weight']).toEqual(
      arrays['critics/member.0.layer.0.weight'],
    );
  });

  it('has a state value instead of target critics in its first version', () => {
    const parts = (agent: SoftActorCritic) =>
      new Set(Object.keys(agent.save().arrays).map((name) => name.split('/')[0]));
    expect(parts(makeAgent({ valueNetwork: true }))).toContain('value');
    expect(parts(makeAgent({ valueNetwork: true }))).not.toContain('targetCritics');
    expect(parts(makeAgent())).not.toContain('value');
  });

  it.each([false, true])('bootstraps through truncation alone, with valueNetwork %s', (valueNetwork) => {
    // A constant reward of 1 is worth 1 if each step terminates and far more if it goes on.
    const valueAfter = (flags: { terminated: boolean; truncated: boolean }) => {
      const agent = makeAgent({
        temperature: 0.01,
        criticLearningRate: 1e-2,
        targetRate: 0.05,
        valueNetwork,
      });
      feed(agent, 600, Rng.fromSeed(5), () => 1, flags);
      return agent.update().metrics().meanTarget!;
    };
    expect(valueAfter({ terminated: true, truncated: false })).toBeCloseTo(1, 2);
    expect(valueAfter({ terminated: false, truncated: true })).toBeGreaterThan(4);
  });

  it('moves targets toward the critics by the target rate', () => {
    const agent = makeAgent({ targetRate: 0.25 });
    const rng = Rng.fromSeed(5);
    feed(agent, 10, rng, () => 1);
    const name = 'member.1.layer.0.weight';
    const old = weights(agent)[`targetCritics/${name}`]!.data;
    feed(agent, 1, rng, () => 1);
    const arrays = weights(agent);
    const critic = arrays[`critics/${name}`]!.data;
    arrays[`targetCritics/${name}`]!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(0.75 * old[i]! + 0.25 * critic[i]!, 6);
    });
  });

  it.each(['linear', 'cosine'] as const)('takes smaller steps by a %s schedule, and then none', (kind) => {
    const make = (own: Partial<SoftActorCriticConfig>) => makeAgent({ learningStarts: 10, ...own });
    const [constant, falling] = [make({}), make({ learningRateSchedule: kind, scheduleSteps: 20 })];
    const name = 'critics/member.0.layer.0.weight';
    const feedBoth = (steps: number, seed: number) => {
      for (const agent of [constant, falling]) feed(agent, steps, Rng.fromSeed(seed), (a) => a[0]!);
    };
    feedBoth(11, 5);
    expect(weights(falling)[name]).toEqual(weights(constant)[name]);
    feedBoth(19, 6);
    expect(weights(falling)[name]).not.toEqual(weights(constant)[name]);
    const before = weights(falling);
    feed(falling, 5, Rng.fromSeed(7), (a) => a[0]!);
    const after = weights(falling);
    for (const still of [name, 'actor/layer.0.weight', 'logTemperature']) {
      expect(after[still]).toEqual(before[still]);
    }
    const agent = make({ learningRateSchedule: kind, scheduleSteps: 20, finalLearningRate: 0.5 });
    feed(agent, 40, Rng.fromSeed(5), (a) => a[0]!);
    const moved = weights(agent)[name];
    feed(agent, 1, Rng.fromSeed(8), (a) => a[0]!);
    expect(weights(agent)[name]).not.toEqual(moved);
  });

  it('keeps a fixed temperature fixed', () => {
    const agent = makeAgent({ temperature: 0.3 });
    feed(agent, 50, Rng.fromSeed(5), () => 1);
    expect(agent.update().metrics().temperature).toBeCloseTo(0.3, 6);
  });

  it('draws no random numbers of its own when deterministic or given a stream', () => {
    const agent = makeAgent();
    feed(agent, 20, Rng.fromSeed(5), () => 1);
    const before = copySnapshot(agent.save());
    const observation = Float32Array.of(0.1, 0.2, 0.3);
    const first = agent.act(observation, { deterministic: true });
    expect(agent.act(observation, { deterministic: true })).toEqual(first);
    const sampled = agent.act(observation, { deterministic: false, rng: Rng.fromSeed(1) });
    expect(agent.act(observation, { deterministic: false, rng: Rng.fromSeed(1) })).toEqual(sampled);
    expect(sampled).not.toEqual(first);
    expect(snapshotsEqual(agent.save(), before)).toBe(true);
  });

  it.each<Partial<SoftActorCriticConfig>>([
    {},
    { criticLayerNormalization: true },
    { criticLayerNormalization: true, valueNetwork: true },
    { nStep: 3 },
  ])('with %o continues from a snapshot with bit-identical numbers', (form) => {
    expectToContinue(makeAgent(form), makeAgent(form, 99), fed);
  });

  it('normalizes the layers of critics, their targets and a state value, but not the actor', () => {
    const normalized = (agent: SoftActorCritic) =>
      Object.keys(agent.save().arrays)
        .filter((name) => name.endsWith('scale'))
        .map((name) => name.split('/').slice(0, -1).join('/'));
    expect(normalized(makeAgent())).toEqual([]);
    const agent = makeAgent({ criticLayerNormalization: true });
    expect(new Set(normalized(agent))).toEqual(new Set(['critics', 'targetCritics']));
    expect(Object.keys(agent.describePolicy().tensors).every((name) => name.startsWith('actor/'))).toBe(true);
    const first = makeAgent({ criticLayerNormalization: true, valueNetwork: true });
    expect(new Set(normalized(first))).toEqual(new Set(['critics', 'value/network', 'value/target']));
  });

  describe('with n steps', () => {
    const n = { nStep: 3, discount: 0.9 };
    const observation = Float32Array.of(0.1, 0.2, 0.3);
    const goesOn = {
      observation,
      nextObservation: observation,
      reward: 1,
      terminated: false,
      truncated: false,
    };
    const act = (agent: SoftActorCritic, environment = 0) =>
      agent.act(observation, { deterministic: false, environment });
    const rowsOf = (agent: SoftActorCritic) => {
      const { replay } = agent.save().rows!;
      return replay!.read(0, replay!.appended);
    };

    it('sums rewards, and the log-probabilities of actions as they were drawn', () => {
      const agent = makeAgent({ ...n, learningStarts: 100 });
      for (const [t, terminated] of [false, false, true].entries()) {
        agent.observe({ ...goesOn, action: act(agent), reward: 2 ** t, terminated });
      }
      const rows = rowsOf(agent);
      // Actions of the prior are uniform on the square: each has log-density -2 log 2.
      const uniform = -2 * Math.LN2;
      const expected = {
        reward: [1 + 0.9 * 2 + 0.81 * 4, 2 + 0.9 * 4, 4],
        logProb: [(0.9 + 0.81) * uniform, 0.9 * uniform, 0],
        duration: [3, 2, 1],
        terminated: [1, 1, 1],
      };
      for (const [name, values] of Object.entries(expected)) {
        values.forEach((value, i) => {
          expect(rows[name]![i]).toBeCloseTo(value, 5);
        });
      }
    });

    it('has the density of the policy that acted, not of the one that learns', () => {
      const agent = makeAgent({ ...n, learningStarts: 0, actorLearningRate: 0.1 });
      // The policy's actions after atanh are normal; its mean and deviation are found by many draws with a stream.
      const logDensity = (action: ArrayLike<number>) => {
        const [means, squares] = [new Float64Array(2), new Float64Array(2)];
        const draws = 4000;
        const stream = Rng.fromSeed(9);
        const raw = (given: ArrayLike<number>) => [Math.atanh(given[0]! / 2), Math.atanh(2 * given[1]! - 1)];
        for (let i = 0; i < draws; i++) {
          raw(agent.act(observation, { deterministic: false, rng: stream })).forEach((u, j) => {
            means[j]! += u / draws;
            squares[j]! += (u * u) / draws;
          });
        }
        return raw(action).reduce((sum, u, j) => {
          const variance = squares[j]! - means[j]! ** 2;
          const normal = -((u - means[j]!) ** 2) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2;
          return sum + normal - Math.log(1 - Math.tanh(u) ** 2);
        }, 0);
      };
      const densities: number[] = [];
      for (let t = 0; t < 5; t++) {
        const action = act(agent);
        densities.push(logDensity(action));
        agent.observe({ ...goesOn, action });
        for (let i = 0; i < 3; i++) agent.update();
      }
      const { logProb } = rowsOf(agent);
      expect(logProb).toHaveLength(3);
      logProb!.forEach((value, t) => {
        expect(Math.abs(value - 0.9 * densities[t + 1]! - 0.81 * densities[t + 2]!)).toBeLessThan(0.3);
      });
    });

    it('keeps the windows of several environments apart', () => {
      const agent = makeAgent({ ...n, learningStarts: 100 });
      for (const t of [0, 1, 2]) {
        const actions = [0, 1].map((environment) => act(agent, environment));
        for (const environment of [1, 0]) {
          agent.observe({
            ...{ ...goesOn, reward: 10 ** environment, truncated: environment === 1 && t === 1 },
            ...{ action: actions[environment]!, environment },
          });
        }
      }
      // Environment 1 ends after two steps; environment 0 completes its three.
      const rewards = [10 + 9, 10, 1 + 0.9 + 0.81];
      rowsOf(agent).reward!.forEach((value, i) => {
        expect(value).toBeCloseTo(rewards[i]!, 5);
      });
      expect(rowsOf(agent).reward).toHaveLength(3);
    });

    it('learns from its own actions alone', () => {
      const agent = makeAgent(n);
      const before = copySnapshot(agent.save());
      const action = new Float32Array(2);
      expect(() => agent.observe({ ...goesOn, action })).toThrow(
        'observe: action: expected the action that act drew last in environment 0',
      );
      const own = act(agent);
      expect(() => agent.observe({ ...goesOn, action, environment: 1 })).toThrow('set nStep to 1');
      expect(() => agent.observe({ ...goesOn, action })).toThrow(InvalidInputError);
      agent.observe({ ...goesOn, action: own });
      expect(() => agent.observe({ ...goesOn, action: own })).toThrow('in environment 0');
      expect(agent.save().metadata.observed).toBe(1);
      expect(before.metadata.observed).toBe(0);
    });

    it('saves what is drawn and not yet observed', () => {
      const [agent, other] = [makeAgent(n), makeAgent(n, 2)];
      feed(agent, 20, Rng.fromSeed(5), () => 1);
      const action = act(agent, 3);
      other.load(copySnapshot(agent.save()));
      for (const each of [agent, other]) each.observe({ ...goesOn, action, environment: 3 });
      expect(snapshotsEqual(other.save(), agent.save())).toBe(true);
      expectToRefuse(agent, copySnapshot(makeAgent().save()));
      const saved = copySnapshot(agent.save());
      const spoiled = { ...saved, metadata: { ...saved.metadata, drawnLogProbs: { 0: [1, 2] } } };
      expectToRefuse(agent, spoiled);
    });
  });

  it.each<[string, (good: Snapshot) => Snapshot]>([
    ['networks of another width', () => copySnapshot(makeAgent({ hiddenSizes: [8] }).save())],
    ['layer normalization', () => copySnapshot(makeAgent({ criticLayerNormalization: true }).save())],
    ['a replay of another capacity', () => copySnapshot(makeAgent({ replayCapacity: 7 }).save())],
    ['no replay', ({ arrays, metadata }) => ({ arrays, metadata })],
    ['no step counter', (good) => ({ ...good, metadata: { ...good.metadata, observed: null } })],
    ['a malformed random stream', (good) => ({ ...good, metadata: { ...good.metadata, noiseRng: {} } })],
    ['no temperature', (good) => ({ ...good, arrays: without(good.arrays, 'logTemperature') })],
    ['no optimizer', (good) => ({ ...good, metadata: without(good.metadata, 'criticOptimizer') })],
  ])('refuses a snapshot with %s, and stays as it was', (_, spoil) => {
    const agent = makeAgent();
    feed(agent, 30, Rng.fromSeed(5), () => 1);
    const other = makeAgent({}, 2);
    feed(other, 20, Rng.fromSeed(6), () => 0);
    expectToRefuse(agent, spoil(copySnapshot(other.save())));
  });

  it('holds the tensor count constant, and releases everything', () => {
    expectNoLeaks(makeAgent, fed);
    alive.length = 0;
  });

  it('refuses Discrete actions, and says which agents fit', () => {
    const context = { observationSpace, actionSpace: new Discrete(3), rng: Rng.fromSeed(1) };
    const make = () => new SoftActorCritic(context, softActorCriticConfig.parse({}));
    expect(make).toThrow(SpaceMismatchError);
    expect(make).toThrow('For Discrete actions use the agent dqn, soft-dqn or discrete-sac');
  });

  it.each([
    ['temperature', 0, 'expected "auto" or a number above 0', 'dqn or q-learning'],
    ['temperature', -1, 'expected "auto" or a number above 0', 'dqn or q-learning'],
    ['rewardScale', 0, 'expected a number above 0', 'dqn, soft-dqn or discrete-sac'],
    ['rewardScale', -1, 'expected a number above 0', 'dqn, soft-dqn or discrete-sac'],
  ])('refuses %s %d, and says which agents fit', (field, value, expected, agents) => {
    const parse = () => parseConfig(softActorCriticConfig, { [field]: value });
    expect(parse).toThrow(InvalidInputError);
    expect(parse).toThrow(`config.${field}: ${expected}`);
    expect(parse).toThrow('sac, crossq, meow or sql');
    expect(parse).toThrow(agents);
    expect(parse).toThrow(new RegExp(`, got ${value}$`));
  });
});
