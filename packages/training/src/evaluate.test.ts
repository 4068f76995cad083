import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';
import { Corridor } from './test-support/corridor.js';
import { TabularAgent } from './test-support/tabular-agent.js';

const base = () => ({
  policy: new TabularAgent(3),
  environment: new Corridor(),
  episodes: 5,
  seed: 11,
  deterministic: false,
});

describe('evaluate', () => {
  it('reports mean and population standard deviation of the returns', async () => {
    const { returns, lengths, returnMean, returnStd, episodes } = await evaluate(base());
    expect([returns.length, lengths.length, episodes]).toEqual([5, 5, 5]);
    const mean = returns.reduce((sum, value) => sum + value, 0) / 5;
    expect(returnMean).toBeCloseTo(mean, 12);
    expect(returnStd ** 2).toBeCloseTo(returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5, 12);
    expect(new Set(returns).size).toBe(5);
  });

  it('has a finite mean of finite returns, however large', async () => {
    const options = base();
    const step = options.environment.step.bind(options.environment);
    options.environment.step = (action) => ({ ...step(action), reward: 1e308, terminated: true });
    const { returnMean, returnStd } = await evaluate(options);
    expect(returnMean / 1e308).toBeCloseTo(1, 12);
    expect(returnStd / 1e308).toBeCloseTo(0, 12);
  });

  it('depends on the seed only, not on what the agent and environment did before', async () => {
    const used = base();
    used.policy.act(0, { deterministic: false });
    used.environment.reset({ seed: 99 });
    const expected = await evaluate(base());
    expect(await evaluate(used)).toEqual(expected);
    expect(await evaluate({ ...base(), seed: 12 })).not.toEqual(expected);
  });

  it('starts episode k the same way whatever the number of episodes', async () => {
    const deterministic = { ...base(), deterministic: true };
    const few = await evaluate({ ...deterministic, episodes: 2 });
    const many = await evaluate(deterministic);
    expect(many.returns.slice(0, 2)).toEqual(few.returns);
  });

  it('stops with the reason of its signal', async () => {
    const signal = AbortSignal.abort('enough');
    await expect(evaluate({ ...base(), signal })).rejects.toBe('enough');
  });

  it('names a number of episodes that is not usable', async () => {
    await expect(evaluate({ ...base(), episodes: 0 })).rejects.toThrow(InvalidInputError);
  });
});
