import type { LearningRateSchedule } from '@maxent/nn';
import * as z from 'zod';

/** How an agent's step sizes fall over training. */
export const learningRateFields = {
  learningRateSchedule: z
    .enum(['constant', 'linear', 'cosine'])
    .default('constant')
    .describe('how all step sizes fall: not at all, or over scheduleSteps gradient steps'),
  scheduleSteps: z
    .int()
    .positive()
    .default(1_000_000)
    .describe('gradient steps of a linear or cosine schedule; step sizes then stay at their last value'),
  finalLearningRate: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('last value of step sizes in a linear or cosine schedule, as a fraction of the first'),
};

export type LearningRateConfig = z.output<z.ZodObject<typeof learningRateFields>>;

/** The schedule for an optimizer that takes one step per gradient step of the agent. */
export function scheduleOf({
  learningRateSchedule = 'constant',
  scheduleSteps = 1,
  finalLearningRate = 0,
}: Partial<LearningRateConfig>): LearningRateSchedule {
  return { kind: learningRateSchedule, steps: scheduleSteps, final: finalLearningRate };
}
