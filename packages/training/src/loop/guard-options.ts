import { type GuardedEnvironment, guardAgent, guardEnvironment } from '@maxent/core';
import type { TrainOptions } from './train-options.js';

interface Run {
  /** Environment steps taken so far. */
  step(): number;
  /** Training episodes that have ended. */
  episodes(): number;
  warn(message: string): void;
}

export interface GuardedOptions extends TrainOptions {
  readonly environment: GuardedEnvironment;
}

/** The options with guarded agent and environments: their faults are reported as theirs, with the step of the run. */
export function guardOptions(options: TrainOptions, run: Run): GuardedOptions {
  const { check, evaluationEnvironment } = options;
  const shared = {
    check,
    onWarning: (message: string) => run.warn(message),
    advice: 'Everything stored up to the last checkpoint is intact; correct the environment and resume.',
  };
  const next = () => `environment step ${run.step() + 1}`;
  const environment = guardEnvironment(options.environment, {
    ...shared,
    where: (call) => (call === 'step' ? next() : `the reset of training episode ${run.episodes() + 1}`),
  });
  const { observationSpace, actionSpace } = environment;
  return {
    ...options,
    environment,
    agent: guardAgent(options.agent, { ...shared, observationSpace, actionSpace, where: next }),
    ...(evaluationEnvironment && {
      evaluationEnvironment: guardEnvironment(evaluationEnvironment, {
        ...shared,
        where: () => 'the first reset for evaluation',
      }),
    }),
  };
}
