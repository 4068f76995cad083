import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import { scoredEvaluations } from '../../results/learning-run.js';
import { coreHoursOf, type FinishedRun, readSeed } from '../../results/stored-seeds.js';
import { assertRun, assertSame, type ExpectedSettings } from '../../results/stored-settings.js';
import { mean } from '../../statistics.js';
import { CONTINUED, type PlannedCurve, STARTS } from './curves.js';

/** One seed of a curve that has come to its last step. */
export interface StoredSeed {
  readonly seed: number;
  /** Mean return of the last three evaluations; over tasks, of the last episodes in each. */
  readonly score: number;
  /** Of all levels one after the other, on one axis of steps. */
  readonly evaluations: readonly Evaluation[];
  readonly coreHours: number;
  /** Wall clock. */
  readonly hours: number;
}

/** A row of the plan: one seed of one curve. */
export interface Row {
  readonly curve: PlannedCurve;
  readonly seed: number;
  readonly state: 'done' | 'running' | 'not run';
  /** Once it is done. */
  readonly stored?: StoredSeed;
}

/** The rows of a curve. Throws InvalidInputError, with a run's directory as field, for settings that are not the plan's. */
export function readRows(directory: string, curve: PlannedCurve): Promise<Row[]> {
  return Promise.all(
    curve.seeds.map(async (seed): Promise<Row> => {
      const place = join(directory, curve.name, `seed${seed}`);
      if (!existsSync(place)) return { curve, seed, state: 'not run' };
      const stored = await readStored(place, curve, seed);
      return stored === undefined
        ? { curve, seed, state: 'running' }
        : { curve, seed, state: 'done', stored };
    }),
  );
}

/** What is done of these rows. */
export function storedSeeds(rows: readonly Row[], curve: PlannedCurve): StoredSeed[] {
  return rows.filter((row) => row.curve === curve).flatMap(({ stored }) => stored ?? []);
}

type PlannedRun = Pick<ExpectedSettings, 'steps' | 'level'>;

function plannedRuns({ steps, levels, from }: PlannedCurve): readonly PlannedRun[] {
  if (levels !== undefined) return levels;
  return [from === undefined ? { steps } : { steps: steps - from, level: CONTINUED }];
}

async function readStored(
  directory: string,
  curve: PlannedCurve,
  seed: number,
): Promise<StoredSeed | undefined> {
  const { from = 0, levels } = curve;
  const found = await readSeed(directory, seed, levels?.length);
  if (found === undefined) return undefined;
  for (const [i, planned] of plannedRuns(curve).entries())
    assertPlanned(found.runs[i]!, curve, seed, planned);
  return {
    seed,
    score: scoreOf(found.evaluations, directory),
    evaluations: found.evaluations.map((row) => ({ ...row, step: row.step + from })),
    coreHours: total(found.runs.map(coreHoursOf)),
    hours: total(found.runs.map(({ trainingSeconds }) => trainingSeconds / 3600)),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function assertPlanned(
  run: FinishedRun,
  { agent, settings, environment, evaluation, from }: PlannedCurve,
  seed: number,
  planned: PlannedRun,
): void {
  const { directory, config } = run;
  // An evaluation over a task family has one return for each test task.
  const returns = config.family === true ? Number(config.agent.config.testTasks) : evaluation.episodes;
  assertRun(run, { agent, settings, environment, seed, evaluation, returns, ...planned });
  if (from !== undefined) assertSame(directory, 'checkpoint', config.from?.checkpoint, from);
}

function scoreOf(evaluations: readonly Evaluation[], directory: string): number {
  return mean(
    scoredEvaluations({ evaluations }).map(({ step, returnMean, adaptation }) => {
      if (adaptation === undefined) return returnMean;
      const scored = adaptation.returns.map((returns) => returns.slice(-STARTS));
      if (scored.some((returns) => returns.length < STARTS)) {
        throw new InvalidInputError(
          directory,
          `expected ${STARTS} episodes or more in each test task at step ${step}`,
        );
      }
      return mean(scored.map(mean));
    }),
  );
}
