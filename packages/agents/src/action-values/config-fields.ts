import * as z from 'zod';

/** Settings shared by the agents that learn action values; each agent's config file lists the ones it has. */

export const discountField = z
  .number()
  .min(0)
  .lt(1)
  .default(0.99)
  .describe('discount factor of future reward');

/** An exploration schedule: a uniformly random action with a probability that falls linearly. */
export const epsilonFields = {
  initialEpsilon: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('probability of a uniformly random action at the first step'),
  finalEpsilon: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('probability of a uniformly random action from step epsilonSteps on'),
  epsilonSteps: z
    .int()
    .positive()
    .default(10_000)
    .describe(
      'environment steps over which this probability moves linearly from initialEpsilon to finalEpsilon',
    ),
};

/**
 * Additional settings of soft agents. They explore by their own policy: no epsilon unless asked for. `hardAgent` is the
 * agent to use instead of temperature 0.
 */
export function softFields(hardAgent: string) {
  return {
    temperature: z
      .number()
      .positive(`expected a number above 0; for the limit of 0 use the agent "${hardAgent}"`)
      .default(0.1)
      .describe('weight of entropy relative to reward, in units of reward per nat'),
    actionPrior: z
      .enum(['none', 'uniform'])
      .default('none')
      .describe(
        '"none" rewards entropy; "uniform" charges divergence from the uniform policy, so that no step is worth taking for its entropy alone',
      ),
    initialEpsilon: epsilonFields.initialEpsilon.default(0),
    finalEpsilon: epsilonFields.finalEpsilon.default(0),
  };
}

export interface EpsilonSchedule {
  readonly initialEpsilon: number;
  readonly finalEpsilon: number;
  readonly epsilonSteps: number;
}

/** The probability of a uniformly random action after `steps` environment steps. */
export function epsilonAt(
  { initialEpsilon, finalEpsilon, epsilonSteps }: EpsilonSchedule,
  steps: number,
): number {
  const fraction = Math.min(steps / epsilonSteps, 1);
  return initialEpsilon + (finalEpsilon - initialEpsilon) * fraction;
}
