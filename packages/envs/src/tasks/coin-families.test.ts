import { parseConfig, requireTask, validateTabularMdp } from '@maxent/core';
import { checkEnvironment, checkTaskFamily } from '@maxent/core/testing';
import { describe, expect, it } from 'vitest';
import { bernoulliBanditFamily } from './bernoulli-bandit.js';
import { noisyLine, noisyLineFamily } from './noisy-line.js';

const bandit = async (options: object = {}) =>
  bernoulliBanditFamily.create(parseConfig(bernoulliBanditFamily.options, options));
const line = async (options: object = {}) =>
  noisyLineFamily.create(parseConfig(noisyLineFamily.options, options));

describe.each([
  ['BernoulliBandit', bandit],
  ['NoisyLine', line],
])('%s', (id, make) => {
  it('keeps the contracts of task families and environments', async () => {
    const family = await make();
    expect(family.id).toBe(id);
    await checkTaskFamily(family);
    const { train } = family.split({ trainCount: 1, testCount: 1, seed: 2 });
    await checkEnvironment(async () => family.create(train[0] as never), { name: id });
  });
});

describe('BernoulliBandit', () => {
  it('draws each arm from its own Beta distribution', async () => {
    const family = await bandit({
      arms: [
        { alpha: 1, beta: 1 },
        { alpha: 30, beta: 10 },
      ],
    });
    const { train } = family.split({ trainCount: 4000, testCount: 1, seed: 1 });
    const mean = (arm: number) =>
      train.reduce((sum, { probabilities }) => sum + probabilities[arm]!, 0) / train.length;
    // Standard errors 0.0046 and 0.0011.
    expect(Math.abs(mean(0) - 0.5)).toBeLessThan(0.016);
    expect(Math.abs(mean(1) - 0.75)).toBeLessThan(0.004);
  });

  it('pays by the arm that was pulled, and shows nothing else', async () => {
    const environment = (await bandit({ steps: 2000 })).create({ probabilities: [0.2, 1] });
    environment.reset({ seed: 1 });
    let paid = 0;
    for (let i = 0; i < 1000; i++) {
      const { observation, reward } = environment.step(0);
      expect(observation).toBe(0);
      paid += reward;
      expect(environment.step(1).reward).toBe(1);
    }
    // Standard error 12.6.
    expect(Math.abs(paid - 200)).toBeLessThan(45);
  });

  it('refuses what is no probability', async () => {
    const family = await bandit();
    expect(() => requireTask(family, { probabilities: [0.5, 1.5] }, '--task')).toThrow(
      '--task probabilities[1]: expected a probability, got 1.5',
    );
  });
});

describe('NoisyLine', () => {
  it('puts the goal at an end, by its prior', async () => {
    const family = await line({ leftProbability: 0.7 });
    const { train } = family.split({ trainCount: 2000, testCount: 1, seed: 1 });
    const left = train.filter(({ goal }) => goal === 0).length;
    expect(train.every(({ goal }) => goal === 0 || goal === 4)).toBe(true);
    // Standard error 20.5.
    expect(Math.abs(left - 1400)).toBeLessThan(70);
    expect(family.descriptor({ goal: 0 })).toEqual([-1]);
    expect(family.descriptor({ goal: 4 })).toEqual([1]);
  });

  it('begins in the middle, shows the cell, and pays by chance', async () => {
    const environment = (await line({ steps: 1000 })).create({ goal: 4 });
    expect(environment.reset({ seed: 1 }).observation).toBe(2);
    expect([0, 0, 0, 2, 1, 2, 2, 2, 2].map((action) => environment.step(action).observation)).toEqual([
      1, 0, 0, 1, 1, 2, 3, 4, 4,
    ]);
    let paid = 0;
    for (let i = 0; i < 500; i++) paid += environment.step(1).reward;
    // Standard error 8.9.
    expect(Math.abs(paid - 400)).toBeLessThan(32);
  });

  it('as processes: the goal pays more often', () => {
    const { tasks, prior } = noisyLine({ leftProbability: 0.7 });
    expect(prior[0]! + prior[1]!).toBe(1);
    for (const task of tasks) expect(validateTabularMdp(task)).toBe(task);
    // From cell 1 without a reward, left leads to cell 0.
    expect(tasks.map(({ reward }) => reward[2 * 1 * 3])).toEqual([0.8, 0.1]);
  });

  it('refuses a goal that is not at an end', async () => {
    const family = await line();
    expect(() => requireTask(family, { goal: 2 }, '--task')).toThrow(
      '--task goal: expected an end of the line, 0 or 4, got 2',
    );
  });
});
