import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lineChartSvg } from '../report/line-chart.js';
import { reportPage } from '../report/report-page.js';
import { type LearningCurve, learningCurveSeries } from '../report/series.js';
import { readRun } from './read-run.js';

/**
 * Writes `report.html` into a run directory: learning curves, configuration, machine and versions in one file
 * without network or script; it says so when rows are missing. Returns its path. Throws InvalidInputError when the directory holds no run.
 */
export async function writeReport(directory: string): Promise<string> {
  const path = join(directory, 'report.html');
  const run = await readRun(directory);
  await writeFile(path, reportPage({ config: run.config, ...(await run.readRows()) }));
  return path;
}

/** Writes a picture of one or more learning curves, to compare configurations or to show in a document. */
export async function writeLearningCurveSvg(
  curves: readonly LearningCurve[],
  file: string,
  { title, xLabel = 'environment steps' }: { readonly title: string; readonly xLabel?: string },
): Promise<void> {
  const series = curves.map(learningCurveSeries);
  const size = { width: 760, height: 360 };
  await writeFile(file, lineChartSvg({ title, xLabel, series, ...size }));
}
