import {
  QLearning,
  qLearningConfig,
  SoftQLearning,
  softQLearningConfig,
  trainOnUniformPairs,
} from '@maxent/agents';
import { Discrete, parseConfig, Rng } from '@maxent/core';
import { gridWorld } from '@maxent/envs';
import { expectedReturn, solveTabular } from '@maxent/pgm';
import { lineChartSvg } from '@maxent/training/report';
import { mean } from '../../statistics.js';
import { defineExperiment } from '../experiment.js';

const SEEDS = [1, 2, 3];
const DISCOUNT = 0.95;
/** Half decades from 0.001 to 10. */
const TEMPERATURES = Array.from({ length: 9 }, (_, i) => 10 ** (i / 2 - 3));
const STEPS = 1_000_000;

const mdp = gridWorld({ slip: 0.2 });
const spaces = {
  observationSpace: new Discrete(mdp.stateCount),
  actionSpace: new Discrete(mdp.actionCount),
};

interface Learnt {
  /** Discounted return of the learned policy on the true dynamics, rewards alone, one for each temperature. */
  readonly returns: readonly number[];
  /** That of hard Q-learning. */
  readonly hardReturn: number;
}

function learn(agent: QLearning | SoftQLearning, seed: number): number {
  trainOnUniformPairs(agent, mdp, { steps: STEPS, rng: Rng.fromSeed(seed).split('pairs') });
  const rows = Array.from({ length: mdp.stateCount }, (_, state) => [...agent.policy(state)]);
  return expectedReturn(mdp, Float64Array.from(rows.flat()), { horizon: null, discount: DISCOUNT });
}

/** Half the L1 distance. */
function variationToUniform(policy: Float64Array, state: number): number {
  const { actionCount } = mdp;
  return policy
    .subarray(state * actionCount, (state + 1) * actionCount)
    .reduce((sum, p) => sum + Math.abs(p - 1 / actionCount) / 2, 0);
}

/** Values and returns of the exact solutions at each temperature, and of the hard one. */
function solveAll() {
  const hard = solveTabular(mdp, { inference: 'hard', discount: DISCOUNT });
  const returnOf = (policy: Float64Array): number =>
    expectedReturn(mdp, policy, { horizon: null, discount: DISCOUNT });
  const soft = TEMPERATURES.map((temperature) => {
    const options = { inference: 'variational', temperature, discount: DISCOUNT } as const;
    const entropy = solveTabular(mdp, options);
    const divergence = solveTabular(mdp, { ...options, actionPrior: 'uniform' });
    return {
      temperature,
      entropyForm: entropy.startValue,
      divergenceForm: divergence.startValue,
      returned: returnOf(divergence.policy),
      /** Of the KL form's policy to the uniform one, at the worst state. */
      variationToUniform: Math.max(
        ...Array.from({ length: mdp.stateCount }, (_, state) => variationToUniform(divergence.policy, state)),
      ),
      /** max_s V(s) - V_hard(s), which is at least 0 and at most temperature log |A| / (1 - discount). */
      largestGap: Math.max(...entropy.V.map((value, state) => value - hard.V[state]!)),
      smallestGap: Math.min(...entropy.V.map((value, state) => value - hard.V[state]!)),
    };
  });
  return { soft, hardValue: hard.startValue, hardReturn: returnOf(hard.policy) };
}

/** `lab reproduce temperature`: the soft backup between the hard one and none at all. */
export const temperature = defineExperiment<Learnt>({
  description: 'soft and hard Bellman backups against each other over temperature',
  claim:
    'The soft backup exceeds the hard one by at most temperature log |A| / (1 - discount) and tends to it as the ' +
    'temperature falls; where divergence from the uniform policy is charged, the policy goes from the best one, which ' +
    'earns at most that much more, to the uniform one, from which it is within a total variation of 0.05 at temperature ' +
    '10. Q-learning and soft Q-learning on samples find what the exact backups say: returns within 0.02 at every ' +
    'temperature, with each of seeds 1 to 3.',
  units: SEEDS.map((seed) => ({
    name: `seed${seed}`,
    run: async (progress) => {
      const context = { ...spaces, rng: Rng.fromSeed(seed).split('agent') };
      const returns = TEMPERATURES.map((temperature) => {
        const settings = { temperature, discount: DISCOUNT, actionPrior: 'uniform' } as const;
        const returned = learn(new SoftQLearning(context, parseConfig(softQLearningConfig, settings)), seed);
        progress(`temperature ${temperature.toPrecision(3)}: return ${returned.toFixed(4)}`);
        return returned;
      });
      const hardReturn = learn(
        new QLearning(context, parseConfig(qLearningConfig, { discount: DISCOUNT })),
        seed,
      );
      return { returns, hardReturn };
    },
  })),
  conclude: (results) => {
    const { soft, hardValue, hardReturn } = solveAll();
    const learned = (i: number): number[] => SEEDS.map((seed) => results.get(`seed${seed}`)!.returns[i]!);
    const bound = (temperature: number): number => (temperature * Math.log(mdp.actionCount)) / (1 - DISCOUNT);
    const log = (temperature: number): number => Math.log10(temperature);
    const line = (label: string, y: (i: number) => number) => ({
      label,
      points: soft.map((one, i) => ({ x: log(one.temperature), y: y(i) })),
    });
    return {
      table: soft.map((one, i) => ({
        temperature: one.temperature,
        'V, entropy form': one.entropyForm,
        'V, KL form': one.divergenceForm,
        'V, hard': hardValue,
        'return, exact': one.returned,
        'return, learned (worst seed)': Math.min(...learned(i)),
        'return, hard': hardReturn,
      })),
      checks: [
        {
          name: 'smallest excess of the soft value over the hard one, over states and temperatures',
          value: Math.min(...soft.map(({ smallestGap }) => smallestGap)),
          limit: 0,
          must: 'be at least',
        },
        {
          name: 'largest excess as a fraction of temperature log |A| / (1 - discount)',
          value: Math.max(...soft.map((one) => one.largestGap / bound(one.temperature))),
          limit: 1,
          must: 'be at most',
        },
        {
          name: 'return that the soft policy loses to the best one at the lowest temperature',
          value: hardReturn - soft[0]!.returned,
          limit: bound(TEMPERATURES[0]!),
          must: 'be at most',
        },
        {
          name: 'largest total variation of the soft policy to the uniform one at the highest temperature, over states',
          value: soft.at(-1)!.variationToUniform,
          limit: 0.05,
          must: 'be at most',
        },
        {
          name: 'largest difference between the return of a learned and of the exact policy',
          value: Math.max(
            ...soft.flatMap(({ returned }, i) => learned(i).map((value) => Math.abs(value - returned))),
            ...SEEDS.map((seed) => Math.abs(results.get(`seed${seed}`)!.hardReturn - hardReturn)),
          ),
          limit: 0.02,
          must: 'be at most',
        },
      ],
      pictures: {
        values: lineChartSvg({
          title: 'Value of the start: soft and hard backups',
          xLabel: 'log10 of the temperature',
          series: [
            line('KL form', (i) => soft[i]!.divergenceForm),
            line('return of its policy', (i) => soft[i]!.returned),
            line('learned, mean of seeds', (i) => mean(learned(i))),
            line('hard', () => hardValue),
          ],
          width: 720,
          height: 340,
        }),
      },
    };
  },
});
