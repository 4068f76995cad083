import {
  continuousSoftQLearning,
  deepQNetwork,
  discreteSoftActorCritic,
  softActorCritic,
  softDeepQNetwork,
} from '@maxent/agents';
import type { AgentDefinition, EnvironmentDefinition } from '@maxent/core';
import { acrobot, cartPole, pendulum } from '@maxent/envs';
import { learningCurvesSvg } from '../curves.js';
import { defineExperiment } from '../experiment.js';
import { type TrainingRecord, trainAgent } from '../train-agent.js';

interface Task {
  readonly environment: EnvironmentDefinition;
  readonly agent: AgentDefinition;
  /** Overrides the agent's preset for the environment. */
  readonly config?: object;
  readonly steps: number;
  readonly threshold: number;
  /** Whether the threshold must be reached, or the result is only reported. */
  readonly judged: boolean;
}

const SEEDS = [1, 2, 3, 4, 5];
/** How many of the seeds must reach the threshold. */
const ENOUGH = 4;
const EPISODES = 20;

/** A quarter of the preset's units are enough, in a fifth of the time. */
const small = { hiddenSizes: [64, 64] };

// Thresholds are Gymnasium's, and for Pendulum, which has none, what a policy that swings up gets.
const tasks: readonly Task[] = [
  { environment: cartPole, threshold: 475, agent: deepQNetwork, steps: 50_000, judged: true },
  { environment: cartPole, threshold: 475, agent: softDeepQNetwork, steps: 50_000, judged: true },
  { environment: cartPole, threshold: 475, agent: discreteSoftActorCritic, steps: 50_000, judged: false },
  { environment: acrobot, threshold: -100, agent: deepQNetwork, steps: 40_000, judged: true },
  { environment: acrobot, threshold: -100, agent: softDeepQNetwork, steps: 40_000, judged: true },
  { environment: acrobot, threshold: -100, agent: discreteSoftActorCritic, steps: 40_000, judged: false },
  {
    environment: pendulum,
    threshold: -200,
    agent: softActorCritic,
    config: small,
    steps: 15_000,
    judged: true,
  },
  { environment: pendulum, threshold: -200, agent: continuousSoftQLearning, steps: 8_000, judged: true },
];

const nameOf = ({ agent, environment }: Task, seed: number): string =>
  `${agent.name}-${environment.id}-seed${seed}`;

/** `lab reproduce classic-control`: hard and soft agents solve the tasks that they are designed for. */
export const classicControl = defineExperiment<TrainingRecord>({
  description: 'deep Q-learning, hard and soft, SAC and continuous soft Q-learning on classic control',
  claim:
    'Hard and soft deep Q-learning solve the same tasks, and so do SAC and continuous soft Q-learning, each with its ' +
    'own settings: the mean return of 20 deterministic episodes at the last step, stated beforehand, reaches the ' +
    'threshold with at least 4 of seeds 1 to 5. (On CartPole the presets of hard and soft deep Q-learning differ not ' +
    'only in backup and policy, but in exploration and in the steps of a return too, 5 against 1.) Discrete SAC is ' +
    'reported and not judged.',
  units: tasks.flatMap((task) =>
    SEEDS.map((seed) => ({
      name: nameOf(task, seed),
      run: async (progress: (line: string) => void) => {
        const { agent, config = {}, environment, steps } = task;
        const evaluation = { every: steps / 10, episodes: EPISODES };
        return (
          await trainAgent({ agent, config, environment, steps, seed, evaluation }, progress, () => null)
        ).record;
      },
    })),
  ),
  conclude: (results) => {
    const evaluationsOf = (task: Task, seed: number) => results.get(nameOf(task, seed))!.evaluations;
    const rows = tasks.map((task) => {
      const scores = SEEDS.map((seed) => evaluationsOf(task, seed).at(-1)!.returnMean);
      return { task, scores, solved: scores.filter((score) => score >= task.threshold).length };
    });
    const ids = [...new Set(tasks.map(({ environment }) => environment.id))];
    return {
      table: rows.map(({ task, scores, solved }) => ({
        task: task.environment.id,
        agent: task.agent.name,
        steps: task.steps,
        threshold: task.threshold,
        solved,
        ...Object.fromEntries(SEEDS.map((seed, i) => [`seed ${seed}`, scores[i]!])),
      })),
      checks: rows
        .filter(({ task }) => task.judged)
        .map(({ task, solved }) => ({
          name: `seeds of ${task.agent.name} that solve ${task.environment.id}`,
          value: solved,
          limit: ENOUGH,
          must: 'be at least',
        })),
      pictures: Object.fromEntries(
        ids.map((id) => [
          id,
          learningCurvesSvg(
            `Return on ${id}, mean and range of ${SEEDS.length} seeds`,
            tasks
              .filter(({ environment }) => environment.id === id)
              .map((task) => ({
                label: task.agent.name,
                runs: SEEDS.map((seed) => evaluationsOf(task, seed)),
              })),
          ),
        ]),
      ),
    };
  },
});
