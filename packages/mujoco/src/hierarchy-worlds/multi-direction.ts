import { defineEnvironment } from '@maxent/core';
import * as z from 'zod';
import { TaskReward } from '../task-families/task-reward.js';
import { ANT, type GroundInfo, HUMANOID, SWIMMER, type Walker } from './walkers.js';

/**
 * Move fast in whatever direction: the speed along the ground is the reward, besides the robot's own terms (Haarnoja et
 * al. 2018). A policy of high entropy learns to move in all directions, which makes it a low level to steer.
 */
function multiDirection<Name extends string, StepInfo extends GroundInfo>(walker: Walker<Name, StepInfo>) {
  return defineEnvironment({
    id: `${walker.name}MultiDirection-v0`,
    description: `Paid for speed in any direction: ${walker.description}.`,
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
