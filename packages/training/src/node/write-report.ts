import { join } from 'node:path';
import { lineChartSvg, lineChartsSvg } from '../report/line-chart.js';
import { reportPage } from '../report/report-page.js';
import { type LearningCurve, learningCurveSeries } from '../report/series.js';
import { htmlPage } from './html-page.js';
import { readRun } from './read-run.js';
import { writeOutputFile } from './write-output-file.js';

/**
 * Writes `report.html` into a run directory: learning curves, configuration, machine and versions in one file that
 * needs neither network nor scripts; it says so if rows are missing. Returns its path. Throws InvalidInputError if the
 * directory does not hold a run, and StorageError if the file cannot be written or a link or pipe has its name.
 */
export async function writeReport(directory: string): Promise<string> {
  const path = join(directory, 'report.html');
  const run = await readRun(directory);
  await writeOutputFile(path, htmlPage(reportPage({ config: run.config, ...(await run.readRows()) })));
  return path;
}

/** Learning curves of one environment, which share their axes. */
export interface LearningCurveChart {
  readonly title: string;
  readonly curves: readonly LearningCurve[];
  /** Default `environment steps`. */
  readonly xLabel?: string;
}

/** Writes a picture of one chart, or of several stacked charts, for comparison or for a document. */
export async function writeLearningCurveSvg(
  file: string,
  ...charts: readonly LearningCurveChart[]
): Promise<void> {
  const drawn = charts.map(({ title, curves, xLabel = 'environment steps' }) => {
    return { title, xLabel, series: curves.map(learningCurveSeries), width: 760, height: 360 };
  });
  await writeOutputFile(file, drawn.length === 1 ? lineChartSvg(drawn[0]!) : lineChartsSvg(drawn));
}
