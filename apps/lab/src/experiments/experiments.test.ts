import { SoftDeepQNetwork, softDeepQConfig } from '@maxent/agents';
import { selectBackend } from '@maxent/backend';
import { type Agent, Box, Discrete, type Environment, parseConfig, Rng } from '@maxent/core';
import { makeEnvironment, multiGoal } from '@maxent/envs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compassMultiGoal } from './compass.js';
import type { UnitExperiment } from './experiment.js';
import { fineTuning, withWeightsOf } from './fine-tuning/index.js';
import { followPaths, goalsCovered } from './goal-paths.js';
import { experiments } from './index.js';
import { fitPolicy } from './linear-quadratic/index.js';
import { optimism } from './optimism/index.js';

const silent = (): void => {};

const unitExperiments = Object.entries(experiments).flatMap(
  ([name, experiment]): [string, UnitExperiment][] => ('units' in experiment ? [[name, experiment]] : []),
);

/** An agent that only acts. */
const acting = (act: Agent['act']): Agent => ({ act }) as Agent;

describe.each(unitExperiments)('%s', (_, { units }) => {
  it('has units whose names are file names, each once', () => {
    const names = units.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[\w.-]+$/);
  });
});

describe('optimism', () => {
  it('gives the returns of a lottery that can be worked out by hand', async () => {
    const lotteries = optimism.units.find(({ name }) => name === 'lotteries')!;
    const { cases } = (await lotteries.run(silent)) as {
      cases: { chance: number; temperature: number; returns: number[]; objectives: number[] }[];
    };
    const { returns, objectives } = cases.find((one) => one.chance === 0.1 && one.temperature === 0.5)!;
    // Q(gamble): exact tau log(0.1 e^(5 / tau) + 0.9), variational 0.5; Q(safe) = 1; the policy is softmax(Q / tau).
    const gambling = (Q: number): number => 1 / (1 + Math.exp((1 - Q) / 0.5));
    const exact = gambling(0.5 * Math.log(0.1 * Math.exp(10) + 0.9));
    const variational = gambling(0.5);
    expect(returns[0]).toBeCloseTo(1 - 0.5 * exact, 10);
    expect(returns[1]).toBeCloseTo(1 - 0.5 * variational, 10);
    expect(returns[2]).toBe(1);
    const divergence =
      variational * Math.log(2 * variational) + (1 - variational) * Math.log(2 - 2 * variational);
    expect(objectives[1]).toBeCloseTo(1 - 0.5 * variational - 0.5 * divergence, 10);
  });
});

describe('linear-quadratic', () => {
  it('finds gain and covariance of a policy that is linear-Gaussian', () => {
    const agent = acting((state: Float64Array, { rng }) => {
      const [z1, z2] = [rng!.normal(), rng!.normal()];
      // -K x + L z with L L' = [[0.25, 0.1], [0.1, 0.2]].
      const mean = [-(0.8 * state[0]! - 0.3 * state[1]!), -(0.2 * state[0]! + 0.5 * state[1]!)];
      return Float64Array.of(mean[0]! + 0.5 * z1, mean[1]! + 0.2 * z1 + 0.4 * z2);
    });
    const { K, covariance } = fitPolicy(agent, 2, 1);
    [0.8, -0.3, 0.2, 0.5].forEach((value, i) => {
      expect(Math.abs(K[i]! - value)).toBeLessThan(0.02);
    });
    [0.25, 0.1, 0.1, 0.2].forEach((value, i) => {
      expect(Math.abs(covariance[i]! - value)).toBeLessThan(0.01);
    });
  });
});

describe('paths to goals', () => {
  it('are counted by the goal that they end at', async () => {
    const environment: Environment = await makeEnvironment(multiGoal);
    // Heads west in a quarter of the paths and north in the others, by the draw at the start.
    let heading = 'north';
    const agent = acting((place: Float32Array, { rng }) => {
      if (Math.hypot(place[0]!, place[1]!) < 0.6) heading = rng!.uniform() < 0.25 ? 'west' : 'north';
      return heading === 'west' ? Float32Array.of(-1, 0) : Float32Array.of(0, 1);
    });
    const paths = followPaths(agent, environment, 200, 1);
    const [east, west, north, south] = paths.reached as [number, number, number, number];
    expect([east, south]).toEqual([0, 0]);
    expect(west + north).toBe(200);
    expect(west).toBeGreaterThan(25);
    expect(west).toBeLessThan(80);
    expect(goalsCovered(paths)).toBe(2);
    environment.close();
  });

  it('may be walked in eight directions of length 1', async () => {
    const environment = await makeEnvironment(compassMultiGoal);
    const { observation: start } = environment.reset({ seed: 1 });
    const { observation } = environment.step(3);
    expect(observation[0]! - start[0]!).toBeCloseTo(-Math.SQRT1_2, 6);
    expect(observation[1]! - start[1]!).toBeCloseTo(Math.SQRT1_2, 6);
    environment.close();
  });
});

describe('fine-tuning', () => {
  beforeAll(() => selectBackend({ prefer: 'wasm' }));

  it('starts with the weights of the pre-trained agent and none of its experience', () => {
    const make = (seed: number) =>
      new SoftDeepQNetwork(
        {
          observationSpace: new Box({ low: -1, high: 1, shape: [2] }),
          actionSpace: new Discrete(8),
          rng: Rng.fromSeed(seed),
        },
        parseConfig(softDeepQConfig, { hiddenSizes: [8], learningStarts: 4, batchSize: 4 }),
      );
    const pretrained = make(1);
    const observation = Float32Array.of(0.3, -0.2);
    for (let i = 0; i < 8; i++) {
      pretrained.observe({
        observation,
        action: i,
        reward: i,
        nextObservation: observation,
        terminated: true,
        truncated: false,
      });
      pretrained.update();
    }
    const fresh = make(2);
    expect(fresh.actionValues(observation)).not.toEqual(pretrained.actionValues(observation));
    withWeightsOf(fresh, pretrained.save());
    expect(fresh.actionValues(observation)).toEqual(pretrained.actionValues(observation));
    // Nothing to learn from yet.
    expect(fresh.update().gradientSteps).toBe(0);
    for (const agent of [pretrained, fresh]) agent.dispose();
  });

  it('judges what pre-training adds, not only where it leads', () => {
    const records = (returnMean: number) =>
      Array.from({ length: 4 }, () => ({ evaluations: [{ step: 250, returnMean }] }));
    const { units, conclude } = fineTuning;
    // Soft Q-learning is ahead all the way, but hard Q-learning gains 1.5 where it gains 0.25.
    const results = units.map(({ name }): [string, unknown] => [
      name,
      name.startsWith('soft')
        ? { pretrained: records(2.5), scratch: records(2.25) }
        : { pretrained: records(1), scratch: records(-0.5) },
    ]);
    expect(conclude(new Map(results)).checks.map(({ value }) => value)).toEqual([0.25, 1.5, -1.25]);
  });
});
