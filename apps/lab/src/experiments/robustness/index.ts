import { deepQNetwork, softDeepQNetwork } from '@maxent/agents';
import { type Agent, type AgentDefinition, Rng } from '@maxent/core';
import { gridWorldEnvironment, makeEnvironment } from '@maxent/envs';
import { lineChartSvg } from '@maxent/training/report';
import { mean } from '../../statistics.js';
import { defineExperiment } from '../experiment.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

const SEEDS = [1, 2, 3];
const EPISODES = 200;
const STEPS = 15_000;
const legend = { G: { reward: 1, terminal: true } };

/** Two equally long ways from the start to the goal. */
const OPEN = ['.....', '.###.', 'S###G', '.###.', '.....'];

/** A wall across one of the ways, so many cells from the start; and the same across the other. */
const blocked = (distance: 1 | 2 | 4): string[] => {
  const [row, column] = ({ 1: [1, 0], 2: [0, 0], 4: [0, 2] } as const)[distance];
  const upper = OPEN.map((text, i) =>
    i === row ? `${text.slice(0, column)}#${text.slice(column + 1)}` : text,
  );
  return [upper.join('/'), [...upper].reverse().join('/')];
};

/** The worlds that a policy is tested in: what is changed, and the maps and slips it is averaged over. */
const tests = [
  { name: 'as trained', maps: [OPEN.join('/')], slip: 0 },
  { name: 'blocked 1 cell away', maps: blocked(1), slip: 0 },
  { name: 'blocked 2 cells away', maps: blocked(2), slip: 0 },
  { name: 'blocked 4 cells away', maps: blocked(4), slip: 0 },
  { name: 'slippery, 0.3', maps: [OPEN.join('/')], slip: 0.3 },
] as const;

const network = {
  hiddenSizes: [64],
  learningRate: 1e-3,
  discount: 0.95,
  targetEvery: 1,
  targetRate: 0.01,
};
const learners: readonly { readonly agent: AgentDefinition; readonly config: object }[] = [
  // Some epsilon for both, so that both see the whole world.
  {
    agent: softDeepQNetwork,
    config: { ...network, temperature: 0.1, actionPrior: 'uniform', initialEpsilon: 1, finalEpsilon: 0.1 },
  },
  { agent: deepQNetwork, config: { ...network, finalEpsilon: 0.1 } },
];

interface Tested {
  readonly record: TrainingRecord;
  /** Fraction of episodes that reach the goal in time, one for each test. */
  readonly successes: readonly number[];
}

const environment = { ...gridWorldEnvironment, maxEpisodeSteps: 50 };

/** How often the policy itself, not its mode, reaches the goal. */
async function successes(agent: Agent, seed: number): Promise<number[]> {
  const root = Rng.fromSeed(seed).split('test');
  return Promise.all(
    tests.map(async ({ maps, slip }) => {
      let reached = 0;
      for (const map of maps) {
        const world = await makeEnvironment(environment, { map, slip, legend });
        const rng = root.split('action');
        for (let episode = 0; episode < EPISODES; episode++) {
          let { observation } = world.reset({ seed: root.split('start').split(episode).uint32() });
          for (;;) {
            const step = world.step(agent.act(observation, { deterministic: false, rng }));
            observation = step.observation;
            if (step.terminated) reached++;
            if (step.terminated || step.truncated) break;
          }
        }
        world.close();
      }
      return reached / (EPISODES * maps.length);
    }),
  );
}

const nameOf = (agent: AgentDefinition, seed: number): string => `${agent.name}-seed${seed}`;
/** `lab reproduce robustness`: who keeps several ways copes when one is blocked. */
export const robustness = defineExperiment<Tested>({
  description:
    'policies trained in one world and tested in changed ones: a blocked corridor, slippery ground',
  claim:
    'Of two equally good ways, the soft policy takes both, and reaches the goal by the other when one is blocked: with a ' +
    'wall right behind the fork it succeeds in at least 90 % of episodes, averaged over which way is blocked, with each ' +
    'of seeds 1 to 3. Hard Q-learning keeps one way and stands before the wall in it. That is shown, not judged: a greedy ' +
    'policy that sees no wall cannot but fail in one of the two worlds. Walls further from the fork, from which a way ' +
    'back must be found by chance, and slippery ground are shown too; nothing is claimed of them.',
  units: learners.flatMap(({ agent, config }) =>
    SEEDS.map((seed) => ({
      name: nameOf(agent, seed),
      run: async (progress: (line: string) => void) => {
        const options = { map: OPEN.join('/'), legend };
        const evaluation = { every: STEPS / 5, episodes: 10 };
        const { record, examined } = await trainAgent(
          { agent, config, environment, options, steps: STEPS, seed, evaluation },
          progress,
          (trained) => successes(trained, seed),
        );
        return { record, successes: examined };
      },
    })),
  ),
  conclude: (results) => {
    const of = (agent: AgentDefinition, test: number): number[] =>
      SEEDS.map((seed) => results.get(nameOf(agent, seed))!.successes[test]!);
    const atTheFork = tests.findIndex(({ name }) => name === 'blocked 1 cell away');
    return {
      table: tests.flatMap(({ name }, i) =>
        learners.map(({ agent }) => ({
          test: name,
          agent: agent.name,
          mean: mean(of(agent, i)),
          ...Object.fromEntries(SEEDS.map((seed, k) => [`seed ${seed}`, of(agent, i)[k]!])),
        })),
      ),
      checks: [
        {
          name: 'lowest success of soft-dqn with a wall behind the fork',
          value: Math.min(...of(softDeepQNetwork, atTheFork)),
          limit: 0.9,
          must: 'be at least',
        },
      ],
      pictures: {
        robustness: lineChartSvg({
          title: 'Episodes that reach the goal, by the distance of the wall from the fork',
          xLabel: 'cells from the start',
          series: learners.map(({ agent }) => ({
            label: agent.name,
            points: [1, 2, 4].map((x, i) => {
              const values = of(agent, atTheFork + i);
              return { x, y: mean(values), low: Math.min(...values), high: Math.max(...values) };
            }),
          })),
          width: 620,
          height: 320,
        }),
      },
    };
  },
});
