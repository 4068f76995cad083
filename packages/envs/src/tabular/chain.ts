import { defineEnvironment, type TabularMdp } from '@maxent/core';
import * as z from 'zod';
import { mdpFromOutcomes } from './mdp-from-outcomes.js';
import { TabularEnvironment } from './tabular-environment.js';

const chainOptions = z.object({
  length: z.int().min(1).max(1_000_000).default(4).describe('Number of climbs from the start to the summit.'),
  successProbability: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('Probability that a climb succeeds; a failed one ends the episode without reward.'),
  prize: z.number().default(10).describe('Reward at the summit.'),
  leaveReward: z.number().default(1).describe('Reward for leaving, in any state.'),
});

/**
 * A chain along which optimism compounds. In state i, below `length`, action 0 leaves: it pays `leaveReward` and ends
 * the episode. Action 1 climbs: with `successProbability` it leads to state i + 1, otherwise the episode ends without a
 * reward. State `length` is the summit, where both actions pay `prize` and end the episode. State `length + 1` is the
 * terminal state.
 *
 * Climbing all the way returns prize * successProbability^length on average, 0.625 with the defaults, and leaving at
 * once returns 1. With a uniform action prior p and temperature 1, V_i = log(p e^leaveReward + p c_i), where the
 * variational backup has c_i = exp(successProbability V_(i+1)) and the exact posterior has c_i = successProbability
 * exp(V_(i+1)) + 1 - successProbability. It subtracts log(1 / successProbability) per climb, where the true value is
 * multiplied by successProbability.
 */
export function chain(options: z.input<typeof chainOptions> = {}): TabularMdp {
  const { length, successProbability, prize, leaveReward } = chainOptions.parse(options);
  const stateCount = length + 2;
  const end = length + 1;
  const initial = new Float64Array(stateCount);
  initial[0] = 1;
  const terminal = new Uint8Array(stateCount);
  terminal[end] = 1;
  return mdpFromOutcomes({
    stateCount,
    actionCount: 2,
    outcomes: (state, action, emit) => {
      if (state === end) emit(1, end, 0);
      else if (state === length) emit(1, end, prize);
      else if (action === 0) emit(1, end, leaveReward);
      else {
        emit(successProbability, state + 1, 0);
        emit(1 - successProbability, end, 0);
      }
    },
    initial,
    terminal,
    actionNames: ['leave', 'climb'],
  });
}

export const chainEnvironment = defineEnvironment({
  id: 'Chain-v0',
  description: 'Leave with a sure reward or climb on at a risk: along the chain, optimism compounds.',
  options: chainOptions,
  maxEpisodeSteps: null,
  create: (options) => new TabularEnvironment(chain(options)),
});
