import * as z from 'zod';

/** When an agent that learns from replay takes its gradient steps. */
export const updateScheduleFields = {
  learningStarts: z
    .int()
    .nonnegative()
    .default(1000)
    .describe('environment steps with uniformly random actions before learning starts'),
  trainEvery: z
    .int()
    .positive()
    .default(1)
    .describe('environment steps between two rounds of gradient steps'),
  gradientSteps: z.int().positive().default(1).describe('gradient steps per round'),
};

export type UpdateSchedule = { readonly [Field in keyof typeof updateScheduleFields]: number };

/** Number of gradient steps due after `observed` environment steps. */
export function gradientStepsDue(
  { learningStarts, trainEvery, gradientSteps }: UpdateSchedule,
  observed: number,
): number {
  return observed > learningStarts && observed % trainEvery === 0 ? gradientSteps : 0;
}
