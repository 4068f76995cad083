import { selectBackend } from '@maxent/backend';
import { learningTestBackend } from '@maxent/backend/testing';
import {
  Box,
  copySnapshot,
  type Metrics,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type Transition,
} from '@maxent/core';
import { checkAgent } from '@maxent/core/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type LatentSpacePolicyConfig, latentSpacePolicyConfig } from './config.js';
import { LatentSpaceAgent } from './flow-agent.js';
import type { FrozenPolicy } from './frozen-policy.js';
import type { LevelPlace } from './level-context.js';
import { latentSpacePolicy } from './plugin.js';
import { small } from './test-support/small-agent.js';

beforeAll(() => selectBackend({ prefer: learningTestBackend }));

const spaces = {
  observationSpace: new Box({ low: -1, high: 1, shape: [3] }),
  actionSpace: new Box({ low: [-2, 0], high: [2, 1] }),
};
const latents = { ...spaces, actionSpace: new Box({ low: -Infinity, high: Infinity, shape: [2] }) };

const parse = (own: Partial<LatentSpacePolicyConfig> = {}) =>
  latentSpacePolicyConfig.parse({ ...small, replayCapacity: 300, ...own });

const make = (config: LatentSpacePolicyConfig, level?: LevelPlace, within = spaces) =>
  new LatentSpaceAgent({ ...within, rng: Rng.fromSeed(1), level }, config);

const continuing = (continued: readonly FrozenPolicy[], config: LatentSpacePolicyConfig) =>
  make(config, { continued, stepsPerAction: 1 });

/**
 * Steps of a task without dynamics: the reward is minus the distance of the action from the observation. Returns the metrics
 * of each.
 */
function learn(agent: LatentSpaceAgent, steps: number, seed = 7): Metrics[] {
  const metrics: Metrics[] = [];
  const rng = Rng.fromSeed(seed);
  let observation = spaces.observationSpace.sample(rng);
  for (let i = 1; i <= steps; i++) {
    const action = agent.act(observation, { deterministic: false });
    const reward = -Math.abs(action[0]! - observation[0]!) - Math.abs(action[1]! - observation[1]!);
    const nextObservation = spaces.observationSpace.sample(rng);
    const flags = { terminated: false, truncated: i % 20 === 0 };
    agent.observe({ observation, action, reward, nextObservation, ...flags } as Transition);
    metrics.push(agent.update().metrics());
    observation = nextObservation;
  }
  return metrics;
}

/** Arrays of a snapshot but the actor's, which each level has for itself. */
const carried = ({ arrays }: Snapshot) =>
  Object.fromEntries(Object.entries(arrays).filter(([name]) => !name.startsWith('actor')));

