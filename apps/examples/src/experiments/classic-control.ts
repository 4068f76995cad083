import {
  continuousSoftQLearning,
  deepQNetwork,
  discreteSoftActorCritic,
  softActorCritic,
  softDeepQNetwork,
} from '@maxent/agents';
import type { AgentDefinition, EnvironmentDefinition } from '@maxent/core';
import { acrobot, cartPole, pendulum } from '@maxent/envs';
import { learningCurvesSvg } from './curves.js';
import { defineExperiment } from './experiment.js';
import { type TrainingRecord, trainAgent } from './train-agent.js';

interface Task {
  readonly environment: EnvironmentDefinition;
  readonly steps: number;
  readonly threshold: number;
  /** Those that must reach the threshold, and those that are only reported. */
  readonly judged: readonly AgentDefinition[];
  readonly reported: readonly AgentDefinition[];
}

const SEEDS = [1, 2, 3, 4, 5];
/** How many of the seeds must reach the threshold. */
const ENOUGH = 4;
const EPISODES = 20;

// Thresholds are Gymnasium's, and for Pendulum, which has none, what a policy that swings up gets.
const tasks: readonly Task[] = [
  {
    environment: cartPole,
    steps: 100_000,
    threshold: 475,
    judged: [deepQNetwork, softDeepQNetwork],
    reported: [discreteSoftActorCritic],
  },
  {
    environment: acrobot,
    steps: 50_000,
    threshold: -100,
    judged: [deepQNetwork, softDeepQNetwork],
    reported: [discreteSoftActorCritic],
  },
  {
    environment: pendulum,
    steps: 10_000,
    threshold: -200,
    judged: [softActorCritic, continuousSoftQLearning],
    reported: [],
  },
];

const nameOf = (agent: AgentDefinition, task: Task, seed: number): string =>
  `${agent.name}-${task.environment.id}-seed${seed}`;

/** `maxent reproduce classic-control`: every agent solves what it is made for. */
export const classicControl = defineExperiment<TrainingRecord>({
  description: 'deep Q-learning, hard and soft, SAC and continuous soft Q-learning on classic control',
  claim:
    'Agents that differ only in the backup and the policy solve the same tasks: the mean return of 20 greedy episodes ' +
    'at the last step, stated beforehand, reaches the threshold with at least 4 of seeds 1 to 5.',
  units: tasks.flatMap((task) =>
    [...task.judged, ...task.reported].flatMap((agent) =>
      SEEDS.map((seed) => ({
        name: nameOf(agent, task, seed),
        run: async (progress: (line: string) => void) => {
          const { environment, steps } = task;
          const evaluation = { every: steps / 10, episodes: EPISODES };
          return (await trainAgent({ agent, environment, steps, seed, evaluation }, progress, () => null))
            .record;
        },
      })),
    ),
  ),
  conclude: (results) => {
    const rows = tasks.flatMap((task) =>
      [...task.judged, ...task.reported].map((agent) => {
        const scores = SEEDS.map(
          (seed) => results.get(nameOf(agent, task, seed))!.evaluations.at(-1)!.returnMean,
        );
        const solved = scores.filter((score) => score >= task.threshold).length;
        return { task, agent, scores, solved };
      }),
    );
    return {
      table: rows.map(({ task, agent, scores, solved }) => ({
        task: task.environment.id,
        agent: agent.name,
        steps: task.steps,
        threshold: task.threshold,
        solved,
        ...Object.fromEntries(SEEDS.map((seed, i) => [`seed ${seed}`, scores[i]!])),
      })),
      checks: rows
        .filter(({ task, agent }) => task.judged.includes(agent))
        .map(({ task, agent, solved }) => ({
          name: `seeds of ${agent.name} that solve ${task.environment.id}`,
          value: solved,
          limit: ENOUGH,
          must: 'be at least',
        })),
      pictures: Object.fromEntries(
        tasks.map((task) => [
          task.environment.id,
          learningCurvesSvg(
            `Return on ${task.environment.id}, mean and range of ${SEEDS.length} seeds`,
            [...task.judged, ...task.reported].map((agent) => ({
              label: agent.name,
              runs: SEEDS.map((seed) => results.get(nameOf(agent, task, seed))!.evaluations),
            })),
          ),
        ]),
      ),
    };
  },
});
