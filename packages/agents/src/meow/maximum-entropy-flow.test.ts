import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  Discrete,
  DivergenceError,
  InvalidInputError,
  parseConfig,
  Rng,
  type Snapshot,
  SpaceMismatchError,
  snapshotsEqual,
} from '@maxent/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import {
  expectNoLeaks,
  expectToContinue,
  expectToRefuse,
  type Feed,
  without,
} from '../test-support/agent-checks.js';
import { actionSpace, feed, observationSpace } from '../test-support/one-step-problem.js';
import { maximumEntropyFlowConfig } from './config.js';
import { MaximumEntropyFlow } from './maximum-entropy-flow.js';
import {
  flowOfSnapshot,
  logNormalizer,
  logProb,
  logShape,
  shiftsOfSnapshot,
} from './test-support/flow-in-double.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

type Settings = Partial<z.input<typeof maximumEntropyFlowConfig>>;

const alive: MaximumEntropyFlow[] = [];

afterEach(() => {
  for (const agent of alive.splice(0)) agent.dispose();
});

function makeAgent(overrides: Settings = {}, seed = 1, actions: Box = actionSpace): MaximumEntropyFlow {
  const config = maximumEntropyFlowConfig.parse({
    hiddenSizes: [16],
    flowHiddenSizes: [16],
    couplingHiddenSize: 8,
    batchSize: 32,
    learningStarts: 10,
    replayCapacity: 500,
    ...overrides,
  });
  const context = { observationSpace, actionSpace: actions, rng: Rng.fromSeed(seed) };
  const agent = new MaximumEntropyFlow(context, config);
  alive.push(agent);
  return agent;
}

/** All arrays but the action drawn last. */
function weights(agent: MaximumEntropyFlow): Snapshot['arrays'] {
  const { arrays } = copySnapshot(agent.save());
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => !name.startsWith('drawnActions/')));
}

/** The mean of -log pi over draws, in nats in the cube. */
function entropyOf(agent: MaximumEntropyFlow, observation: Float32Array, draws = 200): number {
  const rng = Rng.fromSeed(11);
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    sum -= agent.logProb(observation, agent.act(observation, { deterministic: false, rng }));
  }
  return sum / draws;
}

const quick = {
  hiddenSizes: [32, 32],
  flowHiddenSizes: [32],
  couplingHiddenSize: 16,
  couplingLayers: 2,
  learningRate: 3e-3,
  batchSize: 64,
};

const fed: Feed<MaximumEntropyFlow> = (agent, steps, seed) =>
  feed(agent, steps, Rng.fromSeed(seed), (a) => a[0]!);

