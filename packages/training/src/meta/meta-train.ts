import {
  type Environment,
  InvalidInputError,
  type MetaAgent,
  type TaskFamily,
  type TaskSplit,
} from '@maxent/core';
import type { EvaluationSchedule, TrainOptions, TrainResult } from '../loop/train-options.js';
import { train } from '../train.js';
import {
  type AdaptationProtocol,
  adaptationEvaluation,
  checkProtocol,
  evaluateAdaptation,
  type TestTask,
} from './evaluate-adaptation.js';
import { TaskRotation } from './task-rotation.js';

export interface MetaTrainOptions
  extends Omit<TrainOptions, 'agent' | 'environment' | 'evaluationEnvironment' | 'evaluator' | 'evaluation'> {
  readonly agent: MetaAgent;
  readonly family: TaskFamily;
  readonly split: TaskSplit<unknown>;
  /** `episodes` are those of each test task, exploration included; the return that counts is that of the last. */
  readonly evaluation: EvaluationSchedule & AdaptationProtocol;
}

/**
 * Trains an agent over the train tasks of a family by `train`, with everything that does: the agent chooses the task
 * of each episode, and an evaluation lets it adapt to every test task.
 */
export async function metaTrain({
  agent,
  family,
  split,
  evaluation,
  ...options
}: MetaTrainOptions): Promise<TrainResult> {
  checkProtocol(evaluation);
  const made: Environment[] = [];
  const make = async (task: unknown): Promise<Environment> => {
    const environment = await family.create(task);
    made.push(environment);
    return environment;
  };
  try {
    const environments: Environment[] = [];
    for (const task of split.train) environments.push(await make(task));
    const tasks: TestTask[] = [];
    for (const task of split.test) {
      tasks.push({ environment: await make(task), descriptor: family.descriptor(task) });
    }
    const { episodes, explorationEpisodes, ...schedule } = evaluation;
    return await train({
      ...options,
      agent,
      environment: new TaskRotation(environments, () => taskOf(agent, environments.length)),
      evaluation: { ...schedule, episodes },
      evaluator: async (request) => {
        const succeeded = family.succeeded?.bind(family);
        const results = await evaluateAdaptation({
          ...request,
          agent,
          tasks,
          episodes,
          explorationEpisodes,
          deterministic: true,
          ...(succeeded && { succeeded }),
        });
        return adaptationEvaluation(results, explorationEpisodes);
      },
    });
  } finally {
    for (const environment of made) environment.close();
  }
}

function taskOf(agent: MetaAgent, count: number): number {
  const task = agent.beginEpisode();
  if (Number.isSafeInteger(task) && task >= 0 && task < count) return task;
  throw new InvalidInputError('agent', `expected to choose one of ${count} train tasks, it chose ${task}`);
}

/** How many test tasks are among the train tasks, as in families of few tasks. */
export function countSharedTasks({ train, test }: TaskSplit<unknown>): number {
  const known = new Set(train.map((task) => JSON.stringify(task)));
  return test.filter((task) => known.has(JSON.stringify(task))).length;
}
