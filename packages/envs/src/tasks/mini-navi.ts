import {
  defineTaskFamily,
  InvalidInputError,
  type TabularMdp,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import * as z from 'zod';
import { type Move, neighbor } from '../tabular/grid-moves.js';
import { mdpFromOutcomes } from '../tabular/mdp-from-outcomes.js';
import { TabularEnvironment } from '../tabular/tabular-environment.js';
import { TimeLimit } from '../wrappers/time-limit.js';
import { dealTasks } from './draw-tasks.js';

/** The change in row and column of stay, up, right, down and left; rows are counted from the top. */
const MOVES: readonly Move[] = [
  [0, 0],
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
];

const coordinate = z.int().nonnegative();
const cell = z.tuple([coordinate, coordinate]);

const miniNaviOptions = z.object({
  size: z.int().min(2).max(1000).default(3).describe('Number of cells in a row and in a column.'),
  start: cell
    .default([0, 0])
    .describe('The cell [x, y] that episodes start in; [0, 0] is at the bottom left.'),
  excluded: z
    .array(cell)
    .default([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    .describe('Cells [x, y] that are never the goal.'),
  goalReward: z.number().default(1).describe('Reward for a step that ends on the goal.'),
  stepReward: z.number().default(-0.1).describe('Reward for any other step.'),
  steps: z.int().positive().default(6).describe('Number of steps in an episode; the goal does not end it.'),
});

type MiniNaviOptions = z.output<typeof miniNaviOptions>;

/** The goal's cell, counted from the bottom left. */
export type NaviGoal = { readonly x: number; readonly y: number };

/**
 * The tasks of the family `MiniNavi`, one for each goal and all equally likely, for exact solvers. State 0 is the cell
 * at the top left. Throws InvalidInputError for a start or an excluded cell outside the grid, and if no goal is left.
 */
export function miniNavi(options: z.input<typeof miniNaviOptions> = {}): {
  readonly tasks: readonly TabularMdp[];
  readonly prior: Float64Array;
} {
  const parsed = miniNaviOptions.parse(options);
  const goals = goalsOf(parsed);
  return {
    tasks: goals.map((goal) => taskOf(parsed, goal)),
    prior: new Float64Array(goals.length).fill(1 / goals.length),
  };
}

function taskOf({ size, start, goalReward, stepReward }: MiniNaviOptions, goal: NaviGoal): TabularMdp {
  const stateCount = size * size;
  const stateOf = (x: number, y: number) => (size - 1 - y) * size + x;
  const goalState = stateOf(goal.x, goal.y);
  const initial = new Float64Array(stateCount);
  initial[stateOf(...start)] = 1;
  return mdpFromOutcomes({
    stateCount,
    actionCount: MOVES.length,
    outcomes: (state, action, emit) => {
      const next = neighbor(state, MOVES[action]!, size, size);
      emit(1, next, next === goalState ? goalReward : stepReward);
    },
    initial,
    terminal: new Uint8Array(stateCount),
    grid: { rows: size, columns: size, moves: MOVES },
  });
}

function goalsOf({ size, start, excluded }: MiniNaviOptions): NaviGoal[] {
  const inside = (field: string, [x, y]: readonly [number, number]) => {
    if (x < size && y < size) return;
    throw new InvalidInputError(field, `expected a cell of a ${size} by ${size} grid, got [${x}, ${y}]`);
  };
  inside('start', start);
  for (const [i, one] of excluded.entries()) inside(`excluded[${i}]`, one);
  const never = new Set(excluded.map(([x, y]) => x * size + y));
  const goals = Array.from({ length: size * size }, (_, i) => ({ x: Math.floor(i / size), y: i % size }));
  const left = goals.filter(({ x, y }) => !never.has(x * size + y));
  if (left.length > 0) return left;
  throw new InvalidInputError(
    'excluded',
    `expected at least one cell that can be the goal, got none of ${size * size}`,
  );
}

/**
 * Find a goal on a grid (the gridworld of VariBAD, Zintgraf et al. 2020, and a smaller one): only the reward tells
 * whether a cell is the goal. A split deals all goals in random order, again and again, so that they are equally
 * frequent; train and test tasks share goals only where there are fewer goals than tasks.
 */
class MiniNaviFamily implements TaskFamily<NaviGoal, number, number> {
  readonly id = 'MiniNavi';
  readonly maxEpisodeSteps: number;
  private readonly goals: readonly NaviGoal[];

  constructor(private readonly options: MiniNaviOptions) {
    this.maxEpisodeSteps = options.steps;
    this.goals = goalsOf(options);
  }

  split(options: TaskSplitOptions): TaskSplit<NaviGoal> {
    return dealTasks(options, this.goals);
  }

  descriptor({ x, y }: NaviGoal): readonly number[] {
    return [x, y];
  }

  checkTask(task: NaviGoal, field: string): void {
    if (this.goals.some(({ x, y }) => x === task.x && y === task.y)) return;
    throw new InvalidInputError(
      field,
      `expected one of the goals ${this.goals.map(({ x, y }) => `(${x}, ${y})`).join(' ')}, got (${task.x}, ${task.y})`,
    );
  }

  create(goal: NaviGoal) {
    return new TimeLimit(new TabularEnvironment(taskOf(this.options, goal)), this.maxEpisodeSteps);
  }
}

export const miniNaviFamily = defineTaskFamily({
  id: 'MiniNavi',
  description: 'Find an unseen goal on a small grid; only the reward tells where it is.',
  options: miniNaviOptions,
  create: (options) => new MiniNaviFamily(options),
});
