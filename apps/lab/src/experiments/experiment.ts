import type { Check } from '../checks.js';

/** One piece of an experiment's work, such as one seed of one learning curve. Its result is stored when it ends. */
export interface Unit<Result> {
  /** Names the file that holds its result: letters, digits, dots and hyphens. */
  readonly name: string;
  /** Deterministic: the same result for the same code, backend and Node release. */
  run(progress: (line: string) => void): Promise<Result>;
}

/** Every row has the same keys. */
export type Table = readonly Readonly<Record<string, string | number>>[];

/** The outcome, for people and for machines. */
export interface Conclusion {
  readonly table: Table;
  /** More tables, by their titles. */
  readonly furtherTables?: Readonly<Record<string, Table>>;
  /** The claims made beforehand, with the numbers that decide them. Empty if there were none. */
  readonly checks: readonly Check[];
  /** Self-contained SVG documents by their path below the results, without extension. */
  readonly pictures: Readonly<Record<string, string>>;
  /** Results that are still missing; nothing is decided without them. */
  readonly missing?: readonly string[];
  /** Further lines for people. */
  readonly notes?: readonly string[];
}

interface Described {
  /** One line for lists. */
  readonly description: string;
  /** What the theory says or which goal was set, and what counts as evidence. */
  readonly claim: string;
}

/** A claim, and the work that tests it. Seeds and steps are fixed in the units. */
export interface UnitExperiment<Result = unknown> extends Described {
  readonly units: readonly Unit<Result>[];
  /** Judges the results of all units, by their names. Pure: it can be repeated on stored results. */
  conclude(results: ReadonlyMap<string, Result>): Conclusion;
}

/** A claim about runs of `maxent train`; its plan.md has their commands. */
export interface RunExperiment extends Described {
  /** Where the runs are, below the results. */
  readonly directory: string;
  /**
   * Judges the runs in a directory. Throws InvalidInputError if a run has other settings than the plan's, or if there
   * is no run.
   */
  judge(directory: string): Promise<Conclusion>;
}

export type Experiment = UnitExperiment | RunExperiment;

/** Checks the types of an experiment and returns it. Results are plain data: they are stored as JSON. */
export function defineExperiment<Result>(experiment: UnitExperiment<Result>): UnitExperiment {
  return experiment as UnitExperiment;
}
