import { InvalidInputError } from '@maxent/core';
import type { EvaluationRow, RunRow } from '../run-storage.js';
import { bootstrapInterval, FEWEST_FOR_INTERVAL, type Interval } from './bootstrap.js';
import { rangeOf } from './numbers.js';
import { groupRuns, type NamedRun } from './run-groups.js';
import { interquartileMean, mean, median } from './score-statistics.js';
import { type Point, returnsAtCommonSteps, type Series } from './series.js';

/** A run to compare: its name, its configuration and what it recorded. */
export interface RecordedRun extends NamedRun {
  readonly rows: readonly RunRow[];
}

/** One number for each of some runs, summed up. */
export interface Summary {
  readonly interquartileMean: number;
  /** The 95 % bootstrap interval of the interquartile mean; undefined for fewer than `FEWEST_FOR_INTERVAL` runs. */
  readonly interval?: Interval;
  /** From the lowest run to the highest. */
  readonly range: Interval;
}

export interface ComparedRun<Run> {
  readonly run: Run;
  readonly evaluations: readonly EvaluationRow[];
  /** Mean return of its last evaluation up to the comparison's step; undefined if it has none. */
  readonly score?: number;
  /** Mean of all its evaluations up to that step. */
  readonly average?: number;
  /** Step of its first evaluation that reached the threshold, also after that step; undefined if there is none. */
  readonly reachedAt?: number;
}

export interface ComparedGroup<Run> {
  readonly label: string;
  readonly runs: readonly ComparedRun<Run>[];
  /** Over the runs with a score; undefined if there is none. */
  readonly score?: Summary;
  readonly average?: Summary;
  /** Median step at which its runs with an evaluation reached the threshold; undefined unless more than half did. */
  readonly reachedAt?: number;
  readonly curve: Series;
}

export interface Comparison<Run> {
  readonly environment: string;
  /** Where runs are compared: the last step that all runs with an evaluation have reached; undefined without any. */
  readonly step?: number;
  readonly threshold?: number;
  readonly groups: readonly ComparedGroup<Run>[];
}

/** Fewer resamples than a table's: the eye does not see the difference in a band. */
const BAND_RESAMPLES = 2000;

/**
 * Compares runs in one environment, grouped by their settings (Agarwal et al. 2021): see `groupRuns`, which says what it
 * refuses. `threshold` is the return to reach; by default the one at which all runs were to stop early, if that is the
 * same. Throws InvalidInputError with field `runs` for no runs.
 */
export function compareRuns<Run extends RecordedRun>(
  runs: readonly Run[],
  threshold = commonThreshold(runs),
): Comparison<Run> {
  const groups = groupRuns(runs);
  if (runs.length === 0) throw new InvalidInputError('runs', 'expected at least one, got none');
  const lastSteps = runs.flatMap(({ rows }) => evaluationsOf(rows).at(-1)?.step ?? []);
  const step = lastSteps.length === 0 ? undefined : Math.min(...lastSteps);
  return {
    environment: runs[0]!.config.environment.id,
    ...(step !== undefined && { step }),
    ...(threshold !== undefined && { threshold }),
    groups: groups.map(({ label, runs: members }) => {
      const compared = members.map((run) => compareRun(run, step, threshold));
      const scores = compared.flatMap(({ score }) => score ?? []);
      const averages = compared.flatMap(({ average }) => average ?? []);
      const begun = compared.filter(({ evaluations }) => evaluations.length > 0);
      const reachedAt = begun.length === 0 ? Infinity : median(begun.map((run) => run.reachedAt ?? Infinity));
      return {
        ...{ label, runs: compared, curve: curveOf(label, compared) },
        ...(scores.length > 0 && { score: summaryOf(scores), average: summaryOf(averages) }),
        ...(Number.isFinite(reachedAt) && { reachedAt }),
      };
    }),
  };
}

/**
 * The shares of each group's runs whose score is at least a return, as steps that fall at its runs' scores, with the
 * pointwise 95 % bootstrap interval where there are enough runs (Agarwal et al. 2021, section 4.2). Groups without a
 * score have no points.
 */
export function performanceProfiles(groups: readonly ComparedGroup<unknown>[]): readonly Series[] {
  const scoresOf = (group: ComparedGroup<unknown>) => group.runs.flatMap(({ score }) => score ?? []);
  const all = [...new Set(groups.flatMap(scoresOf))].sort((a, b) => a - b);
  return groups.map((group): Series => {
    const scores = scoresOf(group);
    if (scores.length === 0) return { label: group.label, points: [] };
    const shareAbove = (score: number) => (sample: readonly number[]) =>
      sample.filter((other) => other > score).length / sample.length;
    const at = (score: number) => ({ y: shareAbove(score)(scores), ...bandOf(scores, shareAbove(score)) });
    // Left of every score all runs lie above it; at the score of a run the share falls.
    let before = at(-Infinity);
    const points = all.flatMap((score): Point[] => {
      const [left, right] = [
        { x: score, ...before },
        { x: score, ...at(score) },
      ];
      if (left.y === right.y) return [left];
      before = at(score);
      return [left, right];
    });
    return { label: group.label, points };
  });
}

function commonThreshold(runs: readonly NamedRun[]): number | undefined {
  const thresholds = new Set(runs.map(({ config }) => config.evaluation.stopWhen?.returnAtLeast));
  return thresholds.size === 1 ? [...thresholds][0] : undefined;
}

/** By step: a damaged file can have rows out of order. */
function evaluationsOf(rows: readonly RunRow[]): readonly EvaluationRow[] {
  return rows.filter((row) => row.type === 'evaluation').sort((a, b) => a.step - b.step);
}

function compareRun<Run extends RecordedRun>(
  run: Run,
  step: number | undefined,
  threshold: number | undefined,
): ComparedRun<Run> {
  const evaluations = evaluationsOf(run.rows);
  const returns = evaluations.filter((row) => row.step <= step!).map(({ returnMean }) => returnMean);
  const reached =
    threshold === undefined ? undefined : evaluations.find((row) => row.returnMean >= threshold);
  return {
    ...{ run, evaluations },
    ...(returns.length > 0 && { score: returns.at(-1)!, average: mean(returns) }),
    ...(reached !== undefined && { reachedAt: reached.step }),
  };
}

function summaryOf(values: readonly number[]): Summary {
  const [low, high] = rangeOf(values);
  return {
    interquartileMean: interquartileMean(values),
    ...(values.length >= FEWEST_FOR_INTERVAL && { interval: bootstrapInterval(values, interquartileMean) }),
    range: { low, high },
  };
}

/** The interquartile mean at the steps that all runs with an evaluation have, with its interval or their range. */
function curveOf(label: string, runs: readonly ComparedRun<unknown>[]): Series {
  const begun = runs.filter(({ evaluations }) => evaluations.length > 0);
  const points = returnsAtCommonSteps(begun.map(({ evaluations }) => evaluations)).map(
    ([x, returns]): Point => {
      const [low, high] = rangeOf(returns);
      const range = begun.length > 1 ? { low, high } : {};
      return { x, y: interquartileMean(returns), ...range, ...bandOf(returns, interquartileMean) };
    },
  );
  return { label, points };
}

function bandOf(
  values: readonly number[],
  statistic: (ascending: readonly number[]) => number,
): Interval | undefined {
  if (values.length < FEWEST_FOR_INTERVAL) return undefined;
  return bootstrapInterval(values, statistic, { resamples: BAND_RESAMPLES });
}
