import { type SoftDeepQNetwork, softDeepQNetwork } from '@maxent/agents';
import { validateTabularMdp } from '@maxent/core';
import { gridWorld, gridWorldEnvironment } from '@maxent/envs';
import { solveTabular } from '@maxent/pgm';
import { mean } from '../../statistics.js';
import { defineExperiment } from '../experiment.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

const SEEDS = [1, 2, 3];
const TEMPERATURES = [0.1, 1];
const DISCOUNT = 0.9;
const STEPS = 500_000;
const LIMIT = 0.05;

/** Russell and Norvig's world with a start on every free cell, so that what is learned there can be asked for. */
const options = { map: 'SSSG/S#SL/SSSS', slip: 0.2 };

interface Learnt {
  readonly record: TrainingRecord;
  /** Total variation to the exact policy of each state that is not terminal. */
  readonly totalVariations: readonly number[];
}

const nameOf = (temperature: number, seed: number): string => `temperature${temperature}-seed${seed}`;

/** Half the L1 distance between the learned and the exact policy, at every state where something is decided. */
function totalVariations(agent: SoftDeepQNetwork, temperature: number): number[] {
  const mdp = gridWorld(options);
  const { terminal } = validateTabularMdp(mdp);
  const { policy } = solveTabular(mdp, { inference: 'variational', temperature, discount: DISCOUNT });
  const states = Array.from(terminal.keys()).filter((state) => terminal[state] === 0);
  return states.map((state) => {
    const exact = policy.subarray(state * mdp.actionCount, (state + 1) * mdp.actionCount);
    return agent.policy(state).reduce((sum, p, action) => sum + Math.abs(p - exact[action]!) / 2, 0);
  });
}

/** `lab reproduce gridworld-soft-q`: a network's soft policy against the exact one, state by state. */
export const gridworldSoftQ = defineExperiment<Learnt>({
  description: 'deep soft Q-learning against the exact soft policy of a slippery gridworld',
  claim:
    'Deep soft Q-learning finds the exact soft policy of a slippery gridworld: total variation at most 0.05 at every ' +
    'reachable state that is not terminal, at temperatures 0.1 and 1, with each of seeds 1 to 3.',
  units: TEMPERATURES.flatMap((temperature) =>
    SEEDS.map((seed) => ({
      name: nameOf(temperature, seed),
      run: async (progress: (line: string) => void) => {
        const { record, examined } = await trainAgent(
          {
            agent: softDeepQNetwork,
            config: {
              temperature,
              discount: DISCOUNT,
              hiddenSizes: [64],
              batchSize: 256,
              learningRate: 5e-5,
              // Where successors are drawn by chance, a policy this exact takes many transitions.
              trainEvery: 5,
              replayCapacity: STEPS,
              // The mean of noisy targets is asked for, which the Huber loss does not give.
              loss: 'squared',
              targetEvery: 1,
              targetRate: 0.005,
              // Uniformly random actions, so that poor ones are known as well as good ones.
              initialEpsilon: 1,
              finalEpsilon: 1,
            },
            // Warm policies need not end an episode.
            environment: { ...gridWorldEnvironment, maxEpisodeSteps: 50 },
            options,
            steps: STEPS,
            seed,
            evaluation: { every: STEPS / 4, episodes: 10 },
          },
          progress,
          (agent) => totalVariations(agent as SoftDeepQNetwork, temperature),
        );
        return { record, totalVariations: examined };
      },
    })),
  ),
  conclude: (results) => {
    const worst = (temperature: number, seed: number): number =>
      Math.max(...results.get(nameOf(temperature, seed))!.totalVariations);
    return {
      table: TEMPERATURES.flatMap((temperature) =>
        SEEDS.map((seed) => {
          const { totalVariations: all } = results.get(nameOf(temperature, seed))!;
          return { temperature, seed, states: all.length, mean: mean(all), worst: worst(temperature, seed) };
        }),
      ),
      checks: TEMPERATURES.map((temperature) => ({
        name: `worst total variation at temperature ${temperature}`,
        value: Math.max(...SEEDS.map((seed) => worst(temperature, seed))),
        limit: LIMIT,
        must: 'be at most',
      })),
      pictures: {},
    };
  },
});
