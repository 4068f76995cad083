import type { RunConfig } from '@maxent/training';

/** What is said about a run; what it leaves out comes from `runDefaults` or the run that goes on. */
export interface RunRequest {
  /** Registered name of the agent. */
  readonly agent?: string | undefined;
  /** Registered id of an environment. */
  readonly environment?: string | undefined;
  /** Registered id of a task family, in place of `environment`. */
  readonly family?: string | undefined;
  /** Named settings to start from; default those named like the environment. */
  readonly preset?: string | undefined;
  /** The agent's settings, over the preset. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Options that the environment or the family is made with. */
  readonly environmentOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Environment steps in all; a run that goes on may be given more than before. */
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  /** Steps between evaluations. */
  readonly evalEvery?: number | undefined;
  /** Deterministic episodes per evaluation; over a family, in each test task. */
  readonly evalEpisodes?: number | undefined;
  /** Steps after which an evaluation episode is cut off. */
  readonly evalMaxSteps?: number | undefined;
  /** Steps between rows of metrics. */
  readonly logEvery?: number | undefined;
  /** Steps between checkpoints. */
  readonly checkpointEvery?: number | undefined;
  /** Ends the run after two evaluations in a row with at least this mean return. */
  readonly stopAt?: number | undefined;
  /** Place in a hierarchy. */
  readonly level?: RunConfig['level'];
}

/** A run's configuration before it is known what will compute it. */
export type RunPlan = Omit<RunConfig, 'backend' | 'provenance'>;
