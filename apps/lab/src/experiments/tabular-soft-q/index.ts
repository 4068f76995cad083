import { SoftQLearning, softQLearningConfig, trainOnUniformPairs } from '@maxent/agents';
import { Discrete, parseConfig, Rng, type TabularMdp } from '@maxent/core';
import { frozenLake, randomMdp } from '@maxent/envs';
import { solveTabular } from '@maxent/pgm';
import { defineExperiment } from '../experiment.js';

interface World {
  readonly name: string;
  readonly make: () => TabularMdp;
  readonly steps: number;
}

const DISCOUNT = 0.99;
const TEMPERATURES = [0.01, 0.1, 1, 10];
const LIMIT = 0.01;
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);

const worlds: readonly World[] = [
  ...SEEDS.map((seed) => ({
    name: `random-mdp${seed}`,
    make: () => randomMdp(Rng.fromSeed(seed).split('mdp'), { stateCount: 10, actionCount: 4 }),
    steps: 2_000_000,
  })),
  // Its values hang on rare successes, which take many more samples to average.
  { name: 'frozen-lake', make: () => frozenLake(), steps: 100_000_000 },
];

interface Learnt {
  /** max |Q - Q*| / max |Q*|, one for each temperature. */
  readonly errors: readonly number[];
  readonly largest: readonly number[];
}

function learn(world: World, temperature: number): { error: number; largest: number } {
  const mdp = world.make();
  const agent = new SoftQLearning(
    {
      observationSpace: new Discrete(mdp.stateCount),
      actionSpace: new Discrete(mdp.actionCount),
      rng: Rng.fromSeed(1),
    },
    parseConfig(softQLearningConfig, { temperature, discount: DISCOUNT, stepSize: 'rescaled-linear' }),
  );
  trainOnUniformPairs(agent, mdp, { steps: world.steps, rng: Rng.fromSeed(2) });
  const exact = solveTabular(mdp, { inference: 'variational', temperature, discount: DISCOUNT });
  const largest = Math.max(...exact.Q.map(Math.abs));
  const error = Math.max(...agent.actionValues().map((value, i) => Math.abs(value - exact.Q[i]!)));
  return { error: error / largest, largest };
}

/** `lab reproduce tabular-soft-q`: from single transitions to the exact soft Q-function. */
export const tabularSoftQ = defineExperiment<Learnt>({
  description: 'tabular soft Q-learning against exact soft Q-functions of 20 random processes and FrozenLake',
  claim:
    'Soft Q-learning on transitions of pairs (s, a) drawn uniformly, with steps 1 / (1 + (1 - discount) n(s, a)) at ' +
    'discount 0.99, reaches the exact soft Q-function: sup-norm error at most 1 % of max |Q*| at temperatures 0.01 to 10.',
  units: worlds.map((world) => ({
    name: world.name,
    run: async (progress) => {
      const learned = TEMPERATURES.map((temperature) => {
        const result = learn(world, temperature);
        progress(`temperature ${temperature}: error ${(100 * result.error).toFixed(3)} % of max |Q*|`);
        return result;
      });
      return { errors: learned.map(({ error }) => error), largest: learned.map(({ largest }) => largest) };
    },
  })),
  conclude: (results) => ({
    table: worlds.map(({ name, steps }) => {
      const { errors } = results.get(name)!;
      const cells = TEMPERATURES.map((temperature, i) => [`error at ${temperature}, %`, 100 * errors[i]!]);
      return { world: name, steps, ...Object.fromEntries(cells) };
    }),
    checks: TEMPERATURES.map((temperature, i) => ({
      name: `worst relative sup-norm error at temperature ${temperature}`,
      value: Math.max(...worlds.map(({ name }) => results.get(name)!.errors[i]!)),
      limit: LIMIT,
      must: 'be at most',
    })),
    pictures: {},
  }),
});
