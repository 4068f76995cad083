import { softActorCriticConfig } from '@maxent/agents';
import * as z from 'zod';

const steps = (fallback: number) => z.int().nonnegative().default(fallback);

/** Hyperparameters of PEARL: soft actor-critic's, the encoder's, and how data is collected. */
export const pearlConfig = softActorCriticConfig
  .omit({
    ...{ learningStarts: true, trainEvery: true, gradientSteps: true, rewardScaling: true },
    // Not offered for Discrete actions.
    criticLayerNormalization: true,
    // Its replay is one of its own.
    nStep: true,
    // The encoder has an optimizer of its own.
    ...{ learningRateSchedule: true, scheduleSteps: true, finalLearningRate: true },
  })
  .extend({
    taskInput: z
      .enum(['inferred', 'told', 'none'])
      .default('inferred')
      .describe(
        'what the networks see of the task: a latent inferred from experience, the task descriptor (an oracle), or nothing (task-blind)',
      ),
    latentSize: z.int().positive().default(5).describe('size of the latent task variable'),
    encoder: z
      .enum(['product', 'attention'])
      .default('product')
      .describe('how transitions become a belief: a product of Gaussian factors, or attention over them'),
    encoderHiddenSizes: z
      .array(z.int().positive())
      .min(1)
      .default([200, 200, 200])
      .describe('widths of the hidden layers of the context encoder'),
    encoderLearningRate: z.number().positive().default(3e-4).describe("step size of the encoder's Adam"),
    klWeight: z
      .number()
      .nonnegative()
      .default(0.1)
      .describe(
        'weight of the KL divergence of beliefs from the prior, summed over the tasks of a gradient step',
      ),
    includePrior: z
      .boolean()
      .default(false)
      .describe('make the prior a factor of the product, instead of using it only in the KL divergence'),
    nextObservationInContext: z
      .boolean()
      .default(false)
      .describe('also infer from next observations: needed if tasks differ in their dynamics'),
    contextReward: z
      .string()
      .nullable()
      .default(null)
      .describe(
        "entry of a step's info from which the task is inferred instead of the reward, such as rewardSparse",
      ),
    contextSource: z
      .enum(['recent', 'all'])
      .default('recent')
      .describe('experience that contexts are drawn from: the last visit to the task, or all of it'),
    metaBatchSize: z.int().positive().default(16).describe('tasks per gradient step'),
    batchSize: z.int().positive().default(256).describe('transitions of each task per gradient step'),
    contextSize: z
      .int()
      .positive()
      .default(256)
      .describe('transitions from which each task is inferred in a gradient step'),
    initialSteps: z
      .int()
      .positive()
      .default(2000)
      .describe('steps collected in every train task before learning starts'),
    initialActions: z
      .enum(['policy', 'held'])
      .default('policy')
      .describe(
        'how initial steps act: by the untrained policy, or by one random action held for the whole episode, which goes further',
      ),
    tasksPerIteration: z.int().positive().default(5).describe('train tasks visited per iteration'),
    priorSteps: z
      .int()
      .positive()
      .default(400)
      .describe('steps of a visit that act on a draw from the prior, a new one for each episode'),
    posteriorSteps: steps(0).describe(
      'steps of a visit after the prior steps; they act on the belief so far',
    ),
    extraSteps: steps(600).describe(
      'steps of a visit after the posterior steps; they act on the belief and are for the critics only',
    ),
    updatesPerIteration: z
      .int()
      .positive()
      .default(2000)
      .describe('gradient steps per iteration, spread evenly over its environment steps'),
    policyRegularization: z
      .number()
      .nonnegative()
      .default(0)
      .describe("weight of the policy's mean(mean^2) + mean((log std)^2) in the actor's loss"),
    replayCapacity: z
      .int()
      .positive()
      .default(100_000)
      .describe('number of transitions kept for each train task'),
    trainTasks: z.int().positive().default(100).describe('number of tasks to learn from'),
    testTasks: z.int().positive().default(30).describe('number of tasks to evaluate on'),
    explorationEpisodes: steps(2).describe(
      'episodes at the beginning of an evaluation that act on the prior',
    ),
  });

export type PearlConfig = z.output<typeof pearlConfig>;
