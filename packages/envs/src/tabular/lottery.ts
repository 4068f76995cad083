import { defineEnvironment, type TabularMdp } from '@maxent/core';
import * as z from 'zod';
import { mdpFromOutcomes } from './mdp-from-outcomes.js';
import { TabularEnvironment } from './tabular-environment.js';

const CHOICE = 0;
const SAFE = 1;
const WON = 2;
const LOST = 3;
const END = 4;

const lotteryOptions = z.object({
  safeReward: z.number().default(1).describe('Reward for the safe choice.'),
  prize: z.number().default(5).describe('Reward for a won gamble; a lost one pays 0.'),
  winProbability: z.number().min(0).max(1).default(0.1).describe('Probability that the gamble is won.'),
});

/**
 * The smallest world in which the exact posterior is optimistic. In state 0, action 0 leads to state 1, which pays
 * `safeReward`. Action 1 leads with `winProbability` to state 2, which pays `prize`, and otherwise to state 3, which
 * pays nothing. Every action in states 1 to 3 pays that state's reward and leads to the terminal state 4.
 *
 * With the defaults, a uniform action prior, temperature 1 and no discount, the variational backup has Q(0) = (1, 0.5)
 * and gambles with probability 0.378, because it keeps the true dynamics. The exact posterior has Q(0) = (1, log(0.1
 * e^5 + 0.9)) = (1, 2.756) and gambles with probability 0.853, as if wishing could change the odds.
 */
export function lottery(options: z.input<typeof lotteryOptions> = {}): TabularMdp {
  const { safeReward, prize, winProbability } = lotteryOptions.parse(options);
  const payments = [0, safeReward, prize, 0, 0];
  return mdpFromOutcomes({
    stateCount: 5,
    actionCount: 2,
    outcomes: (state, action, emit) => {
      if (state !== CHOICE) {
        emit(1, END, payments[state]!);
      } else if (action === 0) {
        emit(1, SAFE, 0);
      } else {
        emit(winProbability, WON, 0);
        emit(1 - winProbability, LOST, 0);
      }
    },
    initial: Float64Array.of(1, 0, 0, 0, 0),
    terminal: Uint8Array.of(0, 0, 0, 0, 1),
    actionNames: ['keep', 'gamble'],
  });
}

export const lotteryEnvironment = defineEnvironment({
  id: 'Lottery-v0',
  description: 'Choose between a sure reward and a gamble; the exact posterior is optimistic about the odds.',
  options: lotteryOptions,
  maxEpisodeSteps: null,
  create: (options) => new TabularEnvironment(lottery(options)),
});
