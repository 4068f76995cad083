import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  copySnapshot,
  Discrete,
  parseConfig,
  Rng,
  type Snapshot,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { expectNoLeaks, expectToRefuse, type Feed, without } from '../test-support/agent-checks.js';
import { actionSpace, feed, observationSpace } from '../test-support/one-step-problem.js';
import { type CrossQConfig, crossQConfig, crossQPresets } from './config.js';
import { CrossQ } from './crossq.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const alive: CrossQ[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

function makeAgent(overrides: Partial<CrossQConfig> = {}, seed = 1): CrossQ {
  const config = crossQConfig.parse({
    ...{ hiddenSizes: [16], criticHiddenSizes: [20], batchSize: 32, learningStarts: 10, replayCapacity: 500 },
    ...overrides,
  });
  const agent = new CrossQ({ observationSpace, actionSpace, rng: Rng.fromSeed(seed) }, config);
  alive.push(agent);
  return agent;
}

const saved = (agent: CrossQ): Snapshot => copySnapshot(agent.save());
const numbersOf = (agent: CrossQ, name: string): number[] =>
  Array.from(saved(agent).arrays[name]!.data, Number);
/** Training passes of actor and critics. */
const passes = (agent: CrossQ) => {
  const { actor, critics } = saved(agent).metadata as Record<'actor' | 'critics', { passes: number }>;
  return { actor: actor.passes, critics: critics.passes };
};

const fed: Feed<CrossQ> = (agent, steps, seed) => feed(agent, steps, Rng.fromSeed(seed), (a) => a[0]!);

