import type { BackendName } from '@maxent/backend';
import {
  type Agent,
  type AgentDefinition,
  type Environment,
  type EnvironmentDefinition,
  type Evaluation,
  parseConfig,
  parseUnknown,
  type TaskFamilyDefinition,
} from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { type TrainedRun, train } from '@maxent/library';
import * as tf from '@tensorflow/tfjs-core';
import { mean } from '../statistics.js';

/** A training run: what `maxent train` takes, with definitions in place of names. */
export interface TrainingPlan {
  readonly agent: AgentDefinition;
  /** Laid over the preset named like the environment, if there is one. */
  readonly config?: object;
  readonly environment: EnvironmentDefinition;
  readonly options?: object;
  readonly steps: number;
  readonly seed: number;
  /** Environments that training steps together; default 1. */
  readonly envs?: number;
  readonly evaluation: { readonly every: number; readonly episodes: number };
  /** Gets the agent before its first step, to load weights into it. */
  readonly prepare?: (agent: Agent) => void;
}

/** The same over a family of tasks; `episodes` of an evaluation are those in each test task. */
export interface FamilyTrainingPlan extends Omit<TrainingPlan, 'environment' | 'envs'> {
  /** Its preset for two cores is the one that `config` is laid over. */
  readonly family: TaskFamilyDefinition;
}

/** What a plan comes to, with presets and defaults. */
export interface TrainingSettings {
  readonly agent: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly seed: number;
  /** Absent for one. */
  readonly envs?: number;
}

/** Everything about a run that a claim rests on. */
export interface TrainingRecord extends TrainingSettings {
  readonly evaluations: readonly {
    readonly step: number;
    readonly returnMean: number;
    readonly returns: readonly number[];
  }[];
}

/** Everything about a run over a family that a claim rests on. */
export interface FamilyTrainingRecord extends TrainingSettings {
  readonly evaluations: readonly {
    readonly step: number;
    readonly returnMean: number;
    /** The return of the last episode in each test task. */
    readonly returns: readonly number[];
    /** The sum of the returns of all episodes in each test task. */
    readonly totals: readonly number[];
  }[];
}

export function trainingSettings(plan: TrainingPlan | FamilyTrainingPlan): TrainingSettings {
  const { agent, steps, seed } = plan;
  const environment = 'family' in plan ? plan.family : plan.environment;
  const envs = 'family' in plan ? 1 : (plan.envs ?? 1);
  const preset = agent.presets?.['family' in plan ? `two-core-${environment.id}` : environment.id];
  return {
    agent: agent.name,
    config: parseConfig(agent.config, { ...preset, ...plan.config }, agent.name),
    environment: environment.id,
    options: parseUnknown(environment.options, plan.options ?? {}, environment.id),
    steps,
    seed,
    ...(envs > 1 && { envs }),
  };
}

/**
 * Trains an agent as `maxent train` does, to the same numbers, on the backend that is current, keeping nothing on disk.
 * `examine` gets the trained agent and an environment before both are released.
 */
export async function trainAgent<T>(
  plan: TrainingPlan,
  progress: (line: string) => void,
  examine: (agent: Agent, environment: Environment) => T | Promise<T>,
): Promise<{ readonly record: TrainingRecord; readonly examined: T }> {
  const { run, agent } = await startTraining(plan, plan.environment, progress);
  const settings = trainingSettings(plan);
  try {
    const environment = await makeEnvironment(plan.environment, settings.options);
    try {
      return {
        record: {
          ...settings,
          evaluations: run.evaluations.map(({ step, returnMean, returns }) => ({
            step,
            returnMean,
            returns,
          })),
        },
        examined: await examine(agent, environment),
      };
    } finally {
      environment.close();
    }
  } finally {
    run.close();
  }
}

/** Trains an agent over a family of tasks as `maxent train --family` does, to the same numbers, keeping nothing on disk. */
export async function trainOverTasks(
  plan: FamilyTrainingPlan,
  progress: (line: string) => void,
): Promise<FamilyTrainingRecord> {
  const { run } = await startTraining(plan, plan.family, progress);
  run.close();
  return {
    ...trainingSettings(plan),
    evaluations: run.evaluations.map(({ step, returnMean, returns, adaptation }) => ({
      step,
      returnMean,
      returns,
      totals: adaptation!.returns.map((episodes) => episodes.reduce((sum, value) => sum + value, 0)),
    })),
  };
}

async function startTraining(
  plan: Omit<TrainingPlan, 'environment'>,
  world: EnvironmentDefinition | TaskFamilyDefinition,
  progress: (line: string) => void,
): Promise<{ readonly run: TrainedRun; readonly agent: Agent }> {
  const { steps, seed, envs, evaluation } = plan;
  // What is examined is the agent itself, not the guard that `train` puts around it.
  let made: Agent | undefined;
  const definition: AgentDefinition = {
    ...plan.agent,
    create: async (context, config) => {
      made = await plan.agent.create(context, config);
      plan.prepare?.(made);
      return made;
    },
  };
  const run = await train(definition, world as EnvironmentDefinition, {
    ...{ steps, seed, envs, evalEvery: evaluation.every, evalEpisodes: evaluation.episodes },
    ...{
      config: plan.config as Record<string, unknown>,
      environmentOptions: plan.options as Record<string, unknown>,
    },
    logEvery: Math.ceil(steps / 10),
    checkpointEvery: steps,
    backend: currentBackend(),
    onWarning: progress,
    onEvaluation: (found) => progress(progressLine(found, steps)),
  });
  return { run, agent: made! };
}

function progressLine({ step, returnMean, adaptation }: Evaluation, steps: number): string {
  const [first = []] = adaptation?.returns ?? [];
  const means = adaptation
    ? first.map((_, episode) => mean(adaptation.returns.map((returns) => returns[episode]!)))
    : [returnMean];
  return `step ${step} of ${steps}: mean return ${means.map((value) => value.toPrecision(4)).join(', ')}`;
}

function currentBackend(): BackendName {
  const name = tf.getBackend();
  return name === 'tensorflow' ? 'native' : (name as BackendName);
}
