import type { BackendName } from '@maxent/backend';
import type { Agent, Evaluation, RunOutcome } from '@maxent/core';
import type { RunConfig } from '@maxent/training';
import type { FinishedRun } from './start-run.js';

/** What `train` gives: the agent as it is at the end, and how it got there. */
export class TrainedRun {
  readonly agent: Agent;
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

  constructor({ agent, config, backend, result }: FinishedRun) {
    this.agent = agent;
    this.config = config;
    this.backend = backend.name;
    this.steps = result.steps;
    this.updates = result.updates;
    this.stepsPerSecond = result.stepsPerSecond;
    this.evaluations = result.evaluations;
    this.outcome = result.outcome;
  }

  /** Releases the agent's memory; it cannot act afterwards. Policies made before stay usable. */
  close(): void {
    this.agent.dispose();
  }
}
