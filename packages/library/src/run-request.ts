import type { RunConfig } from '@maxent/training';

/** A request for a run; what it leaves out comes from `runDefaults` or from the run that is resumed. */
export interface RunRequest {
  /** Registered name of the agent. */
  readonly agent?: string | undefined;
  /** Registered id of an environment. */
  readonly environment?: string | undefined;
  /** Registered id of a task family, instead of `environment`. */
  readonly family?: string | undefined;
  /** Named preset to start from; default the one named like the environment. */
  readonly preset?: string | undefined;
  /** The agent's settings; they override the preset. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** Options of the environment or the task family. */
  readonly environmentOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Total environment steps; a resumed run may be given more than before. */
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
  /** Environments that training steps together; default 1. */
  readonly envs?: number | undefined;
  /** Steps between evaluations. */
  readonly evalEvery?: number | undefined;
  /** Deterministic episodes per evaluation; for a family, in each test task. */
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
  /** What the run goes on from. */
  readonly from?: RunConfig['from'];
}

/** A run's configuration before the backend is chosen. */
export type RunPlan = Omit<RunConfig, 'backend' | 'provenance'>;
