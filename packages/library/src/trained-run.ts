import type { BackendName } from '@maxent/backend';
import type { Agent, Evaluation, RunOutcome } from '@maxent/core';
import type { AnyAction, AnyObservation, TrainedPolicy } from '@maxent/policy';
import type { RunConfig } from '@maxent/training';
import { policyOf } from './policy-of.js';
import type { FinishedRun } from './start-run.js';

/** What `train` gives: the agent as it is at the end, and how it got there. */
export class TrainedRun<Made extends Agent = Agent, Observation = AnyObservation, Action = AnyAction> {
  readonly agent: Made;
  /** Everything that is needed to repeat the run. */
  readonly config: RunConfig;
  readonly backend: BackendName;
  /** Environment steps, those before the run was resumed included. */
  readonly steps: number;
  /** Gradient steps. */
  readonly updates: number;
  /** Environment steps per second, evaluations and checkpoints included. */
  readonly stepsPerSecond: number;
  /** Oldest first, those before the run was resumed included. */
  readonly evaluations: readonly Evaluation[];
  readonly outcome: RunOutcome;

  private readonly release: () => void;

  constructor({ agent, config, backend, result, release }: FinishedRun) {
    // `train` made it by the definition whose type this is.
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
   * What was learned, as a policy of its own: it acts on typed arrays alone, and `toBytes()` is its file. A copy, so
   * further training does not change it. Throws InvalidStateError for an agent that cannot describe its policy.
   */
  policy(): TrainedPolicy<Observation, Action> {
    return policyOf(this.agent, this.config, this.steps);
  }

  /** Releases the agent's memory; it cannot act afterward. Policies made before stay usable. */
  close(): void {
    this.release();
  }
}
