import type { BackendName } from '@maxent/backend';
import type { Agent, Evaluation, RunOutcome } from '@maxent/core';
import type { AnyAction, AnyObservation, TrainedPolicy } from '@maxent/policy';
import type { RunConfig } from '@maxent/training';
import { policyOf } from './policy-of.js';
import type { FinishedRun } from './start-run.js';

/** The result of `train`: the trained agent and the record of its training. */
export class TrainedRun<Made extends Agent = Agent, Observation = AnyObservation, Action = AnyAction> {
  readonly agent: Made;
  /** Everything needed to repeat the run. */
  readonly config: RunConfig;
  readonly backend: BackendName;
  /** Environment steps, including those before the run was resumed. */
  readonly steps: number;
  /** Gradient steps. */
  readonly updates: number;
  /** Environment steps per second, including evaluations and checkpoints. */
  readonly stepsPerSecond: number;
  /** Evaluations, oldest first, including those before the run was resumed. */
  readonly evaluations: readonly Evaluation[];
  readonly outcome: RunOutcome;

  private readonly release: () => void;

  constructor({ agent, config, backend, result, release }: FinishedRun) {
    // `train` created it from the definition that has this type.
    this.agent = agent as Made;
    this.config = config;
    this.backend = backend.name;
    this.steps = result.steps;
    this.updates = result.updates;
    this.stepsPerSecond = result.stepsPerSecond;
    this.evaluations = result.evaluations;
    this.outcome = result.outcome;
    this.release = release;
  }

  /**
   * The learned policy on its own: it acts on typed arrays alone, and `toBytes()` gives its file. It is a copy, so
   * further training does not change it. Throws InvalidStateError if the agent cannot describe its policy.
   */
  policy(): TrainedPolicy<Observation, Action> {
    return policyOf(this.agent, this.config, this.steps);
  }

  /** Releases the agent's memory; it can no longer act. Policies made before stay usable. */
  close(): void {
    this.release();
  }
}
