import * as z from 'zod';

/** Configuration that the agents which learn values of actions share; each file of them says which it has. */

export const discountField = z
  .number()
  .min(0)
  .lt(1)
  .default(0.99)
  .describe('discount factor of future reward');

/** An exploration schedule: uniform actions with a probability that falls linearly. */
export const epsilonFields = {
  initialEpsilon: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('probability of a uniformly random action at the first step'),
  finalEpsilon: z.number().min(0).max(1).default(0.05).describe('that probability from step epsilonSteps on'),
  epsilonSteps: z
    .int()
    .positive()
    .default(10_000)
    .describe('environment steps over which it moves, linearly, from the one to the other'),
};

/**
 * What soft agents have besides. They explore by their own policy: no epsilon unless asked for. `hardAgent` is what to
 * use in place of temperature 0.
 */
export function softFields(hardAgent: string) {
  return {
    temperature: z
      .number()
      .positive(`expected a number above 0; for the limit of 0 use the agent "${hardAgent}"`)
      .default(0.1)
      .describe('weight of entropy against reward, in units of reward per nat'),
    actionPrior: z
      .enum(['none', 'uniform'])
      .default('none')
      .describe(
        '"none" rewards entropy, "uniform" charges divergence from the uniform policy, which never makes a step worth taking for its own sake',
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
