import { defineEnvironment } from '@maxent/core';
import * as z from 'zod';
import { TaskReward } from '../task-families/task-reward.js';
import { ANT, type GroundInfo, HUMANOID, SWIMMER, type Walker } from './walkers.js';

/**
 * Move fast in any direction: the reward is the speed along the ground plus the robot's own terms (Haarnoja et al.
 * 2018). A policy with high entropy learns to move in all directions, which makes it a good low level for a higher one
 * to steer.
 */
function multiDirection<Name extends string, StepInfo extends GroundInfo>(walker: Walker<Name, StepInfo>) {
  return defineEnvironment({
    id: `${walker.name}MultiDirection-v0`,
    description: `Rewarded for speed in any direction: ${walker.description}.`,
    options: z.object({
      speedWeight: z.number().default(1).describe('Weight of the speed along the ground in m/s.'),
    }),
    maxEpisodeSteps: 1000,
    create: async ({ speedWeight }) =>
      new TaskReward(
        await walker.make(),
        ({ xVelocity, yVelocity }) => speedWeight * Math.hypot(xVelocity, yVelocity),
      ),
  });
}

export const swimmerMultiDirection = multiDirection(SWIMMER);
export const antMultiDirection = multiDirection(ANT);
export const humanoidMultiDirection = multiDirection(HUMANOID);
