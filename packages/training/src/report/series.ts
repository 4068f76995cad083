import type { AdaptationCurves, Evaluation } from '@maxent/core';
import type { RunRow } from '../run-storage.js';
import { grouped } from './grouped.js';
import { rangeOf } from './numbers.js';
import { mean } from './score-statistics.js';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** A band around the point. */
  readonly low?: number;
  readonly high?: number;
}

export interface Series {
  readonly label: string;
  readonly points: readonly Point[];
  /** Drawn behind the others, thin and pale, without marks. */
  readonly background?: boolean;
  /** Only marks, as for observations, or steps that last until the next point; a line through the points otherwise. */
  readonly shape?: 'points' | 'steps';
}

/** Evaluations of one or more runs, such as the seeds of one configuration, under one name. */
export interface LearningCurve {
  readonly label: string;
  readonly runs: readonly (readonly Pick<Evaluation, 'step' | 'returnMean' | 'returns'>[])[];
}

/**
 * Mean return over training. With a single run, the band spans the returns of its episodes; with several, it spans the
 * runs' means at the steps that all of them have reached.
 */
export function learningCurveSeries({ label, runs }: LearningCurve): Series {
  if (runs.length === 1) {
    const points = runs[0]!.map(({ step, returnMean, returns }) => {
      const [low, high] = rangeOf(returns);
      return { x: step, y: returnMean, low, high };
    });
    return { label, points };
  }
  const points = returnsAtCommonSteps(runs).map(([x, means]) => {
    return { x, y: mean(means), low: Math.min(...means), high: Math.max(...means) };
  });
  return { label, points };
}

/** The mean returns of all runs at each step that all of them have, in ascending order of steps. */
export function returnsAtCommonSteps(
  runs: readonly (readonly Pick<Evaluation, 'step' | 'returnMean'>[])[],
): [step: number, returns: number[]][] {
  return [...grouped(runs.flat(), ({ step }) => step)]
    .filter(([, evaluations]) => evaluations.length === runs.length)
    .sort(([a], [b]) => a - b)
    .map(([step, evaluations]) => [step, evaluations.map(({ returnMean }) => returnMean)]);
}

/** Mean return over test tasks by episode, and the range over tasks. */
export function adaptationSeries({ returns }: AdaptationCurves): Series {
  const points = returns[0]!.map((_, episode) => {
    const ofTasks = returns.map((task) => task[episode]!);
    return { x: episode + 1, y: mean(ofTasks), low: Math.min(...ofTasks), high: Math.max(...ofTasks) };
  });
  return { label: 'test tasks', points };
}

export function trainingReturnSeries(rows: readonly RunRow[]): Series {
  const points = rows.filter((row) => row.type === 'episode').map(({ step, return: y }) => ({ x: step, y }));
  return { label: 'training episodes', points };
}

/** What the metrics of the training loop itself mean; those of agents are told by `AgentDefinition.metrics`. */
export const LOOP_METRICS = {
  episodeTransformedReturn:
    'Mean return of the training episodes that ended, in the rewards that the agent learned from.',
  stepsPerSecond:
    'Steps per second of wall-clock time since the point before, evaluations and checkpoints included.',
};

const EPISODE_METRICS = new Set(['episodes', 'episodeReturn', 'episodeLength']);

export interface MetricSeries extends Series {
  /** As the agent calls the metric. */
  readonly name: string;
}

/** One series per metric of the agent, by name, then the speed. */
export function metricSeries(rows: readonly RunRow[]): MetricSeries[] {
  const metrics = rows.filter((row) => row.type === 'metrics');
  const points = new Map<string, Point[]>();
  for (const { step, values, stepsPerSecond } of metrics) {
    for (const [name, y] of Object.entries({ ...values, stepsPerSecond })) {
      if (EPISODE_METRICS.has(name)) continue;
      const series = points.get(name) ?? [];
      points.set(name, series);
      series.push({ x: step, y });
    }
  }
  const speed = 'stepsPerSecond';
  const names = [...points.keys()].filter((name) => name !== speed).sort();
  if (points.has(speed)) names.push(speed);
  return names.map((name) => ({ name, label: words(name), points: points.get(name)! }));
}

/** At most `count` points: the means of equally wide stretches of x, with a band from the lowest to the highest of each. */
export function thinned(points: readonly Point[], count: number): readonly Point[] {
  if (points.length <= count) return points;
  // Does not rely on the first and last points: a damaged row may be out of order.
  let [first, last] = [points[0]!.x, points[0]!.x];
  for (const { x } of points) [first, last] = [Math.min(first, x), Math.max(last, x)];
  const bins: Point[][] = Array.from({ length: count }, () => []);
  for (const point of points) {
    const bin = first === last ? 0 : Math.floor(((point.x - first) / (last - first)) * count);
    bins[Math.min(count - 1, bin)]!.push(point);
  }
  return bins
    .filter((bin) => bin.length > 0)
    .map((bin) => ({
      x: mean(bin.map(({ x }) => x)),
      y: mean(bin.map(({ y }) => y)),
      low: rangeOf(bin.map(({ y, low = y }) => low))[0],
      high: rangeOf(bin.map(({ y, high = y }) => high))[1],
    }));
}

/** `criticLoss` as "critic loss". */
function words(name: string): string {
  return name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}
