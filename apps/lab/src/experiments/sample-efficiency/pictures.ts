import { learningCurveSeries, lineChartSvg, type Series } from '@maxent/training/report';
import { PUBLIC_CURVES } from './public-curves.js';
import type { StoredRun } from './stored-runs.js';
import { TASKS, type Task, type Variant } from './variants.js';

/** For each task with runs, our learning curves over the public ones, which have a band of one standard deviation. */
export function learningCurves(
  runs: readonly StoredRun[],
  variants: readonly Pick<Variant, 'name' | 'label'>[],
): Record<string, string> {
  const pictures: Record<string, string> = {};
  for (const task of TASKS) {
    const series = variants.flatMap(({ name, label }): Series[] => {
      const found = runs.filter((run) => run.variant === name && run.task === task);
      if (found.length === 0) return [];
      const evaluations = found.map((run) => run.evaluations);
      return [learningCurveSeries({ label: `${label} (${found.length})`, runs: evaluations })];
    });
    if (series.length === 0) continue;
    pictures[task] = lineChartSvg({
      title: `${task}, and public curves on v4`,
      xLabel: 'environment steps',
      series: [...series, ...publicSeries(task)],
      width: 760,
      height: 400,
    });
  }
  return pictures;
}

const publicSeries = (task: Task): Series[] =>
  PUBLIC_CURVES.map(({ algorithm, seeds, points }) => ({
    label: `public ${algorithm}, v4 (${seeds})`,
    points: points[task].map(({ step, mean, sd }) => ({ x: step, y: mean, low: mean - sd, high: mean + sd })),
  }));
