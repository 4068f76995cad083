// An agent that sees the exact belief next to the state needs no memory: what it learns is the Bayes-adaptive value.
import { Discrete, parseConfig, Rng } from '@maxent/core';
import { miniNavi, noisyLine } from '@maxent/envs';
import { bayesAdaptiveMdp } from '@maxent/pgm';
import { expect, it } from 'vitest';
import { softQLearningConfig } from './config.js';
import { SoftQLearning } from './tabular-q-learning.js';
import { trainOnUniformPairs } from './train-on-uniform-pairs.js';

it.each([
  ['MiniNavi', miniNavi(), 6, 0.1, 2.956615],
  ['MiniNavi', miniNavi(), 6, 1, 9.47191],
  ['the noisy line', noisyLine(), 4, 0.1, 1.678508],
])(
  'tabular soft Q-learning finds the value of an unknown task: %s, %#',
  (_, family, steps, temperature, exact) => {
    const process = bayesAdaptiveMdp(family, { steps });
    const { stateCount, actionCount } = process;
    const agent = new SoftQLearning(
      {
        observationSpace: new Discrete(stateCount),
        actionSpace: new Discrete(actionCount),
        rng: Rng.fromSeed(1),
      },
      parseConfig(softQLearningConfig, { temperature, discount: 1 - 1e-9, stepSize: 'polynomial' }),
    );
    trainOnUniformPairs(agent, process, { steps: 1000 * stateCount * actionCount, rng: Rng.fromSeed(2) });
    const Q = agent.actionValues();
    let value = 0;
    process.initial.forEach((probability, state) => {
      if (probability === 0) return;
      const row = Array.from({ length: actionCount }, (__, action) => Q[state * actionCount + action]!);
      const top = Math.max(...row);
      const sum = row.reduce((total, q) => total + Math.exp((q - top) / temperature), 0);
      value += probability * (top + temperature * Math.log(sum));
    });
    expect(Math.abs(value - exact)).toBeLessThan(0.02 * exact);
  },
);
