import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Evaluation, InvalidInputError } from '@maxent/core';
import { assertComplete, scoredEvaluations } from '../../results/learning-run.js';
import { coreHoursOf, type FinishedRun, readFinishedRun } from '../../results/stored-seeds.js';
import { assertSame, assertSettings } from '../../results/stored-settings.js';
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
      const stored = await readSeed(place, curve, seed);
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

interface PlannedRun {
  readonly directory: string;
  readonly steps: number;
  readonly level: FinishedRun['config']['level'];
}

function plannedRuns(directory: string, { steps, levels, from }: PlannedCurve): PlannedRun[] {
  if (levels !== undefined) {
    return levels.map((level, i) => ({ directory: join(directory, `level-${i}`), ...level }));
  }
  if (from !== undefined) return [{ directory, steps: steps - from, level: CONTINUED }];
  return [{ directory, steps, level: undefined }];
}

async function readSeed(
  directory: string,
  curve: PlannedCurve,
  seed: number,
): Promise<StoredSeed | undefined> {
  const evaluations: Evaluation[] = [];
  let [start, coreHours, hours] = [curve.from ?? 0, 0, 0];
  for (const { directory: place, steps, level } of plannedRuns(directory, curve)) {
    const run = await readFinishedRun(place);
    if (run === undefined) return undefined;
    assertPlanned(run, curve, seed, steps, level);
    evaluations.push(...run.evaluations.map((row) => ({ ...row, step: row.step + start })));
    start += steps;
    coreHours += coreHoursOf(run);
    hours += run.trainingSeconds / 3600;
  }
  return { seed, score: scoreOf(evaluations, directory), evaluations, coreHours, hours };
}

function assertPlanned(
  run: FinishedRun,
  { agent, settings, environment, evaluation, from }: PlannedCurve,
  seed: number,
  steps: number,
  level: PlannedRun['level'],
): void {
  const { directory, config } = run;
  assertSettings(run, { agent, settings, environment, steps, ...(level !== undefined && { level }) });
  assertSame(directory, 'seed', config.seed, seed);
  assertSame(directory, 'envs', config.envs, undefined);
  assertSame(directory, 'evaluation', config.evaluation, evaluation);
  assertSame(directory, 'evalMaxSteps', config.evalMaxSteps, undefined);
  if (from !== undefined) assertSame(directory, 'checkpoint', config.from?.checkpoint, from);
  const { every: evaluateEvery, episodes } = evaluation;
  const returns = testTasksOf(config) ?? episodes;
  assertComplete({ ...run, protocol: { steps, evaluateEvery, episodes: returns } });
}

/** An evaluation over a task family has one return for each test task. */
function testTasksOf({ family, agent }: FinishedRun['config']): number | undefined {
  return family === true ? Number(agent.config.testTasks) : undefined;
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
