import { InvalidInputError } from './errors.js';
import { showValue } from './show-value.js';
import { requireSparseRows, type SparseRows } from './sparse-rows.js';
import {
  isDistribution,
  requireCount,
  requireDistribution,
  requireLength,
  requireObject,
  requireTypedNumbers,
} from './validation.js';

/**
 * A finite Markov decision process with explicit dynamics; arrays are flat in row-major order. It can be solved
 * exactly and run as an environment, which is how learned agents are checked against exact answers.
 */
export interface TabularMdp {
  readonly stateCount: number;
  readonly actionCount: number;
  /** p(s' | s, a): row `s * actionCount + a`, column s'. `sparseRowsOf` makes it from a dense table. */
  readonly transition: SparseRows;
  /** Expected reward r(s, a), [states, actions]. -Infinity forbids an action. */
  readonly reward: Float64Array;
  /**
   * The reward r(s, a, s') of a step that leads to s', one for each stored entry of `transition`, if the reward depends
   * on s'. `reward` is then its expectation. Solvers read `reward`; sampled episodes pay `transitionReward`.
   */
  readonly transitionReward?: Float64Array;
  /** p(s_0), [states]. */
  readonly initial: Float64Array;
  /** 1 for states that end the episode on arrival, [states]. Their value is 0. */
  readonly terminal: Uint8Array;
  /** Where the states lie on a grid, for grid worlds; only pictures need it. */
  readonly grid?: Grid;
  /** What people call the actions, [actions], each in its own way. */
  readonly actionNames?: readonly string[];
}

/** State `row * columns + column` lies at that place of a grid. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** The change in row and column that each action aims at, [actions]. */
  readonly moves: readonly (readonly [down: number, right: number])[];
  /** One character per state, row by row, such as # for a wall, for pictures. */
  readonly tiles?: string;
}

const MEAN_TOLERANCE = 1e-9;

/** Throws InvalidInputError that names the first invalid entry; otherwise returns the same process. */
export function validateTabularMdp(mdp: TabularMdp): TabularMdp {
  requireObject(
    'mdp',
    mdp,
    'gridWorld() of @maxent/envs or { stateCount, actionCount, transition, reward, ... }',
  );
  const { stateCount, actionCount, transition } = mdp;
  requireCount('stateCount', stateCount);
  requireCount('actionCount', actionCount);
  requireSparseRows('transition', transition, stateCount * actionCount, stateCount);
  for (const name of ['reward', 'initial', 'terminal'] as const) requireTypedNumbers(name, mdp[name]);
  requireLength('reward', mdp.reward, stateCount * actionCount);
  requireLength('initial', mdp.initial, stateCount);
  requireLength('terminal', mdp.terminal, stateCount);
  mdp.terminal.forEach((flag, state) => {
    if (flag > 1) throw new InvalidInputError(`terminal[${state}]`, `expected 0 or 1, got ${flag}`);
  });
  if (mdp.transitionReward !== undefined) {
    requireLength('transitionReward', mdp.transitionReward, transition.values.length);
  }
  requireDistribution('initial', mdp.initial);
  for (let state = 0; state < stateCount; state++) {
    for (let action = 0; action < actionCount; action++) {
      const row = state * actionCount + action;
      const start = transition.rowOffsets[row]!;
      const end = transition.rowOffsets[row + 1]!;
      // There may be millions of rows, so a row's name is only built if the row is invalid.
      if (!isDistribution(transition.values, start, end)) {
        requireDistribution(
          `transition[${state}][${action}]`,
          transition.values.subarray(start, end),
          (i) => transition.columns[start + i]!,
        );
      }
      requireReward(mdp, state, action);
    }
  }
  if (mdp.grid !== undefined) requireGrid(mdp.grid, stateCount, actionCount);
  if (mdp.actionNames !== undefined) requireActionNames('actionNames', mdp.actionNames, actionCount);
  return mdp;
}

/** Throws InvalidInputError, which names `field`, unless there is one name for each action, and no two are the same. */
export function requireActionNames(field: string, names: readonly string[], actionCount: number): void {
  if (!Array.isArray(names) || names.length !== actionCount) {
    const got = Array.isArray(names) ? names.length : showValue(names);
    throw new InvalidInputError(field, `expected one name for each of ${actionCount} actions, got ${got}`);
  }
  const first = new Map<string, number>();
  names.forEach((name, action) => {
    if (typeof name !== 'string' || name.trim() === '') {
      throw new InvalidInputError(`${field}[${action}]`, `expected a name, got ${showValue(name)}`);
    }
    const other = first.get(name);
    if (other !== undefined) {
      throw new InvalidInputError(
        `${field}[${action}]`,
        `expected a name that no other action has, got ${showValue(name)}, the name of action ${other} too`,
      );
    }
    first.set(name, action);
  });
}

function requireReward(mdp: TabularMdp, state: number, action: number): void {
  const row = state * mdp.actionCount + action;
  const reward = mdp.reward[row]!;
  if (Number.isNaN(reward) || reward === Infinity) {
    throw new InvalidInputError(
      `reward[${state}][${action}]`,
      `expected a number below Infinity, got ${reward}`,
    );
  }
  if (mdp.transitionReward === undefined) return;
  const { rowOffsets, values } = mdp.transition;
  let mean = 0;
  for (let i = rowOffsets[row]!; i < rowOffsets[row + 1]!; i++) {
    // An entry with probability 0 may hold any value, and 0 times -Infinity would make the sum NaN.
    if (values[i]! > 0) mean += values[i]! * mdp.transitionReward[i]!;
  }
  if (mean !== reward && !(Math.abs(mean - reward) <= MEAN_TOLERANCE * Math.max(1, Math.abs(reward)))) {
    throw new InvalidInputError(
      `reward[${state}][${action}]`,
      `expected ${mean}, the mean of transitionReward, got ${reward}`,
    );
  }
}

function requireGrid({ rows, columns, moves, tiles }: Grid, stateCount: number, actionCount: number): void {
  if (rows * columns !== stateCount) {
    throw new InvalidInputError(
      'grid',
      `expected rows and columns for ${stateCount} states, got ${rows} by ${columns}`,
    );
  }
  if (moves.length !== actionCount) {
    throw new InvalidInputError(
      'grid.moves',
      `expected one for each of ${actionCount} actions, got ${moves.length}`,
    );
  }
  if (tiles !== undefined && tiles.length !== stateCount) {
    throw new InvalidInputError(
      'grid.tiles',
      `expected one character for each of ${stateCount} states, got ${tiles.length}`,
    );
  }
}
