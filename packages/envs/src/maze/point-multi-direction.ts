import { defineEnvironment } from '@maxent/core';
import * as z from 'zod';
import { TransformReward } from '../wrappers/transform-reward.js';
import { PointMass } from './point-maze.js';

/**
 * The mazes' point mass on open ground, rewarded for its speed in any direction. A policy with high entropy learns to
 * move in all directions, which makes it a good low level for a higher one to steer.
 */
export const pointMultiDirection = defineEnvironment({
  id: 'PointMultiDirection-v0',
  description: 'Move a point mass on open ground; speed in any direction is rewarded.',
  options: z.object({
    speedWeight: z.number().default(1).describe('Weight of the speed in m/s.'),
  }),
  maxEpisodeSteps: 200,
  create: ({ speedWeight }) =>
    new TransformReward(
      new PointMass({ isOpen: () => true }),
      (_, { info }) => speedWeight * Math.hypot(info.xVelocity, info.yVelocity),
      { definesTask: true },
    ),
});
