import { guardAgent, guardEnvironment, isVectorEnvironment } from '@maxent/core';
import { OneEnvironment } from './one-environment.js';
import type { EpisodeSeed, RunEnvironments } from './run-environments.js';
import { SeveralEnvironments } from './several-environments.js';
import type { TrainOptions } from './train-options.js';

interface Run {
  readonly seedOf: EpisodeSeed;
  /** Environment steps taken so far. */
  step(): number;
  /** The number of the environment step that the agent is at, from 1. */
  agentStep(): number;
  /** Training episodes that have ended, if there is one environment. */
  episodes(): number;
  warn(message: string): void;
}

export interface GuardedOptions extends Omit<TrainOptions, 'environment'> {
  readonly environments: RunEnvironments;
}

const ADVICE = 'Everything stored up to the last checkpoint is intact; correct the environment and resume.';

/** The options with guarded agent and environments: their faults are reported as theirs, with the step of the run. */
export function guardOptions(options: TrainOptions, run: Run): GuardedOptions {
  const { check, evaluationEnvironment } = options;
  const shared = {
    check,
    onWarning: (message: string) => run.warn(message),
    advice: ADVICE,
  };
  const { environment, ...rest } = options;
  const environments = isVectorEnvironment(environment)
    ? new SeveralEnvironments(environment, { ...run, advice: ADVICE })
    : new OneEnvironment(
        guardEnvironment(environment, {
          ...shared,
          where: (call) =>
            call === 'step'
              ? `environment step ${run.step() + 1}`
              : `the reset of training episode ${run.episodes() + 1}`,
        }),
        run.seedOf,
      );
  const { observationSpace, actionSpace } = environments;
  return {
    ...rest,
    environments,
    agent: guardAgent(options.agent, {
      ...shared,
      observationSpace,
      actionSpace,
      where: () => `environment step ${run.agentStep()}`,
    }),
    ...(evaluationEnvironment && {
      evaluationEnvironment: guardEnvironment(evaluationEnvironment, {
        ...shared,
        where: () => 'the first reset for evaluation',
      }),
    }),
  };
}