describe('a level that continues the one below', () => {
  it.each([1, 2])(
    'is that level at first, and its critics learn on as if nothing had happened: %i below',
    (levels) => {
      const config = parse();
      let lower = make(config);
      const frozen: FrozenPolicy[] = [];
      const agents = [lower];
      for (let i = 0; i < levels; i++) {
        learn(lower, 60);
        frozen.push(lower.freeze());
        const upper = continuing([...frozen], config);
        upper.carryOver(copySnapshot(lower.save()));
        agents.push(upper);
        for (let k = 0; k < 5; k++) {
          const observation = spaces.observationSpace.sample(Rng.fromSeed(k));
          for (const options of [{ deterministic: true }, { deterministic: false }]) {
            const rng = () => (options.deterministic ? {} : { rng: Rng.fromSeed(k) });
            expect(upper.act(observation, { ...options, ...rng() })).toEqual(
              lower.act(observation, { ...options, ...rng() }),
            );
          }
        }
        const [before, after] = [lower.save(), upper.save()];
        expect(carried(after)).toEqual(carried(before));
        expect(after.metadata.observed).toBe(before.metadata.observed);
        // The next update of critics and temperature is the same: the same batch, targets and noise.
        const next = copySnapshot(before);
        const [expected] = learn(lower, 1, 9);
        expect(learn(upper, 1, 9)).toEqual([expected]);
        expect(Object.keys(expected!)).toContain('criticLoss');
        lower.load(next);
        upper.carryOver(copySnapshot(next));
        lower = upper;
      }
      for (const each of [...agents, ...frozen]) each.dispose();
    },
  );

  it('freezes the part that it trained: both together are its policy', () => {
    const config = parse();
    const lower = make(config);
    learn(lower, 60);
    const frozen = lower.freeze();
    const upper = continuing([frozen], config);
    upper.carryOver(lower.save());
    learn(upper, 100);
    const top = upper.freeze();
    const observation = Float32Array.of(0.2, -0.4, 0.9);
    const together = frozen.act(top.act([0, 0], observation), observation);
    expect(together).toEqual(upper.act(observation, { deterministic: true }));
    expect(together).not.toEqual(frozen.act([0, 0], observation));
    for (const each of [lower, frozen, upper, top]) each.dispose();
  });

  it('keeps the statistics of observations with which the frozen flows were trained', () => {
    const config = parse({ normalizeObservations: true, rewardScaling: true, nStep: 3 });
    const lower = make(config);
    learn(lower, 65);
    const frozen = lower.freeze();
    const upper = continuing([frozen], config);
    upper.carryOver(copySnapshot(lower.save()));
    const statistics = () => upper.save().arrays['normalizeObservations/mean']!.data;
    const before = statistics();
    expect(before).toEqual(lower.save().arrays['normalizeObservations/mean']!.data);
    // The episode of the level below has ended with it: nothing of it is left for the next rewards.
    expect(upper.save().metadata.rewardScaling).toMatchObject({ runningReturn: 0 });
    const windows = ({ arrays }: Snapshot) =>
      Object.entries(arrays).filter(([name]) => name.startsWith('windows/'));
    expect(windows(upper.save())).not.toEqual(windows(lower.save()));
    learn(upper, 60);
    expect(statistics()).toEqual(before);
    const top = upper.freeze();
    const observation = Float32Array.of(0.2, -0.4, 0.9);
    expect(frozen.act(top.act([0, 0], observation), observation)).toEqual(
      upper.act(observation, { deterministic: true }),
    );
    for (const each of [lower, frozen, upper, top]) each.dispose();
  });

  it('goes on after a load as if it had never stopped, and keeps every rule of the agent contract', async () => {
    const config = parse();
    const lower = make(config);
    learn(lower, 60);
    const frozen = lower.freeze();
    const place = { continued: [frozen], stepsPerAction: 1 };
    const report = await checkAgent(
      {
        ...latentSpacePolicy,
        create: (context, own) => new LatentSpaceAgent({ ...context, level: place }, own),
      },
      { config: small, ...spaces, countTensors: () => tf.memory().numTensors },
    );
    expect(report.skipped).toEqual([]);
    const [whole, stopped] = [continuing([frozen], config), continuing([frozen], config)];
    whole.carryOver(copySnapshot(lower.save()));
    learn(whole, 30);
    stopped.load(copySnapshot(whole.save()));
    for (const agent of [whole, stopped]) learn(agent, 30, 11);
    expect(stopped.save().arrays).toEqual(whole.save().arrays);
    for (const each of [lower, frozen, whole, stopped]) each.dispose();
  });

  it('aims at the entropy of the action, whatever the frozen flow does to its latents', {
    timeout: 120_000,
  }, () => {
    const config = parse({
      ...{
        hiddenSizes: [32],
        couplingHiddenSize: 16,
        batchSize: 64,
        replayCapacity: 5000,
        learningStarts: 50,
      },
      ...{ actorLearningRate: 5e-3, criticLearningRate: 5e-3, temperatureLearningRate: 2e-2 },
    });
    const lower = make(config);
    learn(lower, 400);
    const frozen = lower.freeze();
    const upper = continuing([frozen], { ...config, targetEntropy: -3 });
    upper.carryOver(lower.save());
    const entropies = learn(upper, 800, 9).map(({ entropy }) => entropy!);
    const end = entropies.slice(-100).reduce((sum, entropy) => sum + entropy / 100, 0);
    expect(Math.abs(end + 3)).toBeLessThan(0.35);
    // Where it began, at what the level below had reached with its own target.
    expect(Math.abs(entropies[0]! + 2)).toBeLessThan(0.7);
    for (const each of [lower, frozen, upper]) each.dispose();
  });

  it('refuses what is not of the level below', () => {
    const config = parse();
    const lower = make(config);
    learn(lower, 60);
    const frozen = lower.freeze();
    const upper = continuing([frozen], config);
    const earlier = copySnapshot(lower.save());
    learn(lower, 5);
    const mismatch = 'its policy is another one';
    for (const agent of [upper, make(config)]) {
      expect(() => agent.carryOver(lower.save())).toThrow(SnapshotMismatchError);
      expect(() => agent.carryOver(lower.save())).toThrow(mismatch);
    }
    // A snapshot of one kind of level does not load into another, although every array would fit.
    const place = { continued: [], stepsPerAction: 1 };
    const other = make(config, place, latents);
    const before = upper.save().arrays;
    expect(() => upper.load(other.save())).toThrow('continues 0 of those below, and this one continues 1');
    expect(upper.save().arrays).toEqual(before);
    upper.carryOver(earlier);
    expect(() => other.load(upper.save())).toThrow('continues 1 of those below, and this one continues 0');
    for (const each of [lower, frozen, upper, other]) each.dispose();
  });
});

describe('a level on the latents of the one below', () => {
  // 1 / ((1 - 0.9^2) 0.1) = 52.6
  const config = parse({ discount: 0.9, targetRate: 0.1 });
  const place = { continued: [], stepsPerAction: 2 };
  const partOf = (agent: LatentSpaceAgent, part: string) =>
    Object.entries(agent.save().arrays).filter(([name]) => name.startsWith(part));

  it('stays at the prior for one time constant of its critics', () => {
    const agent = make(config, place, latents);
    const [actor, critics, temperature] = ['actor', 'critics', 'logTemperature'].map((part) =>
      partOf(agent, part),
    );
    learn(agent, 5 + 53);
    expect(agent.save().metadata.gradientSteps).toBe(53);
    expect(partOf(agent, 'actor')).toEqual(actor);
    expect(partOf(agent, 'logTemperature')).toEqual(temperature);
    expect(partOf(agent, 'critics')).not.toEqual(critics);
    learn(agent, 1);
    expect(partOf(agent, 'actor')).not.toEqual(actor);
    expect(partOf(agent, 'logTemperature')).not.toEqual(temperature);
    agent.dispose();
  });

  it('learns at once if it is told to, or if an earlier version did', () => {
    const [held, free] = [make(config, place, latents), make({ ...config, actorStarts: 0 }, place, latents)];
    const actor = partOf(held, 'actor');
    learn(held, 20);
    const loaded = make(config, place, latents);
    loaded.load(copySnapshot(held.save()));
    learn(loaded, 10);
    expect(partOf(loaded, 'actor')).toEqual(actor);
    const { actorStarts, ...metadata } = held.save().metadata;
    expect(actorStarts).toBe(53);
    held.load({ ...copySnapshot(held.save()), metadata });
    for (const agent of [held, free]) {
      learn(agent, 10);
      expect(partOf(agent, 'actor')).not.toEqual(actor);
    }
    for (const each of [held, free, loaded]) each.dispose();
  });
});
