import { type Info, InvalidInputError, type Rng } from '@maxent/core';
import * as z from 'zod';
import { MAZE_NAMES, type Maze, type Place } from './maze.js';
import type { ReachGoalOptions } from './reach-goal.js';

/** The options of a maze, whatever walks in it. */
export function mazeOptions(defaults: { readonly goalReward: number; readonly goalRadius: number }) {
  return {
    map: z
      .string()
      .default('simple')
      .describe(`${MAZE_NAMES.join(', ')}, or rows of # (wall), S (start), G (goal) and . separated by "/".`),
    cellSize: z.number().positive().default(3).describe('Width of corridors in m.'),
    goal: z
      .int()
      .nonnegative()
      .optional()
      .describe("Number of the goal, in the map's reading order; if left out, every episode draws one."),
    reward: z
      .enum(['sparse', 'dense'])
      .default('sparse')
      .describe(
        'sparse pays only for reaching the goal; dense also pays for each m that a step shortens the way.',
      ),
    goalReward: z.number().default(defaults.goalReward).describe('Reward for a step that ends at the goal.'),
    goalRadius: z
      .number()
      .positive()
      .default(defaults.goalRadius)
      .describe('Distance in m within which the goal counts as reached.'),
    terminateAtGoal: z.boolean().default(true).describe('Whether reaching the goal ends the episode.'),
  };
}

export type MazeOptions = z.output<z.ZodObject<ReturnType<typeof mazeOptions>>>;

/** The goals that episodes can have. */
function goalsOf(maze: Maze, goal: number | undefined): readonly Place[] {
  if (goal === undefined) return maze.goals;
  const chosen = maze.goals[goal];
  if (chosen === undefined) {
    throw new InvalidInputError(
      'goal',
      `expected a goal of the map, below ${maze.goals.length}, got ${goal}`,
    );
  }
  return [chosen];
}

/** The task of reaching a goal of the maze. A goal that never changes is not observed. Throws InvalidInputError. */
export function mazeTask(maze: Maze, options: MazeOptions, placeOf: (info: Info) => Place): ReachGoalOptions {
  const goals = goalsOf(maze, options.goal);
  const ways = new Map(goals.map((goal) => [goal.join(), maze.distanceTo(goal)]));
  return {
    drawGoal: (rng: Rng) => goals[rng.integer(goals.length)]!,
    placeOf,
    rewardOf: ({ from, to, goal, reached }) => {
      const bonus = reached ? options.goalReward : 0;
      if (options.reward === 'sparse') return bonus;
      const wayFrom = ways.get(goal.join())!;
      const progress = wayFrom(...from) - wayFrom(...to);
      // The difference is not finite if one place is off the floor, as when a body leans over a wall.
      return bonus + (Number.isFinite(progress) ? progress : 0);
    },
    goalRadius: options.goalRadius,
    terminateAtGoal: options.terminateAtGoal,
    observeGoal: goals.length > 1,
  };
}
