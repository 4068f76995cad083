import { describe, expect, it } from 'vitest';
import { InvalidInputError } from './errors.js';
import { sparseRowsOf } from './sparse-rows.js';
import { requireActionNames, type TabularMdp, validateTabularMdp } from './tabular-mdp.js';

/** Two states, one action that moves from 0 to either with 1/2, state 1 terminal. */
const mdp: TabularMdp = {
  stateCount: 2,
  actionCount: 1,
  transition: sparseRowsOf(Float64Array.of(0.5, 0.5, 0, 1), 2, 2),
  reward: Float64Array.of(1, 0),
  initial: Float64Array.of(1, 0),
  terminal: Uint8Array.of(0, 1),
};

describe('validateTabularMdp', () => {
  it('returns a process that is well formed', () => {
    expect(validateTabularMdp(mdp)).toBe(mdp);
    const forbidden = { ...mdp, reward: Float64Array.of(-Infinity, 0) };
    expect(validateTabularMdp(forbidden)).toBe(forbidden);
  });

  it('takes transition rewards whose mean is the reward, whatever entries of probability 0 hold', () => {
    const detailed = {
      ...mdp,
      transition: {
        ...mdp.transition,
        rowOffsets: Uint32Array.of(0, 2, 4),
        columns: Uint32Array.of(0, 1, 0, 1),
        values: Float64Array.of(0.5, 0.5, 0, 1),
      },
      transitionReward: Float64Array.of(-2, 4, -Infinity, 0),
    };
    expect(validateTabularMdp(detailed)).toBe(detailed);
  });

  it('refuses two actions with one name', () => {
    expect(() => requireActionNames('actions', ['go', 'stay', 'go'], 3)).toThrow(
      'actions[2]: expected a name that no other action has, got "go", the name of action 0 too',
    );
  });

  it.each<[Partial<TabularMdp>, string]>([
    [{ stateCount: 0 }, 'stateCount: expected a positive integer, got 0'],
    [{ actionCount: 1.5 }, 'actionCount: expected a positive integer, got 1.5'],
    [
      { transition: sparseRowsOf(new Float64Array(6), 3, 2) },
      'transition: expected 2 rows of 2 columns, got 3 of 2',
    ],
    [
      { transition: { ...mdp.transition, columns: Uint32Array.of(1, 0, 1) } },
      'transition.columns[1]: expected columns below 2 that rise',
    ],
    [
      { transition: { ...mdp.transition, columns: Uint32Array.of(0, 2, 1) } },
      'transition.columns[1]: expected columns below 2',
    ],
    [
      { transition: { ...mdp.transition, rowOffsets: Uint32Array.of(0, 4, 3) } },
      'transition.rowOffsets[1]: expected between 0 and 3, got 4',
    ],
    [
      { transition: { ...mdp.transition, rowOffsets: Uint32Array.of(0, 2, 2) } },
      'transition.rowOffsets: expected offsets from 0',
    ],
    [{ grid: { rows: 2, columns: 2, moves: [[0, 1]] } }, 'grid: expected rows and columns for 2 states'],
    [{ grid: { rows: 1, columns: 2, moves: [[0, 1]], tiles: 'S' } }, 'grid.tiles: expected one character'],
    [{ grid: { rows: 1, columns: 2, moves: [] } }, 'grid.moves: expected one for each of 1 actions, got 0'],
    [{ actionNames: [] }, 'actionNames: expected one name for each of 1 actions, got 0'],
    [{ actionNames: [' '] }, 'actionNames[0]: expected a name, got " "'],
    [{ reward: new Float64Array(3) }, 'reward: expected 2 entries, got 3'],
    [{ initial: Float64Array.of(1) }, 'initial: expected 2 entries, got 1'],
    [{ terminal: new Uint8Array(0) }, 'terminal: expected 2 entries, got 0'],
    [{ terminal: Uint8Array.of(0, 2) }, 'terminal[1]: expected 0 or 1, got 2'],
    [{ initial: Float64Array.of(0.5, 0.4) }, 'initial: expected probabilities that sum to 1'],
    [{ initial: Float64Array.of(2, -1) }, 'initial[1]: expected a probability of at least 0, got -1'],
    [
      { transition: sparseRowsOf(Float64Array.of(0.5, 0.5, 0, 0.9), 2, 2) },
      'transition[1][0]: expected probabilities that sum',
    ],
    [
      { transition: sparseRowsOf(Float64Array.of(Number.NaN, 1, 0, 1), 2, 2) },
      'transition[0][0][0]: expected a probability',
    ],
    [{ reward: Float64Array.of(0, Number.NaN) }, 'reward[1][0]: expected a number below Infinity, got NaN'],
    [
      { reward: Float64Array.of(Infinity, 0) },
      'reward[0][0]: expected a number below Infinity, got Infinity',
    ],
    [{ transitionReward: new Float64Array(2) }, 'transitionReward: expected 3 entries, got 2'],
    [
      { transitionReward: Float64Array.of(1, 2, 0) },
      'reward[0][0]: expected 1.5, the mean of transitionReward, got 1',
    ],
  ])('refuses %o', (change, message) => {
    expect(() => validateTabularMdp({ ...mdp, ...change })).toThrow(InvalidInputError);
    expect(() => validateTabularMdp({ ...mdp, ...change })).toThrow(message);
  });
});
