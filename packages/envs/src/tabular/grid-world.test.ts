import { InvalidInputError, validateTabularMdp } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { gridWorld } from './grid-world.js';
import { TabularEnvironment } from './tabular-environment.js';
import { undiscountedValues } from './test-support/undiscounted-values.js';

const [UP, RIGHT, DOWN, LEFT] = [0, 1, 2, 3] as const;

describe('gridWorld', () => {
  it("is Russell and Norvig's world by default when moves slip", () => {
    const { values } = undiscountedValues(validateTabularMdp(gridWorld({ slip: 0.2 })), 'hard', 200);
    // Artificial Intelligence: A Modern Approach, figure 17.3.
    const expected = [0.812, 0.868, 0.918, 0, 0.762, 0, 0.66, 0, 0.705, 0.655, 0.611, 0.388];
    expected.forEach((value, state) => {
      expect(Math.abs(values[state]! - value)).toBeLessThan(6e-4);
    });
  });

  const drawn = gridWorld({
    map: 'S~G\n.#S\n',
    legend: { G: { reward: 10 }, '~': { reward: -3, terminal: false } },
    stepReward: -1,
  });

  it('reads walls, starts, goals and costly cells from the map', () => {
    expect(drawn.grid).toMatchObject({ rows: 2, columns: 3, tiles: 'S~G.#S' });
    expect(Array.from(drawn.initial)).toEqual([0.5, 0, 0, 0, 0, 0.5]);
    expect(Array.from(drawn.terminal)).toEqual([0, 0, 1, 0, 1, 0]);
  });

  it.each([
    [0, UP, 0, -1],
    [0, RIGHT, 1, -4],
    [0, DOWN, 3, -1],
    [0, LEFT, 0, -1],
    [1, DOWN, 1, -4],
    [1, RIGHT, 2, 9],
    [3, RIGHT, 3, -1],
    [5, LEFT, 5, -1],
    [5, UP, 2, 9],
  ])('from state %i, action %i leads to %i and pays %d', (state, action, next, reward) => {
    const pair = state * 4 + action;
    const start = drawn.transition.rowOffsets[pair]!;
    expect(drawn.transition.rowOffsets[pair + 1]).toBe(start + 1);
    expect(drawn.transition.columns[start]).toBe(next);
    expect(drawn.reward[pair]).toBe(reward);
  });

  it('slips to either side with half the probability each', () => {
    const { transition, reward } = validateTabularMdp(
      gridWorld({ map: '.../S..', slip: 0.5, stepReward: 0 }),
    );
    // Right from the start: up with 1/4, right with 1/2, down against the edge with 1/4.
    const start = transition.rowOffsets[3 * 4 + RIGHT]!;
    expect(Array.from(transition.columns.subarray(start, start + 3))).toEqual([0, 3, 4]);
    expect(Array.from(transition.values.subarray(start, start + 3))).toEqual([0.25, 0.25, 0.5]);
    expect(reward.every((value) => value === 0)).toBe(true);
  });

  it('runs as an environment', () => {
    const environment = new TabularEnvironment(drawn);
    const { observation } = environment.reset({ seed: 2 });
    const { reward, terminated } = environment.step(observation === 5 ? UP : RIGHT);
    expect([9, -4]).toContain(reward);
    expect(terminated).toBe(reward === 9);
  });

  it.each([
    [{ map: 'S./...' }, 'map[1]: expected rows of equal length, at least 1, got 3 after a first row of 2'],
    [{ map: 'S./.x' }, 'map[1]: expected only # S . G L, got "x"; add it to the legend'],
    [{ map: '' }, 'map[0]: expected rows of equal length'],
    [{ map: '...' }, 'map: expected at least one start S, got none'],
    [{ legend: { S: { reward: 1 } } }, 'legend: expected single characters other than # S . and /, got "S"'],
    [{ legend: { GG: { reward: 1 } } }, 'got "GG"'],
  ])('refuses %j', (options, message) => {
    expect(() => gridWorld(options)).toThrow(InvalidInputError);
    expect(() => gridWorld(options)).toThrow(message);
  });

  it('builds hundreds of thousands of cells without an object for each outcome', () => {
    const side = 400;
    const row = '.'.repeat(side);
    const map = [`S${row.slice(1)}`, ...new Array<string>(side - 2).fill(row), `${row.slice(1)}G`].join('\n');
    const { transition, stateCount } = gridWorld({ map, slip: 0.2 });
    expect(stateCount).toBe(160_000);
    // Three ways each, but at a border two meet: where a move runs along or into it.
    expect(transition.values.length).toBeGreaterThan(11.8 * stateCount);
  });
});
