import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeOutputFile } from '@maxent/training/node';
import { type Check, holds } from '../checks.js';
import type { Conclusion, Experiment, UnitExperiment } from '../experiments/experiment.js';
import { type StoredUnit, UnitResults } from '../results/unit-results.js';
import { formatTable } from './format-judgment.js';

export interface Judgment {
  readonly name: string;
  readonly claim: string;
  /** Whether every check holds; null while results are missing, and where nothing was claimed. */
  readonly holds: boolean | null;
  readonly checks: readonly (Check & { readonly holds: boolean })[];
  /** Results that are due and not there yet. */
  readonly missing: readonly string[];
  readonly table: Conclusion['table'];
  /** More tables, by their titles; absent if there are none. */
  readonly furtherTables?: Conclusion['furtherTables'];
  readonly notes: readonly string[];
}

/** What `lab judge NAME --json` prints. */
export interface JudgeAnswer extends Judgment {
  /** The files that were written: the table and the pictures. */
  readonly files: readonly string[];
}

/** Judges the results in a directory, and writes the table and the pictures into it once there is something to show. */
export async function judgeExperiment(
  name: string,
  experiment: Experiment,
  directory: string,
): Promise<JudgeAnswer> {
  const { judgment, files } = await judgeResults(name, experiment, directory);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeOutputFile(join(directory, file), text);
  }
  return { ...judgment, files: Object.keys(files).map((file) => join(directory, file)) };
}

/**
 * The judgment of the results in a directory and the files that show it, by their path below it. Throws what reading a
 * damaged or foreign result throws.
 */
export async function judgeResults(
  name: string,
  experiment: Experiment,
  directory: string,
): Promise<{ readonly judgment: Judgment; readonly files: Readonly<Record<string, string>> }> {
  const conclusion = await conclude(name, experiment, directory);
  const { table, furtherTables, checks, pictures, missing = [], notes = [] } = conclusion;
  const judged = checks.map((check) => ({ ...check, holds: holds(check) }));
  const undecided = missing.length > 0 || judged.length === 0;
  const judgment: Judgment = {
    ...{ name, claim: experiment.claim, holds: undecided ? null : judged.every((check) => check.holds) },
    ...{ checks: judged, missing, table, notes },
    ...(furtherTables !== undefined && { furtherTables }),
  };
  if (table.length === 0) return { judgment, files: {} };
  const drawn = Object.entries(pictures).map(([picture, svg]) => [`${picture}.svg`, svg]);
  return { judgment, files: { 'table.md': formatTable(judgment), ...Object.fromEntries(drawn) } };
}

async function conclude(name: string, experiment: Experiment, directory: string): Promise<Conclusion> {
  if (!('units' in experiment)) return experiment.judge(directory);
  const stored = await readUnits(name, experiment, directory);
  const missing = experiment.units.map((unit) => unit.name).filter((unit) => !stored.has(unit));
  if (missing.length > 0) return { table: [], checks: [], pictures: {}, missing };
  return experiment.conclude(new Map([...stored].map(([unit, { result }]) => [unit, result])));
}

/** The results that are there, by their units' names. Throws DamagedDataError for one of another unit or experiment. */
export async function readUnits(
  name: string,
  { units }: UnitExperiment,
  directory: string,
): Promise<Map<string, StoredUnit>> {
  const results = new UnitResults(name, directory);
  const stored = new Map<string, StoredUnit>();
  for (const unit of units) {
    const result = await results.read(unit.name);
    if (result !== undefined) stored.set(unit.name, result);
  }
  return stored;
}
