import type { TaskSplit, TaskSplitOptions } from '@maxent/core';
import { drawTasks, repeatTasks } from '@maxent/envs';
import * as z from 'zod';

/** A direction on the ground to go to, as an angle from positive x in rad. */
export type AngleTask = { readonly angle: number };

/** The directions of a family. */
export type Directions = 'forward-backward' | 'uniform';

export function directionsOption(directions: Directions) {
  return z
    .enum(['forward-backward', 'uniform'])
    .default(directions)
    .describe('Two tasks, along x and against it, or directions uniform on the circle.');
}

export function splitAngles(options: TaskSplitOptions, directions: Directions): TaskSplit<AngleTask> {
  if (directions === 'forward-backward') return repeatTasks(options, [{ angle: 0 }, { angle: Math.PI }]);
  return drawTasks(options, (rng) => ({ angle: rng.uniform(0, 2 * Math.PI) }));
}

/** Returns the direction as a unit vector, in which angles just above 0 and just below 2 pi are close. */
export function unitVector({ angle }: AngleTask): readonly [number, number] {
  return [Math.cos(angle), Math.sin(angle)];
}

type Velocity = Readonly<Record<'xVelocity' | 'yVelocity', number>>;

/** Returns a function that takes the info of a step and returns the velocity in the direction of the task. */
export function velocityAlong(task: AngleTask): (info: Velocity) => number {
  const [x, y] = unitVector(task);
  return ({ xVelocity, yVelocity }) => x * xVelocity + y * yVelocity;
}
