import { normalizationFields, updateScheduleFields } from '@maxent/agents';
import * as z from 'zod';

/** Hyperparameters of DIAYN. Defaults are the authors', where their code has the setting. */
export const diaynConfig = z
  .object({
    skills: z
      .int()
      .min(2)
      .default(50)
      .describe('number of skills; each episode of training follows one, drawn uniformly'),
    evaluationSkill: z
      .int()
      .nonnegative()
      .default(0)
      .describe('skill that evaluations follow, counted from 0'),
    hiddenSizes: z
      .array(z.int().positive())
      .min(1)
      .default([300, 300])
      .describe('widths of the hidden layers of actor, critics and discriminator'),
    batchSize: z.int().positive().default(128).describe('transitions per gradient step'),
    learningRate: z.number().positive().default(3e-4).describe('step size of Adam for every network'),
    discount: z.number().min(0).lt(1).default(0.99).describe('discount factor of future reward and entropy'),
    targetRate: z
      .number()
      .positive()
      .max(1)
      .default(0.01)
      .describe('fraction of the way that target critics move toward the critics after each gradient step'),
    temperature: z
      .number()
      .positive()
      .default(0.1)
      .describe('weight of entropy relative to the reward, which is at most log(skills)'),
    discriminatorSees: z
      .array(z.int().nonnegative())
      .min(1)
      .nullable()
      .default(null)
      .describe('entries of the flat observation by which skills must differ, counted from 0; null for all'),
    payForStaying: z
      .boolean()
      .default(true)
      .describe(
        'reward log q(z | s) + log(skills), as the objective says; false leaves out log(skills), so that ending an episode early costs nothing',
      ),
    replayCapacity: z.int().positive().default(1_000_000).describe('number of transitions kept for replay'),
    ...updateScheduleFields,
    ...normalizationFields,
  })
  .refine(({ evaluationSkill, skills }) => evaluationSkill < skills, {
    error: 'expected a number below skills: skills are counted from 0',
    path: ['evaluationSkill'],
  });

export type DiaynConfig = z.output<typeof diaynConfig>;