describe('CrossQ', () => {
  const quick = {
    ...{ hiddenSizes: [32, 32], criticHiddenSizes: [32, 32], batchSize: 64, policyDelay: 1 },
    ...{ actorLearningRate: 1e-3, criticLearningRate: 3e-3, temperatureLearningRate: 1e-2 },
  };
  const steep = (a: ArrayLike<number>) => -4 * (a[0]! - 1) ** 2 - 16 * (a[1]! - 0.25) ** 2;
  // p(a) proportional to exp(reward / temperature) is normal in both actions: standard deviations sqrt(0.1 / 8) and
  // sqrt(0.1 / 32), best at (1, 0.25). Entropy in the cube: each axis is scaled by its half range, 2 and 0.5.
  const exactEntropy = Math.log(2 * Math.PI * Math.E * Math.sqrt(0.1 / 8) * Math.sqrt(0.1 / 32));

  // The smaller of two critics makes policies too narrow, most of all with renormalization.
  it.each<[Partial<CrossQConfig>, steps: number, limit: number]>([
    [{}, 800, 0.5],
    [{ renormalizeAfter: 300 }, 800, 1],
    [{ policyDelay: 3, criticCount: 1 }, 2000, 0.5],
  ])('finds the maximum-entropy policy of a one-step problem: %o', (own, steps, limit) => {
    const agent = makeAgent({ ...quick, ...own, temperature: 0.1 });
    const rng = Rng.fromSeed(7);
    feed(agent, steps, rng, steep);
    const action = agent.act(observationSpace.sample(rng), { deterministic: true });
    expect(Math.abs(action[0]! - 1)).toBeLessThan(0.15);
    expect(Math.abs(action[1]! - 0.25)).toBeLessThan(0.15);
    expect(Math.abs(agent.update().metrics().entropy! - exactEntropy)).toBeLessThan(limit);
  });

  it('learns the temperature at which the entropy is the target', () => {
    const agent = makeAgent({ ...quick, targetEntropy: -2.5 });
    feed(agent, 1500, Rng.fromSeed(7), steep);
    const { entropy, temperature } = agent.update().metrics();
    expect(Math.abs(entropy! - -2.5)).toBeLessThan(0.5);
    const exact = (Math.exp(-2.5) * 16) / (2 * Math.PI * Math.E);
    expect(temperature! / exact).toBeGreaterThan(0.5);
    expect(temperature! / exact).toBeLessThan(2);
  });

  it('moves actor and temperature at every third gradient step, counted over a resume', () => {
    let agent = makeAgent();
    const rng = Rng.fromSeed(3);
    feed(agent, 10, rng, () => 1);
    const moved: boolean[] = [];
    for (let step = 1; step <= 9; step++) {
      const names = ['actor/layer.0.weight', 'actor/layer.0.mean', 'logTemperature'];
      const before = names.map((name) => numbersOf(agent, name));
      const critics = numbersOf(agent, 'critics/member.0.layer.0.weight');
      feed(agent, 1, rng, () => 1);
      const changes = names.map((name, i) => String(numbersOf(agent, name)) !== String(before[i]));
      expect(new Set(changes).size).toBe(1);
      moved.push(changes[0]!);
      expect(numbersOf(agent, 'critics/member.0.layer.0.weight')).not.toEqual(critics);
      const next = makeAgent({}, 99);
      next.load(saved(agent));
      agent = next;
    }
    expect(moved).toEqual([false, false, true, false, false, true, false, false, true]);
  });

  it.each(['linear', 'cosine'] as const)('takes smaller steps by a %s schedule, and then none', (kind) => {
    const names = ['critics/member.0.layer.0.weight', 'actor/layer.0.weight', 'logTemperature'];
    const make = (own: Partial<CrossQConfig>) => makeAgent({ policyDelay: 2, ...own });
    const [constant, falling] = [make({}), make({ learningRateSchedule: kind, scheduleSteps: 20 })];
    // Steps 1 of the critics, and 2 of the actor, are the first of their optimizers.
    for (const agent of [constant, falling]) fed(agent, 11, 5);
    expect(numbersOf(falling, names[0]!)).toEqual(numbersOf(constant, names[0]!));
    for (const agent of [constant, falling]) fed(agent, 18, 6);
    for (const name of names) expect(numbersOf(falling, name)).not.toEqual(numbersOf(constant, name));
    // Of the last two steps, the critics' is 1/20 of the first, and the actor's 1/10.
    const near = names.map((name) => numbersOf(falling, name));
    fed(falling, 1, 7);
    const last = names.map((name) => numbersOf(falling, name));
    for (const i of names.keys()) expect(last[i]).not.toEqual(near[i]);
    fed(falling, 4, 8);
    for (const [i, name] of names.entries()) expect(numbersOf(falling, name)).toEqual(last[i]);
  });

  it('normalizes by the batch once in the critics of each step and in the actor of each third', () => {
    const agent = makeAgent();
    expect(passes(agent)).toEqual({ actor: 0, critics: 0 });
    feed(agent, 10, Rng.fromSeed(3), () => 1);
    expect(passes(agent)).toEqual({ actor: 0, critics: 0 });
    feed(agent, 5, Rng.fromSeed(3), () => 1);
    expect(passes(agent)).toEqual({ actor: 1, critics: 5 });
    const before = saved(agent);
    agent.act(Float32Array.of(1, 2, 3), { deterministic: true });
    agent.act(Float32Array.of(1, 2, 3), { deterministic: false, rng: Rng.fromSeed(1) });
    expect(snapshotsEqual(agent.save(), before)).toBe(true);
  });

  it('has two critics with their own weights and statistics, and no target networks', () => {
    const agent = makeAgent();
    feed(agent, 20, Rng.fromSeed(3), (a) => a[0]!);
    const { arrays } = agent.save();
    expect(new Set(Object.keys(arrays).map((name) => name.split('/')[0]))).toEqual(
      new Set([
        ...['actor', 'critics', 'actorOptimizer', 'criticOptimizer', 'temperatureOptimizer'],
        ...['logTemperature', 'lastActorUpdate'],
      ]),
    );
    for (const part of ['weight', 'scale', 'mean', 'variance']) {
      const [first, second] = [0, 1].map(
        (member) => arrays[`critics/member.${member}.layer.1.${part}`]!.data,
      );
      expect(first).not.toEqual(second);
    }
    // The input of both is the same.
    expect(arrays['critics/member.0.layer.0.mean']).toEqual(arrays['critics/member.1.layer.0.mean']);
  });

  it('starts with LeCun-normal weights, biases and shifts of 0 and scales of 1', () => {
    const { arrays } = makeAgent({ criticHiddenSizes: [400] }).save();
    const weights = Array.from(arrays['critics/member.1.layer.0.weight']!.data, Number);
    const variance = weights.reduce((sum, value) => sum + value ** 2, 0) / weights.length;
    // 2000 weights of variance 1/5.
    expect(variance * 5).toBeGreaterThan(0.9);
    expect(variance * 5).toBeLessThan(1.1);
    for (const [name, value] of Object.entries({ bias: 0, shift: 0, scale: 1, mean: 0, variance: 1 })) {
      expect(new Set(arrays[`critics/member.1.layer.1.${name}`]!.data)).toEqual(new Set([value]));
    }
  });

  it('bootstraps through truncation alone', () => {
    // A constant reward of 1 is worth 1 if each step terminates and far more if it goes on.
    const valueAfter = (flags: { terminated: boolean; truncated: boolean }) => {
      const agent = makeAgent({ temperature: 0.01, criticLearningRate: 1e-2, discount: 0.9 });
      feed(agent, 400, Rng.fromSeed(5), () => 1, flags);
      return agent.update().metrics().meanTarget!;
    };
    expect(valueAfter({ terminated: true, truncated: false })).toBeCloseTo(1, 2);
    expect(valueAfter({ terminated: false, truncated: true })).toBeGreaterThan(4);
  });

  it('reports what the last update of the actor found until the next one', () => {
    const agent = makeAgent();
    const rng = Rng.fromSeed(5);
    const first = feed(agent, 12, rng, () => 1);
    expect(Object.keys(first).sort()).toEqual(['criticLoss', 'meanTarget', 'temperature']);
    const names = ['actorLoss', 'criticLoss', 'entropy', 'meanTarget', 'temperature'];
    const losses: number[] = [];
    for (let step = 3; step <= 7; step++) {
      const metrics = feed(agent, 1, rng, () => 1);
      expect(Object.keys(metrics).sort()).toEqual(names);
      losses.push(metrics.actorLoss!);
    }
    expect(losses[0]).toBe(losses[2]);
    expect(losses[2]).not.toBe(losses[3]);
    expect(losses[3]).toBe(losses[4]);
  });

  it.each([40, 41, 42])('continues from a snapshot after %i steps with bit-identical numbers', (steps) => {
    const original = makeAgent({ renormalizeAfter: 20 });
    feed(original, steps, Rng.fromSeed(5), (a) => a[0]!);
    const restored = makeAgent({ renormalizeAfter: 20 }, 99);
    restored.load(saved(original));
    for (const steps of [1, 1, 30]) {
      const [here, there] = [original, restored].map((agent) =>
        feed(agent, steps, Rng.fromSeed(6), (a) => a[0]!),
      );
      expect(there).toEqual(here);
    }
    expect(snapshotsEqual(restored.save(), original.save())).toBe(true);
  });

  it.each<[string, (good: Snapshot) => Snapshot]>([
    ['networks of another width', () => saved(makeAgent({ criticHiddenSizes: [8] }))],
    ['a replay of another capacity', () => saved(makeAgent({ replayCapacity: 7 }))],
    ['no count of passes', (good) => ({ ...good, metadata: { ...good.metadata, actor: { passes: -1 } } })],
    ['no running mean', (good) => ({ ...good, arrays: without(good.arrays, 'actor/layer.0.mean') })],
    ['no last update', (good) => ({ ...good, arrays: without(good.arrays, 'lastActorUpdate') })],
    ['no optimizer', (good) => ({ ...good, metadata: without(good.metadata, 'criticOptimizer') })],
  ])('refuses a snapshot with %s, and stays as it was', (_, spoil) => {
    const agent = makeAgent();
    feed(agent, 30, Rng.fromSeed(5), () => 1);
    const observation = Float32Array.of(0.1, 0.2, 0.3);
    const action = agent.act(observation, { deterministic: true });
    const other = makeAgent({}, 2);
    feed(other, 20, Rng.fromSeed(6), () => 0);
    expectToRefuse(agent, spoil(saved(other)));
    expect(agent.act(observation, { deterministic: true })).toEqual(action);
  });

  it('holds the tensor count constant, and releases everything', () => {
    expectNoLeaks(makeAgent, fed);
    alive.length = 0;
  });

  it('refuses Discrete actions, and says which agents fit', () => {
    const context = { observationSpace, actionSpace: new Discrete(3), rng: Rng.fromSeed(1) };
    const make = () => new CrossQ(context, crossQConfig.parse({}));
    expect(make).toThrow(SpaceMismatchError);
    expect(make).toThrow('crossq needs a Box action space');
  });

  it.each([
    ['batchSize', 1],
    ['beta1', 1],
    ['policyDelay', 0],
    ['renormalizeAfter', -1],
    ['normalizeObservations', true],
  ])('refuses %s %o', (field, value) => {
    expect(() => parseConfig(crossQConfig, { [field]: value })).toThrow(field);
  });

  it('has presets that fit its settings', () => {
    for (const preset of Object.values(crossQPresets)) parseConfig(crossQConfig, preset);
  });
});
