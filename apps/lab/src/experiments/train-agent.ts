import type { BackendName } from '@maxent/backend';
import {
  type Agent,
  type AgentDefinition,
  type Environment,
  type EnvironmentDefinition,
  parseConfig,
  parseUnknown,
} from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { train } from '@maxent/library';
import * as tf from '@tensorflow/tfjs-core';

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

export function trainingSettings(plan: TrainingPlan): TrainingSettings {
  const { agent, environment, steps, seed, envs = 1 } = plan;
  const preset = agent.presets?.[environment.id];
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
  const run = await train(definition, plan.environment, {
    ...{ steps, seed, envs, evalEvery: evaluation.every, evalEpisodes: evaluation.episodes },
    ...{
      config: plan.config as Record<string, unknown>,
      environmentOptions: plan.options as Record<string, unknown>,
    },
    logEvery: Math.ceil(steps / 10),
    checkpointEvery: steps,
    backend: currentBackend(),
    onWarning: progress,
    onEvaluation: ({ step, returnMean }) =>
      progress(`step ${step} of ${steps}: mean return ${returnMean.toPrecision(4)}`),
  });
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
        examined: await examine(made!, environment),
      };
    } finally {
      environment.close();
    }
  } finally {
    run.close();
  }
}

function currentBackend(): BackendName {
  const name = tf.getBackend();
  return name === 'tensorflow' ? 'native' : (name as BackendName);
}
