import { defineEnvironment } from '@maxent/core';
import * as z from 'zod';
import { TransformReward } from '../wrappers/transform-reward.js';
import { PointMass } from './point-maze.js';

/**
 * The point mass of the mazes on open ground, paid for its speed in whatever direction. A policy of high entropy learns to
 * move in all directions, which makes it a low level to steer.
 */
export const pointMultiDirection = defineEnvironment({
  id: 'PointMultiDirection-v0',
  description: 'Paid for speed in any direction: move a point mass on open ground.',
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