describe('MaximumEntropyFlow', () => {
  it.each<Settings>([{}, { couplings: 'affine' }])(
    'finds the maximum-entropy policy of a one-step problem, with %o',
    (form) => {
      // p(a) proportional to exp(reward / temperature) is normal in both actions: standard deviations sqrt(0.1 / 8)
      // and sqrt(0.1 / 32), best at (1, 0.25).
      const agent = makeAgent({ ...quick, ...form, temperature: 0.1 });
      const rng = Rng.fromSeed(7);
      feed(agent, 1200, rng, (a) => -4 * (a[0]! - 1) ** 2 - 16 * (a[1]! - 0.25) ** 2);
      const observation = observationSpace.sample(rng) as Float32Array;
      const action = agent.act(observation, { deterministic: true });
      expect(Math.abs(action[0]! - 1)).toBeLessThan(0.1);
      expect(Math.abs(action[1]! - 0.25)).toBeLessThan(0.1);
      // In the cube: each axis is scaled by its half range, 2 and 0.5, whose product is 1.
      const volume = Math.log(2 * Math.PI * Math.sqrt(0.1 / 8) * Math.sqrt(0.1 / 32));
      expect(Math.abs(entropyOf(agent, observation) - (volume + 1))).toBeLessThan(0.4);
      // V = temperature log of the integral of exp(reward / temperature).
      expect(Math.abs(agent.softValue(observation) - 0.1 * volume)).toBeLessThan(0.15);
    },
  );

  it('solves a bandit that it can represent: m = 0.4, sigma = 0.5, V = 0.245158271', () => {
    const actions = new Box({ low: [-1], high: [1] });
    const agent = makeAgent(
      {
        ...quick,
        temperature: 0.2,
        minimumLogStd: -2,
        maximumLogStd: 0.5,
        learningStarts: 64,
        maxGradientNorm: 5,
      },
      1,
      actions,
    );
    const rng = Rng.fromSeed(7);
    const observation = Float32Array.of(0, 0, 0);
    let loss = 0;
    for (let i = 0; i < 1000; i++) {
      const action = actions.sample(rng);
      const u = Math.atanh(Math.min(Math.max(action[0]!, -0.99), 0.99));
      const a = Float32Array.of(Math.tanh(u));
      const reward = 0.2 * (-0.5 * ((u - 0.4) / 0.5) ** 2 - Math.log(1 - Math.tanh(u) ** 2) + 1);
      agent.observe({
        observation,
        action: a,
        reward,
        nextObservation: observation,
        terminated: true,
        truncated: false,
      });
      const update = agent.update();
      if (i === 999) loss = update.metrics().criticLoss!;
    }
    expect(loss).toBeLessThan(1e-4);
    expect(Math.abs(agent.softValue(observation) - 0.245158271)).toBeLessThan(0.01);
    const mode = agent.act(observation, { deterministic: true })[0]!;
    expect(Math.abs(Math.atanh(mode) - 0.4)).toBeLessThan(0.02);
    const draws = Array.from({ length: 2000 }, () =>
      Math.atanh(agent.act(observation, { deterministic: false, rng })[0]!),
    );
    const mean = draws.reduce((sum, u) => sum + u, 0) / draws.length;
    const variance = draws.reduce((sum, u) => sum + (u - mean) ** 2, 0) / draws.length;
    expect(Math.abs(Math.sqrt(variance) - 0.5)).toBeLessThan(0.04);
  });

  it.each<Settings>([{}, { couplings: 'affine', priorComponents: 2, couplingLayers: 3 }])(
    'computes Q, V and log pi by their formulas, with %o: Q - V = temperature log pi',
    (form) => {
      const agent = makeAgent({ ...form, temperature: 0.4 });
      feed(agent, 60, Rng.fromSeed(5), (a) => a[0]!);
      const observation = Float32Array.of(0.3, -1, 0.8);
      const design = {
        size: 2,
        couplingLayers: form.couplingLayers ?? 4,
        couplingHiddenSize: 8,
        maximumLogScale: 5,
        components: form.priorComponents ?? 1,
        minimumLogStd: -5,
        maximumLogStd: -0.3,
      };
      const saved = agent.save();
      const exact = flowOfSnapshot(saved, design, [...observation]);
      const shift = Math.min(...shiftsOfSnapshot(saved, 'shifts', [...observation]));
      expect(agent.softValue(observation)).toBeCloseTo(0.4 * logNormalizer(exact) + shift, 5);
      for (const action of [Float32Array.of(1.1, 0.3), Float32Array.of(-1.5, 0.9)]) {
        const u = [Math.atanh(action[0]! / 2), Math.atanh(2 * action[1]! - 1)];
        const [Q, logPi] = [agent.actionValue(observation, action), agent.logProb(observation, action)];
        const scale = 1 + Math.abs(Q);
        expect(Math.abs(Q - (0.4 * logShape(exact, u) + shift))).toBeLessThan(1e-4 * scale);
        expect(Math.abs(logPi - logProb(exact, u))).toBeLessThan(2e-4 * scale);
        expect(Math.abs(Q - agent.softValue(observation) - 0.4 * logPi)).toBeLessThan(1e-5 * scale);
      }
    },
  );

  it('regresses both values on r + discount min_j V_j of the targets', () => {
    const agent = makeAgent({
      batchSize: 1,
      replayCapacity: 1,
      learningStarts: 0,
      rewardScale: 2,
      targetRate: 0.3,
    });
    feed(agent, 5, Rng.fromSeed(5), (a) => a[0]!);
    const before = copySnapshot(agent.save());
    const observation = Float32Array.of(0.3, -1, 0.8);
    const nextObservation = Float32Array.of(-0.2, 0.1, 1.1);
    const action = Float32Array.of(-0.7, 0.6);
    agent.observe({ observation, action, reward: 0.8, nextObservation, terminated: false, truncated: true });
    const { criticLoss, meanTarget } = agent.update().metrics();
    const design = {
      size: 2,
      couplingLayers: 4,
      couplingHiddenSize: 8,
      maximumLogScale: 5,
      components: 1,
      minimumLogStd: -5,
      maximumLogStd: -0.3,
    };
    const arrays = Object.fromEntries(
      Object.entries(before.arrays).map(([name, array]) => [name.replace(/^targetPrior\//, 'next/'), array]),
    );
    const ofTarget = Object.fromEntries(
      Object.entries(arrays)
        .filter(([name]) => !name.startsWith('prior/'))
        .map(([name, array]) => [name.replace(/^next\//, 'prior/'), array]),
    );
    const next = flowOfSnapshot({ ...before, arrays: ofTarget }, design, [...nextObservation]);
    const value =
      0.25 * logNormalizer(next) +
      Math.min(...shiftsOfSnapshot(before, 'targetShifts', [...nextObservation]));
    const y = 2 * 0.8 + 0.99 * value;
    expect(meanTarget).toBeCloseTo(y, 4);
    const flow = flowOfSnapshot(before, design, [...observation]);
    const u = [Math.atanh(-0.7 / 2), Math.atanh(2 * 0.6 - 1)];
    const errors = shiftsOfSnapshot(before, 'shifts', [...observation]).map(
      (shift) => 0.25 * logShape(flow, u) + shift - y,
    );
    const loss = (errors[0]! ** 2 + errors[1]! ** 2) / 2;
    expect(Math.abs(criticLoss! - loss)).toBeLessThan(1e-3 * loss);
  });

  it('acts by the mode before the squash when deterministic, which is not where Q is largest', () => {
    const actions = new Box({ low: [-1], high: [1] });
    const agent = makeAgent({ minimumLogStd: -5, maximumLogStd: -0.3 }, 1, actions);
    // sigma = e^-0.3 but for 1e-4, and a shift of 0.5 in every state: values of the reference.
    const saved = copySnapshot(agent.save());
    for (const [name, { data }] of Object.entries(saved.arrays)) {
      if (/^(prior|flow)\//.test(name)) data.fill(0);
    }
    saved.arrays['prior/layer.1.bias']!.data[0] = 6;
    saved.arrays['flow/couplings/layer.0']!.data.set([0.5], 8 + 2 * 8 + 1);
    agent.load(saved);
    const observation = Float32Array.of(0.3, -1, 0.8);
    expect(agent.act(observation, { deterministic: true })[0]).toBeCloseTo(0.4621, 4);
    const grid = Array.from({ length: 200 }, (_, i) => 0.005 * i);
    const values = grid.map((a) => agent.actionValue(observation, Float32Array.of(a)));
    expect(grid[values.indexOf(Math.max(...values))]).toBeCloseTo(0.9037, 2);
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

  it('bootstraps through truncation alone', () => {
    // A constant reward of 1 is worth 1 if each step terminates and far more if it goes on.
    const valueAfter = (flags: { terminated: boolean; truncated: boolean }) => {
      const agent = makeAgent({ temperature: 0.01, learningRate: 1e-2, targetRate: 0.05 });
      feed(agent, 300, Rng.fromSeed(5), () => 1, flags);
      return agent.update().metrics().meanTarget!;
    };
    expect(valueAfter({ terminated: true, truncated: false })).toBeCloseTo(1, 2);
    expect(valueAfter({ terminated: false, truncated: true })).toBeGreaterThan(3);
  });

  it('starts with two different shifts and targets equal to what they follow, and moves them by the rate', () => {
    const agent = makeAgent({ targetRate: 0.25, learningStarts: 0, batchSize: 4 });
    const start = weights(agent);
    expect(start['shifts/member.0.layer.0.weight']).not.toEqual(start['shifts/member.1.layer.0.weight']);
    expect(start['targetShifts/member.0.layer.0.weight']).toEqual(start['shifts/member.0.layer.0.weight']);
    expect(start['targetPrior/layer.1.bias']).toEqual(start['prior/layer.1.bias']);
    feed(agent, 1, Rng.fromSeed(5), () => 1);
    const after = weights(agent);
    for (const [target, followed] of [
      ['targetShifts/member.1.layer.0.weight', 'shifts/member.1.layer.0.weight'],
      ['targetPrior/layer.1.bias', 'prior/layer.1.bias'],
    ] as const) {
      expect(after[followed]!.data).not.toEqual(start[followed]!.data);
      after[target]!.data.forEach((value, i) => {
        expect(value).toBeCloseTo(0.75 * start[target]!.data[i]! + 0.25 * after[followed]!.data[i]!, 6);
      });
    }
  });

  it('draws no random numbers of its own when deterministic or given a stream', () => {
    const agent = makeAgent({ priorComponents: 2 });
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

  it('keeps additive couplings additive, and scales with affine ones', () => {
    const scales = (agent: MaximumEntropyFlow) => {
      feed(agent, 60, Rng.fromSeed(5), (a) => a[0]!);
      // One entry kept of two, eight hidden units: weight1 8, bias1 8, then the log scale's row.
      const { data } = weights(agent)['flow/couplings/layer.0']!;
      return [...data.slice(16, 24), data[32]!];
    };
    expect(scales(makeAgent())).toEqual(new Array(9).fill(0));
    expect(scales(makeAgent({ couplings: 'affine' })).every((value) => value !== 0)).toBe(true);
  });

  it('continues from a snapshot with bit-identical numbers', () => {
    expectToContinue(
      makeAgent({ normalizeObservations: true }),
      makeAgent({ normalizeObservations: true }, 99),
      fed,
    );
  });

  it.each<[string, (good: Snapshot) => Snapshot]>([
    ['shifts of another width', () => copySnapshot(makeAgent({ hiddenSizes: [8] }).save())],
    ['another prior', () => copySnapshot(makeAgent({ priorComponents: 2 }).save())],
    ['fewer couplings', () => copySnapshot(makeAgent({ couplingLayers: 2 }).save())],
    ['no replay', ({ arrays, metadata }) => ({ arrays, metadata })],
    ['no target', (good) => ({ ...good, arrays: without(good.arrays, 'targetPrior/layer.0.bias') })],
    ['no optimizer', (good) => ({ ...good, metadata: without(good.metadata, 'optimizer') })],
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

  it('stops with an error when the loss is no longer finite, and has learned nothing from it', () => {
    const agent = makeAgent();
    feed(agent, 30, Rng.fromSeed(5), () => 1);
    const before = weights(agent);
    const observation = Float32Array.of(0, 0, 0);
    const huge = { observation, action: Float32Array.of(0, 0.5), nextObservation: observation, reward: 1e30 };
    for (let i = 0; i < 500; i++) agent.observe({ ...huge, terminated: true, truncated: false });
    expect(() => agent.update()).toThrow(DivergenceError);
    expect(() => agent.update()).toThrow(
      'meow: the loss of a gradient step is Infinity: learning has diverged',
    );
    expect(weights(agent)).toEqual(before);
  });

  it('refuses Discrete actions, and says which agents fit', () => {
    const context = { observationSpace, actionSpace: new Discrete(3), rng: Rng.fromSeed(1) };
    const make = () => new MaximumEntropyFlow(context, maximumEntropyFlowConfig.parse({}));
    expect(make).toThrow(SpaceMismatchError);
    expect(make).toThrow('For Discrete actions use the agent dqn, soft-dqn or discrete-sac');
  });

  it('refuses an empty range of standard deviations', () => {
    expect(() => makeAgent({ minimumLogStd: 0 })).toThrow(
      'config.maximumLogStd: expected a number above config.minimumLogStd = 0, got -0.3',
    );
  });

  it.each([
    ['temperature', 0],
    ['temperature', -1],
    ['rewardScale', 0],
  ])('refuses %s %d, and says which agents fit', (field, value) => {
    const parse = () => parseConfig(maximumEntropyFlowConfig, { [field]: value });
    expect(parse).toThrow(InvalidInputError);
    expect(parse).toThrow(`config.${field}: `);
    expect(parse).toThrow('sac, crossq, meow or sql');
  });
});
