import { defineEnvironment, parseConfig } from '@maxent/core';
import { Maze, mazeOptions, mazeTask, placeOf, ReachGoal } from '@maxent/envs';
import * as z from 'zod';
import { Ant, ant } from '../environments/ant.js';
import { loadMujoco } from '../load-mujoco.js';
import { geom, type MjcfElement } from '../mjcf/elements.js';
import { toXml } from '../mjcf/to-xml.js';
import { antModelAmong } from '../models/ant.js';

/** Half the height of walls in m: twice as high as the ant stands. */
const WALL_HALF_HEIGHT = 0.75;

/** Returns the walls of a maze as boxes that can be touched. */
function wallsOf(maze: Maze): MjcfElement[] {
  return maze.walls().map(({ center: [x, y], halfWidth, halfHeight }, i) =>
    geom({
      name: `wall_${i}`,
      type: 'box',
      pos: [x, y, WALL_HALF_HEIGHT],
      size: [halfWidth, halfHeight, WALL_HALF_HEIGHT],
      conaffinity: 1,
      rgba: [0.6, 0.6, 0.65, 1],
    }),
  );
}

/**
 * The ant of Ant-v5 in a maze, rewarded only for reaching the goal, after the mazes of Haarnoja, Hartikainen, Abbeel
 * and Levine (2018). The reward is 1000 within 2 m of the goal, which ends the episode, and otherwise 0. Observation:
 * positions (including x and y), velocities and, if there are several goals, the goal's coordinates, without contact
 * forces; 29 or 31 numbers. An episode also terminates when the torso leaves [0.2, 1] m. Walls and ant are ours: the
 * time step is 0.01 s, as in Ant-v5, where theirs was 0.02 s.
 */
export const antMaze = defineEnvironment({
  id: 'AntMaze-v0',
  description: 'Walk on four legs through a maze to a goal; only reaching it is rewarded.',
  options: z.object(mazeOptions({ goalReward: 1000, goalRadius: 2 })),
  maxEpisodeSteps: 1000,
  create: async (options) => {
    const maze = new Maze(options.map, options.cellSize);
    const task = mazeTask(maze, options, placeOf);
    const walker = new Ant(
      await loadMujoco(),
      parseConfig(ant.options, {
        forwardRewardWeight: 0,
        ctrlCostWeight: 0,
        contactCostWeight: 0,
        healthyReward: 0,
        excludeCurrentPositionsFromObservation: false,
        includeCfrcExtInObservation: false,
        model: toXml(antModelAmong(wallsOf(maze))),
      }),
    );
    return new ReachGoal(walker, task);
  },
});
