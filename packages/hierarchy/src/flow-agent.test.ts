import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import { Box, Rng, type Transition } from '@maxent/core';
import { checkAgent } from '@maxent/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { latentSpacePolicyConfig } from './config.js';
import { LatentSpaceAgent } from './flow-agent.js';
import { FrozenPolicy } from './frozen-policy.js';
import { latentSpacePolicy } from './plugin.js';
import { small } from './test-support/small-agent.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const unbounded = new Box({ low: -Infinity, high: Infinity, shape: [3] });

const scaled = { normalizeObservations: true, rewardScaling: true };

describe('LatentSpaceAgent', () => {
  it.each([
    ['bounded actions, scaled', new Box({ low: [-2, 0], high: [2, 1] }), scaled],
    ['one action', new Box({ low: [-2], high: [2] }), {}],
    ['latents', unbounded, {}],
  ])('keeps every rule of the agent contract with %s', async (_, actionSpace, own) => {
    const report = await checkAgent(latentSpacePolicy, {
      config: { ...small, ...own },
      observationSpace: new Box({ low: -1, high: 1, shape: [4] }),
      actionSpace,
      countTensors: () => tf.memory().numTensors,
    });
    expect(report.skipped).toEqual([]);
  });

  const observationSpace = new Box({ low: -1, high: 1, shape: [1] });
  const quick = {
    hiddenSizes: [32],
    couplingHiddenSize: 16,
    batchSize: 64,
    learningStarts: 50,
    actorLearningRate: 5e-3,
    criticLearningRate: 5e-3,
    temperatureLearningRate: 2e-2,
  };

  /** A one-step problem whose reward is a function of the action. */
  function learn(
    agent: LatentSpaceAgent,
    steps: number,
    reward: (action: ArrayLike<number>) => number,
  ): void {
    const rng = Rng.fromSeed(7);
    for (let i = 0; i < steps; i++) {
      const observation = observationSpace.sample(rng);
      const action = agent.act(observation, { deterministic: false });
      const flags = { nextObservation: observation, terminated: true, truncated: false };
      agent.observe({ observation, action, reward: reward(action), ...flags } as Transition);
      agent.update();
    }
  }

  it('weighs reward against the divergence from N(0, I) on latents', { timeout: 120_000 }, () => {
    // p(h) proportional to N(h; 0, 1) exp(-(h - 2)^2 / 2 / 0.5) is N(4/3, 1/3) in every entry, and
    // KL(p || N(0, 1)) = (1/3 + 16/9 - 1 + log 3) / 2.
    const actionSpace = new Box({ low: -Infinity, high: Infinity, shape: [2] });
    const config = latentSpacePolicyConfig.parse({ ...quick, temperature: 0.5 });
    const agent = new LatentSpaceAgent({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
    learn(agent, 1200, (h) => -0.5 * ((h[0]! - 2) ** 2 + (h[1]! - 2) ** 2));
    const action = agent.act(Float32Array.of(0), { deterministic: true });
    for (const i of [0, 1]) expect(Math.abs(action[i]! - 4 / 3)).toBeLessThan(0.2);
    const divergence = 1 / 3 + 16 / 9 - 1 + Math.log(3);
    expect(Math.abs(-agent.update().metrics().entropy! - divergence)).toBeLessThan(0.5);
    agent.dispose();
  });

  it('explores latents by their prior', () => {
    const config = latentSpacePolicyConfig.parse({ ...small, learningStarts: 2000 });
    const agent = new LatentSpaceAgent(
      { observationSpace, actionSpace: unbounded, rng: Rng.fromSeed(1) },
      config,
    );
    const draws = Array.from(
      { length: 1500 },
      () => agent.act(Float32Array.of(0), { deterministic: false })[0]!,
    );
    const mean = draws.reduce((sum, h) => sum + h, 0) / draws.length;
    const square = draws.reduce((sum, h) => sum + h * h, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.1);
    expect(Math.abs(square - 1)).toBeLessThan(0.15);
    agent.dispose();
  });

  // By default the divergence is the distance of SAC's target entropy -d from the entropy d log 2 of the uniform
  // distribution on [-1, 1]^d.
  it.each([
    [1, -1, 1],
    [1, 'auto', 1 + Math.log(2)],
    [2, 'auto', 2 + 2 * Math.log(2)],
  ] as const)(
    'learns a temperature for the target divergence: %i latents, target entropy %s',
    { timeout: 120_000 },
    (size, targetEntropy, divergence) => {
      const actionSpace = new Box({ low: -Infinity, high: Infinity, shape: [size] });
      const config = latentSpacePolicyConfig.parse({ ...quick, targetEntropy });
      const agent = new LatentSpaceAgent({ observationSpace, actionSpace, rng: Rng.fromSeed(1) }, config);
      learn(agent, 1000, (h) => -0.5 * [...Array(size).keys()].reduce((sum, i) => sum + (h[i]! - 2) ** 2, 0));
      expect(Math.abs(-agent.update().metrics().entropy! - divergence)).toBeLessThan(0.35);
      agent.dispose();
    },
  );

  it('refuses a target entropy above 0 on latents, because no divergence is negative', () => {
    const make = (actionSpace: Box, targetEntropy: number) =>
      new LatentSpaceAgent(
        { observationSpace, actionSpace, rng: Rng.fromSeed(1) },
        latentSpacePolicyConfig.parse({ ...small, targetEntropy }),
      );
    const before = tf.memory().numTensors;
    expect(() => make(unbounded, 0.5)).toThrow('config.targetEntropy: expected at most 0 on an upper level');
    expect(tf.memory().numTensors).toBe(before);
    make(unbounded, 0).dispose();
    // In the cube [-1, 1]^3 entropies go up to 3 log 2.
    make(new Box({ low: -1, high: 1, shape: [3] }), 0.5).dispose();
  });

  it('freezes a copy of its observation statistics', () => {
    const spaces = { observationSpace, actionSpace: new Box({ low: [-2], high: [2] }) };
    const config = latentSpacePolicyConfig.parse({ ...quick, normalizeObservations: true });
    const agent = new LatentSpaceAgent({ ...spaces, rng: Rng.fromSeed(1) }, config);
    learn(agent, 60, (action) => -((action[0]! - 1) ** 2));
    const frozen = agent.freeze();
    const loaded = FrozenPolicy.load(frozen.save());
    const seen = Float32Array.of(0.3);
    const mode = agent.act(seen, { deterministic: true });
    for (const policy of [frozen, loaded]) {
      expect(policy.act([0], seen)[0]).toBeCloseTo(mode[0]!, 5);
      expect(policy.latentOf(mode, seen)[0]).toBeCloseTo(0, 4);
    }
    expect(frozen.describeLevel('level-0').level.layers[0]).toMatchObject({
      type: 'normalization',
      mean: 'level-0/normalizeObservations/mean',
    });
    learn(agent, 60, (action) => -((action[0]! + 1) ** 2));
    expect(frozen.act([0], seen)[0]).toBeCloseTo(mode[0]!, 5);
    // Without the statistics it would act differently.
    const { normalizeObservations: _, ...rest } = frozen.save().metadata;
    const bare = FrozenPolicy.load({ ...frozen.save(), metadata: rest });
    expect(Math.abs(bare.act([0], seen)[0]! - mode[0]!)).toBeGreaterThan(1e-3);
    for (const each of [agent, frozen, loaded, bare]) each.dispose();
  });

  it('bootstraps with the discount to the power of the duration', { timeout: 120_000 }, () => {
    // Reward 1 at every step of duration k, forever: the value is 1 / (1 - discount^k).
    const value = (duration: number) => {
      const config = latentSpacePolicyConfig.parse({
        ...quick,
        // Keeps the policy at its prior, where the divergence is 0.
        temperature: 1,
        discount: 0.7,
        targetRate: 0.1,
      });
      const agent = new LatentSpaceAgent(
        { observationSpace, actionSpace: unbounded, rng: Rng.fromSeed(1) },
        config,
      );
      const rng = Rng.fromSeed(7);
      for (let i = 0; i < 400; i++) {
        const observation = observationSpace.sample(rng);
        const action = agent.act(observation, { deterministic: false });
        const next = { nextObservation: observation, terminated: false, truncated: false };
        agent.observe({ observation, action, reward: 1, duration, ...next } as Transition);
        agent.update();
      }
      const { meanTarget } = agent.update().metrics();
      agent.dispose();
      return meanTarget!;
    };
    expect(Math.abs(value(1) - 1 / 0.3)).toBeLessThan(0.2);
    expect(Math.abs(value(3) - 1 / (1 - 0.343))).toBeLessThan(0.1);
  });
});
