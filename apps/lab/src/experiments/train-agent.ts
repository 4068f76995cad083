import {
  type Agent,
  type AgentDefinition,
  type Environment,
  type EnvironmentDefinition,
  parseConfig,
  parseUnknown,
  Rng,
} from '@maxent/core';
import { makeEnvironment } from '@maxent/envs';
import { train } from '@maxent/training';

/** A training run: what `maxent train` takes, with definitions in place of names. */
export interface TrainingPlan {
  readonly agent: AgentDefinition;
  /** Laid over the preset named like the environment, if there is one. */
  readonly config?: object;
  readonly environment: EnvironmentDefinition;
  readonly options?: object;
  readonly steps: number;
  readonly seed: number;
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
  const { agent, environment, steps, seed } = plan;
  const preset = agent.presets?.[environment.id];
  return {
    agent: agent.name,
    config: parseConfig(agent.config, { ...preset, ...plan.config }, agent.name),
    environment: environment.id,
    options: parseUnknown(environment.options, plan.options ?? {}, environment.id),
    steps,
    seed,
  };
}

/**
 * Trains an agent as `maxent train` does, to the same numbers, keeping nothing on disk. `examine` gets the trained
 * agent and an environment before both are released.
 */
export async function trainAgent<T>(
  plan: TrainingPlan,
  progress: (line: string) => void,
  examine: (agent: Agent, environment: Environment) => T | Promise<T>,
): Promise<{ readonly record: TrainingRecord; readonly examined: T }> {
  const { steps, seed, evaluation } = plan;
  const settings = trainingSettings(plan);
  const { config, options } = settings;
  const environment = await makeEnvironment(plan.environment, options);
  const evaluationEnvironment = await makeEnvironment(plan.environment, options);
  const { observationSpace, actionSpace } = environment;
  const agent = await plan.agent.create(
    { observationSpace, actionSpace, rng: Rng.fromSeed(seed).split('agent') },
    config,
  );
  try {
    plan.prepare?.(agent);
    const { evaluations } = await train({
      agent,
      environment,
      evaluationEnvironment,
      steps,
      seed,
      evaluation,
      logEvery: Math.ceil(steps / 10),
      checkpointEvery: steps,
      listeners: [
        (event) => {
          if (event.type !== 'evaluation') return;
          const { step, returnMean } = event.evaluation;
          progress(`step ${step} of ${steps}: mean return ${returnMean.toPrecision(4)}`);
        },
      ],
    });
    return {
      record: {
        ...settings,
        evaluations: evaluations.map(({ step, returnMean, returns }) => ({ step, returnMean, returns })),
      },
      examined: await examine(agent, evaluationEnvironment),
    };
  } finally {
    agent.dispose();
    environment.close();
    evaluationEnvironment.close();
  }
}
