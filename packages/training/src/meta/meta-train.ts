import {
  AgentFaultError,
  type GuardedEnvironment,
  guardEnvironment,
  guardMetaAgent,
  guardTaskFamily,
  type MetaAgent,
  type RunListener,
  requireCount,
  showValue,
  type TaskFamily,
  type TaskSplit,
} from '@maxent/core';
import type { EvaluationSchedule, TrainOptions, TrainResult } from '../loop/train-options.js';
import { shareStatistics } from '../statistics.js';
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
  /** `episodes` counts the episodes of each test task, including exploration; the return of the last one counts. */
  readonly evaluation: EvaluationSchedule & AdaptationProtocol;
}

/**
 * Trains an agent over the train tasks of a family by `train`, with everything that does: the agent chooses the task
 * of each episode, and an evaluation lets it adapt to every test task. Throws as `train` does, PluginError for a family
 * that breaks its contract, and EnvironmentFaultError for an episode longer than the family's `maxEpisodeSteps`: until
 * one ends, the agent cannot choose the next task.
 */
export async function metaTrain({ split, evaluation, ...options }: MetaTrainOptions): Promise<TrainResult> {
  checkProtocol(evaluation);
  const { check } = options;
  const family = guardTaskFamily(options.family);
  const { maxEpisodeSteps: episodeLimit } = family;
  const { evalMaxSteps = episodeLimit } = options;
  if (evalMaxSteps !== undefined) requireCount('evalMaxSteps', evalMaxSteps);
  const warnings = new WarningRelay(options.listeners ?? []);
  const watch = { check, onWarning: (message: string) => warnings.warn(message) };
  const made: GuardedEnvironment[] = [];
  const make = async (task: unknown): Promise<GuardedEnvironment> => {
    const environment = guardEnvironment(await family.create(task), { ...watch, episodeLimit });
    made.push(environment);
    return environment;
  };
  try {
    const environments: GuardedEnvironment[] = [];
    for (const task of split.train) environments.push(await make(task));
    const tasks: TestTask[] = [];
    for (const task of split.test) {
      tasks.push({ environment: await make(task), descriptor: family.descriptor(task) });
    }
    const { episodes, explorationEpisodes, ...schedule } = evaluation;
    const rotation = new TaskRotation(environments, () => taskOf(agent, environments.length));
    const { observationSpace, actionSpace } = rotation;
    const agent = guardMetaAgent(options.agent, { ...watch, observationSpace, actionSpace });
    return await train({
      ...options,
      listeners: warnings.listeners,
      agent,
      // Its parts are already guarded.
      environment: guardEnvironment(rotation, { check: false }),
      evaluation: { ...schedule, episodes },
      evaluator: async (request) => {
        const succeeded = family.succeeded?.bind(family);
        shareStatistics(
          rotation,
          tasks.map(({ environment }) => environment),
        );
        const results = await evaluateAdaptation({
          ...request,
          agent,
          tasks,
          episodes,
          explorationEpisodes,
          deterministic: true,
          evalMaxSteps,
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
  throw new AgentFaultError(
    `the agent's beginEpisode returned ${showValue(task)}; expected one of ${count} train tasks, an integer from 0 to ${count - 1}`,
  );
}

/** Passes warnings on to the listeners of a run, with the last step that they were told about. */
class WarningRelay {
  readonly listeners: readonly RunListener[];
  private step = 0;

  constructor(private readonly told: readonly RunListener[]) {
    const note: RunListener = (event) => {
      if ('step' in event) this.step = event.step;
    };
    this.listeners = [...told, note];
  }

  warn(message: string): void {
    for (const listener of this.told) listener({ type: 'warning', step: this.step, message });
  }
}

/** How many test tasks are also train tasks, as in families with few tasks. */
export function countSharedTasks({ train, test }: TaskSplit<unknown>): number {
  const known = new Set(train.map((task) => JSON.stringify(task)));
  return test.filter((task) => known.has(JSON.stringify(task))).length;
}
