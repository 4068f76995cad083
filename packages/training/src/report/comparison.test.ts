import { describe, expect, it } from 'vitest';
import { comparedRun as run } from '../test-support/compared-run.js';
import { compareRuns, performanceProfiles } from './comparison.js';

describe('compareRuns', () => {
  it('sums up each group at the last step that all runs have reached', () => {
    const { step, groups } = compareRuns([
      run('a', [1, 2, 3]),
      run('b', [3, 6]),
      run('c', [5, 5, 9], { rate: 2 }),
    ]);
    expect(step).toBe(20);
    expect(groups.map(({ label, score, average }) => [label, score, average])).toEqual([
      [
        'rate 1, 2 seeds',
        { interquartileMean: 4, range: { low: 2, high: 6 } },
        { interquartileMean: 3, range: { low: 1.5, high: 4.5 } },
      ],
      [
        'rate 2, seed 99',
        { interquartileMean: 5, range: { low: 5, high: 5 } },
        { interquartileMean: 5, range: { low: 5, high: 5 } },
      ],
    ]);
    expect(groups[0]!.curve.points).toEqual([
      { x: 10, y: 2, low: 1, high: 3 },
      { x: 20, y: 4, low: 2, high: 6 },
    ]);
  });

  it('takes the last evaluation before that step where runs were evaluated at others', () => {
    const { step, groups } = compareRuns([
      run('a', [1, 2, 3], { every: 10 }),
      run('b', [4, 5], { every: 14 }),
    ]);
    expect(step).toBe(28);
    expect(groups.map(({ score }) => score?.interquartileMean)).toEqual([2, 5]);
  });

  it('leaves out a run whose first evaluation is later', () => {
    const { step, groups } = compareRuns([run('a', [1], { every: 10 }), run('b', [4, 5], { every: 14 })]);
    expect(step).toBe(10);
    expect(groups[1]!.score).toBeUndefined();
    expect(groups[1]!.curve.points).toHaveLength(2);
  });

  it('gives an interval to five runs, and to no fewer', () => {
    const scores = [81.3, 101.24, 30.25, 93.44, 62.62];
    const runs = scores.map((score, i) => run('abcde'[i]!, [score]));
    const [five] = compareRuns(runs).groups;
    // rliable 1.2.0: 41.04 to 98.64.
    expect(five!.score!.interquartileMean).toBeCloseTo(79.12, 10);
    expect(five!.score!.interval!.low).toBeCloseTo(41.04, -0.5);
    expect(five!.score!.interval!.high).toBeCloseTo(98.64, -0.5);
    const [point] = five!.curve.points;
    expect(point!.low).toBeGreaterThan(30.25);
    expect(point!.high).toBeLessThan(101.24);
    const [four] = compareRuns(runs.slice(1)).groups;
    expect(four!.score).toEqual({ interquartileMean: 78.03, range: { low: 30.25, high: 101.24 } });
  });

  it('lets runs that were not evaluated yet stand aside', () => {
    const { step, groups } = compareRuns([run('a', []), run('b', [1]), run('c', [], { rate: 2 })], 1);
    expect(step).toBe(10);
    expect(groups[0]).toMatchObject({ score: { interquartileMean: 1 }, reachedAt: 10 });
    expect(groups[0]!.curve.points).toEqual([{ x: 10, y: 1 }]);
    expect(groups[1]).toMatchObject({ label: 'rate 2, seed 99', curve: { points: [] } });
    expect(groups[1]!.score).toBeUndefined();
    expect(compareRuns([run('a', [])]).step).toBeUndefined();
  });

  it('reads rows in any order', () => {
    const a = run('a', [1, 2, 3]);
    expect(compareRuns([{ ...a, rows: [...a.rows].reverse() }])).toMatchObject({
      step: 30,
      groups: [{ score: { interquartileMean: 3 }, curve: { points: [{ x: 10 }, { x: 20 }, { x: 30 }] } }],
    });
  });

  it('refuses no runs', () => {
    expect(() => compareRuns([])).toThrow('runs: expected at least one, got none');
  });
});

describe('the threshold', () => {
  const reached = (...returns: number[][]) => {
    const [group] = compareRuns(
      returns.map((values, i) => run('abcd'[i]!, values)),
      5,
    ).groups;
    return [group!.runs.map(({ reachedAt }) => reachedAt), group!.reachedAt];
  };

  it('is reached at the first evaluation with that return, by a group when more than half of its runs did', () => {
    expect(reached([1, 5, 1], [6], [1, 1, 7])).toEqual([[20, 10, 30], 20]);
    expect(reached([1, 5], [1], [6])).toEqual([[20, undefined, 10], 20]);
    expect(reached([1, 5], [1])).toEqual([[20, undefined], undefined]);
    expect(reached([1], [1, 2])).toEqual([[undefined, undefined], undefined]);
  });

  it('is by default the return at which all runs were to stop', () => {
    expect(compareRuns([run('a', [1], { stop: 5 }), run('b', [1], { stop: 5 })]).threshold).toBe(5);
    expect(compareRuns([run('a', [1], { stop: 5 }), run('b', [1], { stop: 6 })]).threshold).toBeUndefined();
    expect(compareRuns([run('a', [1], { stop: 5 }), run('b', [1])]).threshold).toBeUndefined();
    expect(compareRuns([run('a', [1], { stop: 5 })], 3).threshold).toBe(3);
  });
});

describe('performanceProfiles', () => {
  it('fall by one share at the score of each run', () => {
    const { groups } = compareRuns([
      run('a', [1]),
      run('b', [3]),
      run('c', [2], { rate: 2 }),
      run('d', [], { rate: 3 }),
    ]);
    expect(performanceProfiles(groups)).toEqual([
      {
        label: 'rate 1, 2 seeds',
        points: [
          { x: 1, y: 1 },
          { x: 1, y: 0.5 },
          { x: 2, y: 0.5 },
          { x: 3, y: 0.5 },
          { x: 3, y: 0 },
        ],
      },
      {
        label: 'rate 2, seed 99',
        points: [
          { x: 1, y: 1 },
          { x: 2, y: 1 },
          { x: 2, y: 0 },
          { x: 3, y: 0 },
        ],
      },
      { label: 'rate 3, seed 100', points: [] },
    ]);
  });

  it('have the pointwise interval of rliable from five runs on', () => {
    // rliable 1.2.0, create_performance_profile over [10, 30, 50] of these scores.
    const { groups } = compareRuns([10, 20, 30, 30, 50].map((score, i) => run('abcde'[i]!, [score])));
    const { points } = performanceProfiles(groups)[0]!;
    expect(points.filter(({ x }, i) => x !== points[i + 1]?.x)).toEqual([
      { x: 10, y: 0.8, low: 0.4, high: 1 },
      { x: 20, y: 0.6, low: 0.2, high: 1 },
      { x: 30, y: 0.2, low: 0, high: 0.6 },
      { x: 50, y: 0, low: 0, high: 0 },
    ]);
  });
});
