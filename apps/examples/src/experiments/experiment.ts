import type { Check } from '@maxent/bench';

/** One piece of an experiment's work, such as one seed of one learning curve. What it gives is stored when it ends. */
export interface Unit<Result> {
  /** Names the file that holds its result: letters, digits, dots and hyphens. */
  readonly name: string;
  /** Deterministic: the same result for the same code, backend and Node release. */
  run(progress: (line: string) => void): Promise<Result>;
}

/** What came out, for people and for machines. */
export interface Conclusion {
  /** A table; every row has the same keys. */
  readonly table: readonly Readonly<Record<string, string | number>>[];
  /** What was claimed beforehand, with the numbers that decide it. Empty where nothing was. */
  readonly checks: readonly Check[];
  /** Self-contained SVG documents by file name without extension. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** A claim of the theory, and the work that puts it to the test. Seeds and steps are fixed in the units. */
export interface Experiment<Result = unknown> {
  /** One line for lists. */
  readonly description: string;
  /** What the theory says, and what counts as seeing it. */
  readonly claim: string;
  readonly units: readonly Unit<Result>[];
  /** Judges the results of all units, by their names. Pure: it can be repeated on stored results. */
  conclude(results: ReadonlyMap<string, Result>): Conclusion;
}

/** Checks the types of an experiment and returns it. Results are plain data: they are stored as JSON. */
export function defineExperiment<Result>(experiment: Experiment<Result>): Experiment {
  return experiment as Experiment;
}
