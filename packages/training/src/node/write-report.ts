import { dirname, join, relative, resolve, sep } from 'node:path';
import { lineChartSvg, lineChartsSvg } from '../report/line-chart.js';
import { type ReportedRun, reportPage } from '../report/report-page.js';
import { type LearningCurve, learningCurveSeries } from '../report/series.js';
import type { EvaluationRow, RunRow } from '../run-storage.js';
import { htmlPage } from './html-page.js';
import { readRun, type StoredRun } from './read-run.js';
import { writeOutputFile } from './write-output-file.js';

/** What a report shows beyond what the run's directory says by itself. */
export interface ReportOptions extends Pick<ReportedRun, 'metrics' | 'film'> {
  /** Where to write it. Default: `report.html` in the run's directory. */
  readonly file?: string | undefined;
}

/**
 * Writes the report of a run: learning curves, configuration, machine and versions in one file that needs neither network nor
 * scripts; it says so if rows are missing. Returns its path. Throws InvalidInputError if the directory does not hold a
 * run, and StorageError if the file cannot be written or a link or pipe has its name.
 */
export async function writeReport(directory: string, options: ReportOptions = {}): Promise<string> {
  const { file = join(directory, 'report.html'), ...shown } = options;
  const run = await readRun(directory);
  const stored = await run.readRows();
  const best = await bestOf(run, stored.rows, file);
  await writeOutputFile(file, htmlPage(reportPage({ config: run.config, ...stored, ...shown, best })));
  return file;
}

async function bestOf(run: StoredRun, rows: readonly RunRow[], file: string): Promise<ReportedRun['best']> {
  const step = await run.bestStep();
  if (step === undefined) return undefined;
  const found = rows.find((row) => row.type === 'evaluation' && row.step === step) as
    | EvaluationRow
    | undefined;
  const path = relative(dirname(resolve(file)), resolve(run.directory))
    .split(sep)
    .join('/');
  return {
    step,
    returnMean: found?.returnMean,
    runPath: path || '.',
    folder: `checkpoints/best-step-${step}`,
    family: run.config.family === true,
  };
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
