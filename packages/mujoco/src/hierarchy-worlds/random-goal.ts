import { defineEnvironment } from '@maxent/core';
import { placeOf, ReachGoal } from '@maxent/envs';
import * as z from 'zod';
import { ANT, type GroundInfo, HUMANOID, SWIMMER, type Walker } from './walkers.js';

/** Weight of the progress to the goal, in units of m. */
const PROGRESS_WEIGHT = 0.3;

interface GoalCircle {
  /** The distance of goals from the start in m. */
  readonly radius: number;
  /** The largest angle between a goal and positive x, to either side, in rad. */
  readonly angle: number;
}

/**
 * Move to a goal on a circle around the start, drawn again in every episode (Haarnoja et al. 2018). The reward is 0.3
 * times how much nearer the goal is than at the start, plus the robot's own terms. The goal's coordinates follow the
 * robot's observation.
 */
function randomGoal<Name extends string, StepInfo extends GroundInfo>(
  walker: Walker<Name, StepInfo>,
  circle: GoalCircle,
) {
  return defineEnvironment({
    id: `${walker.name}RandomGoal-v0`,
    description: `Rewarded for nearness to a random goal: ${walker.description}.`,
    options: z.object({
      goalDistance: z
        .number()
        .positive()
        .default(circle.radius)
        .describe('Distance of goals from the start in m.'),
      goalAngle: z
        .number()
        .min(0)
        .max(Math.PI)
        .default(circle.angle)
        .describe('Largest angle of a goal from positive x, to either side, in rad.'),
      goalRadius: z
        .number()
        .positive()
        .default(0.5)
        .describe('Distance in m within which the goal counts as reached.'),
      terminateAtGoal: z.boolean().default(false).describe('Whether reaching the goal ends the episode.'),
    }),
    maxEpisodeSteps: 1000,
    create: async ({ goalDistance, goalAngle, ...end }) =>
      new ReachGoal(await walker.make(), {
        ...end,
        placeOf,
        drawGoal: (rng) => {
          const angle = rng.uniform(-goalAngle, goalAngle);
          return [goalDistance * Math.cos(angle), goalDistance * Math.sin(angle)];
        },
        rewardOf: ({ to, goal }) =>
          PROGRESS_WEIGHT * (goalDistance - Math.hypot(to[0] - goal[0], to[1] - goal[1])),
        observeGoal: true,
      }),
  });
}

export const swimmerRandomGoal = randomGoal(SWIMMER, { radius: 5, angle: Math.PI / 4 });
export const antRandomGoal = randomGoal(ANT, { radius: 25, angle: Math.PI });
export const humanoidRandomGoal = randomGoal(HUMANOID, { radius: 5, angle: Math.PI });
