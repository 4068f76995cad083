import { InvalidInputError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { type LearningRun, type Protocol, scoreOf } from '../../results/learning-run.js';
import { judge } from './judge.js';

const protocol: Protocol = {
  environment: 'HalfCheetah-v5',
  steps: 50,
  evaluateEvery: 10,
  episodes: 2,
  hyperparameters: { batchSize: 256 },
};

/** A run in which the last three evaluations average `score`. */
function runOf(seed: number, score: number, changes: Partial<LearningRun> = {}): LearningRun {
  const means = [-500, 9000, score - 30, score + 60, score - 30];
  const evaluations = means.map((returnMean, i) => ({
    step: (i + 1) * 10,
    returnMean,
    returnStd: 1,
    episodes: 2,
    returns: [returnMean - 1, returnMean + 1],
    lengths: [5, 5],
  }));
  return { directory: `seed${seed}`, seed, protocol, evaluations, ...changes };
}

const runsOf = (...scores: number[]): LearningRun[] => scores.map((score, i) => runOf(i + 1, score));

it('scores a run by its last three evaluations', () => {
  expect(scoreOf(runOf(1, 4000))).toBeCloseTo(4000, 9);
});

describe('judge with seeds 1 to 3', () => {
  it('passes at 80 % of the mean', () => {
    const verdict = judge(runsOf(4500, 4000, 3500), runsOf(5000, 5200, 4800));
    expect(verdict.ratio).toBeCloseTo(0.8, 12);
    expect(verdict).toMatchObject({ checks: [{ limit: 0.8 }], interval: null });
    expect(verdict.ours.mean).toBeCloseTo(4000, 9);
    expect(verdict.ours.scores.map(({ seed, score }) => [seed, Math.round(score)])).toEqual([
      [1, 4500],
      [2, 4000],
      [3, 3500],
    ]);
    expect(judge(runsOf(4010, 4010, 4010), runsOf(5000, 5000, 5000)).passes).toBe(true);
    expect(judge(runsOf(3990, 3990, 3990), runsOf(5000, 5000, 5000)).passes).toBe(false);
  });
});

describe('judge with seeds 1 to 6', () => {
  const theirs = runsOf(5000, 5600, 4400, 5200, 4800, 5000);

  it('passes at 75 % when the interval reaches zero', () => {
    const verdict = judge(runsOf(5000, 2000, 6000, 3000, 5000, 2500), theirs);
    expect(verdict.ratio).toBeCloseTo(23.5 / 30, 9);
    expect(verdict.interval!.high).toBeGreaterThan(0);
    expect(verdict.passes).toBe(true);
  });

  it('fails at 75 % when the whole interval lies below zero', () => {
    const verdict = judge(runsOf(3900, 3950, 4000, 3900, 3950, 4000), theirs);
    expect(verdict.ratio).toBeGreaterThan(0.75);
    expect(verdict.interval!.high).toBeLessThan(0);
    expect(verdict.passes).toBe(false);
  });

  it('fails below 75 % however wide the interval is', () => {
    const verdict = judge(runsOf(9000, 100, 9000, 100, 100, 100), theirs);
    expect(verdict.interval!.high).toBeGreaterThan(0);
    expect(verdict.passes).toBe(false);
  });

  it('passes when the interval lies above zero', () => {
    const verdict = judge(runsOf(9000, 9100, 9200, 9000, 9100, 9200), theirs);
    expect(verdict.interval!.low).toBeGreaterThan(0);
    expect(verdict.passes).toBe(true);
  });
});

describe('judge refuses', () => {
  const theirs = runsOf(5000, 5000, 5000);

  it.each([
    ['other seeds', [runOf(1, 1), runOf(2, 1), runOf(4, 1)]],
    ['a missing seed', runsOf(1, 1)],
    ['a seed twice', [runOf(1, 1), runOf(2, 1), runOf(2, 1)]],
  ])('%s', (_, ours) => {
    expect(() => judge(ours, theirs)).toThrow(/^seeds: /);
    expect(() => judge(ours, ours)).toThrow(/^seeds: /);
  });

  it('a run that is not finished', () => {
    const [first, second, third] = runsOf(1, 1, 1) as [LearningRun, LearningRun, LearningRun];
    const unfinished = { ...third, evaluations: third.evaluations.slice(0, -1) };
    expect(() => judge([first, second, unfinished], theirs)).toThrow(/^seed3: .*got 10, 20, 30, 40$/);
  });

  it('an evaluation of fewer episodes', () => {
    const [first, second, third] = runsOf(1, 1, 1) as [LearningRun, LearningRun, LearningRun];
    const evaluations = third.evaluations.map((evaluation) => ({ ...evaluation, returns: [1] }));
    expect(() => judge([first, second, { ...third, evaluations }], theirs)).toThrow(
      /^seed3: expected 2 episodes/,
    );
  });

  it('runs of different hyperparameters', () => {
    const other = { ...protocol, hyperparameters: { batchSize: 64 } };
    expect(() => judge([...runsOf(1, 1), runOf(3, 1, { protocol: other })], theirs)).toThrow(/^seed3: .*64/);
  });

  it('a ratio to a mean that is not positive', () => {
    expect(() => judge(runsOf(1, 1, 1), runsOf(-1, -2, -3))).toThrow(InvalidInputError);
  });
});
