import { continuousSoftQLearning, deepQNetwork, softActorCritic, softDeepQNetwork } from '@maxent/agents';
import type { AgentDefinition, EnvironmentDefinition } from '@maxent/core';
import { makeEnvironment, multiGoal } from '@maxent/envs';
import { compassMultiGoal, compassNetwork, compassOptions } from '../compass.js';
import { defineExperiment } from '../experiment.js';
import { followPaths, type GoalPaths, goalsCovered, pathsSvg } from '../goal-paths.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

interface Learner {
  readonly label: string;
  readonly agent: AgentDefinition;
  readonly config: object;
  readonly environment: EnvironmentDefinition;
  readonly options: object;
  readonly steps: number;
}

const SEEDS = [1, 2, 3, 4, 5];
const PATHS = 200;
const ALL_GOALS = 4;
/** Number of seeds with which a soft policy must reach all goals. */
const ENOUGH = 4;

/**
 * SAC by default, with a learned temperature, in a world where steps cost little, so that their direction matters: a
 * walk in small steps spreads by its noise alone.
 */
const LONG_STEPS = 'sac-long-steps';

const compassLearner = { ...compassNetwork, learningStarts: 500 };

const learners: readonly Learner[] = [
  {
    label: 'sql',
    agent: continuousSoftQLearning,
    config: {},
    environment: multiGoal,
    options: {},
    steps: 15_000,
  },
  {
    label: 'sac',
    agent: softActorCritic,
    // The same rewards against the same entropy as soft Q-learning has them.
    config: { hiddenSizes: [128, 128], batchSize: 64, rewardScale: 0.1, temperature: 1, learningStarts: 100 },
    environment: multiGoal,
    options: {},
    steps: 15_000,
  },
  {
    label: LONG_STEPS,
    agent: softActorCritic,
    config: { hiddenSizes: [128, 128], batchSize: 64, learningStarts: 500 },
    environment: multiGoal,
    options: compassOptions,
    steps: 15_000,
  },
  {
    label: 'soft-dqn',
    agent: softDeepQNetwork,
    config: { ...compassLearner, temperature: 1, actionPrior: 'uniform' },
    environment: compassMultiGoal,
    options: compassOptions,
    steps: 20_000,
  },
  {
    label: 'dqn',
    agent: deepQNetwork,
    config: { ...compassLearner, epsilonSteps: 10_000 },
    environment: compassMultiGoal,
    options: compassOptions,
    steps: 20_000,
  },
];

interface Explored {
  readonly record: TrainingRecord;
  readonly paths: GoalPaths;
}

const nameOf = (label: string, seed: number): string => `${label}-seed${seed}`;

/** `lab reproduce exploration`: a policy of maximum entropy keeps every way that is good. */
export const exploration = defineExperiment<Explored>({
  description: 'four equal goals: which agents keep going to all of them',
  claim:
    'Among four equally good goals a soft policy goes to all, each with at least 5 % of 200 paths from the very center, ' +
    'with at least 4 of seeds 1 to 5: continuous soft Q-learning in small steps, deep soft Q-learning in long ones in ' +
    'eight directions. Hard Q-learning, told from the latter by backup, policy and exploration, keeps one; that is shown, ' +
    'not judged, since a greedy policy has a single path from one place in a world without noise. SAC, of one mode at ' +
    'every place, never keeps all four in long steps at the temperature it learns; in small steps, with the rewards and ' +
    'the temperature of continuous soft Q-learning, its noise can carry it to all: reported. Small and long steps are ' +
    'two worlds, which are not compared with each other.',
  units: learners.flatMap((learner) =>
    SEEDS.map((seed) => ({
      name: nameOf(learner.label, seed),
      run: async (progress: (line: string) => void) => {
        const { agent, config, environment, options, steps } = learner;
        const evaluation = { every: steps / 5, episodes: 10 };
        const plan = { agent, config, environment, options, steps, seed, evaluation };
        const { record, examined } = await trainAgent(plan, progress, async (trained) => {
          // From the very center: which way a path takes is the policy's choice, not the start's.
          const world = await makeEnvironment(environment, { ...options, startDeviation: 0 });
          try {
            return followPaths(trained, world, PATHS, seed);
          } finally {
            world.close();
          }
        });
        return { record, paths: examined };
      },
    })),
  ),
  conclude: (results) => {
    const pathsOf = (label: string, seed: number): GoalPaths => results.get(nameOf(label, seed))!.paths;
    const covering = (label: string): number =>
      SEEDS.filter((seed) => goalsCovered(pathsOf(label, seed)) === ALL_GOALS).length;
    return {
      table: learners.flatMap(({ label }) =>
        SEEDS.map((seed) => {
          const paths = pathsOf(label, seed);
          const [east, west, north, south] = paths.reached as [number, number, number, number];
          return { agent: label, seed, east, west, north, south, goals: goalsCovered(paths) };
        }),
      ),
      checks: [
        ...['sql', 'soft-dqn'].map((label) => ({
          name: `seeds with which ${label} covers all four goals`,
          value: covering(label),
          limit: ENOUGH,
          must: 'be at least' as const,
        })),
        {
          name: `seeds with which ${LONG_STEPS} covers all four goals`,
          value: covering(LONG_STEPS),
          limit: 0,
          must: 'be at most',
        },
      ],
      pictures: {
        paths: pathsSvg(
          learners.flatMap(({ label }) =>
            SEEDS.map((seed) => ({ title: `${label}, seed ${seed}`, paths: pathsOf(label, seed) })),
          ),
        ),
      },
    };
  },
});
