import type { RunConfig } from '../run-config.js';
import type { EvaluationRow, RunRow } from '../run-storage.js';
import { type BestCheckpoint, bestCheckpointCard } from './best-checkpoint.js';
import { CHART_SCRIPT } from './chart-script.js';
import { type FilmStrip, filmStripMarkup } from './film-strip.js';
import { escapeMarkup } from './markup.js';
import { formatDuration, formatNumber, rangeOf } from './numbers.js';
import {
  CHART_CONTROLS,
  chartData,
  curveOf,
  MOST_POINTS_EACH,
  type PageChart,
  pageChart,
} from './page-chart.js';
import { REPORT_STYLE } from './report-style.js';
import { configurationTables, evaluationTable } from './report-tables.js';
import {
  adaptationSeries,
  LOOP_METRICS,
  learningCurveSeries,
  metricSeries,
  trainingReturnSeries,
} from './series.js';
import { stepsLabel } from './steps-label.js';

/** How many metrics have a chart, and how many points all of them together, so that the page stays small. */
const MOST_CHARTS = 60;
const MOST_POINTS = 4000;

export interface ReportedRun {
  readonly config: RunConfig;
  readonly rows: readonly RunRow[];
  /** Says what is missing from `rows`. */
  readonly warnings: readonly string[];
  /** What the agent's metrics mean: `AgentDefinition.metrics`. */
  readonly metrics?: Readonly<Record<string, string>> | undefined;
  readonly best?: BestCheckpoint | undefined;
  readonly film?: FilmStrip | undefined;
}

/** A run's report, for `htmlPage`. */
export function reportPage({ config, rows, warnings, metrics = {}, best, film }: ReportedRun) {
  const evaluations = rows.filter((row) => row.type === 'evaluation');
  const said = rows.flatMap((row) => (row.type === 'warning' ? [row.message] : []));
  const notices = [...warnings, ...said].map((text) => `<p class="warning">${escapeMarkup(text)}</p>\n`);
  const returns = returnChart(config, rows, evaluations);
  const adaptation = adaptationCharts(evaluations);
  const { charts, left } = metricCharts(config, rows, metrics);
  return {
    title: `${config.agent.name} on ${config.environment.id}`,
    subtitle: `Seed ${config.seed}, ${config.backend} backend, started ${config.provenance.startedAt}`,
    style: REPORT_STYLE,
    script: CHART_SCRIPT,
    data: { charts: chartData([returns, ...adaptation, ...charts]) },
    body: `${notices.join('')}${tiles(config, rows, evaluations)}
${CHART_CONTROLS}
${pageChart(returns)}
${evaluationTable(evaluations)}
${adaptation.map(pageChart).join('')}${film === undefined ? '' : filmStripMarkup(film)}${best === undefined ? '' : bestCheckpointCard(best)}
<h2>Learning</h2>
<div class="charts">${charts.map(pageChart).join('\n')}</div>
${left.length === 0 ? '' : `<p>${left.length} more metrics are in metrics.jsonl: ${escapeMarkup(left.join(', '))}.</p>`}
<details class="help"><summary>How to read the charts</summary>
<p>Point at a chart, touch it, or reach it with the Tab key and use the arrow keys, to see its values. Drag over a stretch to zoom in; + and &#8722; zoom too, and a double click or Escape shows everything again.</p>
<p>A smoothed curve is drawn over the pale original. It is a debiased exponential moving average: m<sub>k</sub> = w m<sub>k&#8722;1</sub> + (1 &#8722; w) y<sub>k</sub> from m<sub>0</sub> = 0, shown as m<sub>k</sub> / (1 &#8722; w<sup>k</sup>), where w is the smoothing and y<sub>k</sub> the k-th point of the chart. Evaluations, and curves of fewer than 20 points, are not smoothed. A long run has means of equally wide stretches as points, and a band from the lowest to the highest value of each.</p>
</details>
<h2>Configuration and machine</h2>
<div class="tables">
${configurationTables(config)}
</div>`,
  };
}

function returnChart(
  config: RunConfig,
  rows: readonly RunRow[],
  evaluations: readonly EvaluationRow[],
): PageChart {
  const evaluated = learningCurveSeries({
    label: 'evaluation, mean and range over episodes',
    runs: [evaluations],
  });
  return {
    title: 'Return per episode',
    xLabel: stepsLabel(config),
    curves: [
      curveOf(trainingReturnSeries(rows), { kind: 'noisy', color: 0 }, MOST_POINTS_EACH),
      curveOf(evaluated, { kind: 'steady', color: 1, short: 'evaluation' }, MOST_POINTS_EACH),
    ],
    large: true,
    linked: true,
  };
}

/** For a run over a task family: the last evaluation, episode by episode in each test task. */
function adaptationCharts(evaluations: readonly EvaluationRow[]): PageChart[] {
  const last = evaluations.at(-1);
  if (last?.adaptation === undefined) return [];
  return [
    {
      title: 'Return by episode in the last evaluation, mean and range over test tasks',
      xLabel: 'episode',
      curves: [curveOf(adaptationSeries(last.adaptation), { kind: 'steady', color: 1 }, MOST_POINTS_EACH)],
      linked: false,
    },
  ];
}

/** A chart for each metric, and the names of those for which there is no room. */
function metricCharts(
  config: RunConfig,
  rows: readonly RunRow[],
  metrics: Readonly<Record<string, string>>,
): { readonly charts: readonly PageChart[]; readonly left: readonly string[] } {
  const all = metricSeries(rows);
  const shown = all.slice(0, MOST_CHARTS);
  const points = Math.min(MOST_POINTS_EACH, Math.floor(MOST_POINTS / shown.length));
  const meanings = new Map(Object.entries({ ...LOOP_METRICS, ...metrics }));
  const charts = shown.map((series) => ({
    title: series.label,
    meaning: meanings.get(series.name),
    xLabel: stepsLabel(config),
    curves: [curveOf(series, { kind: 'noisy', color: 1 }, points)],
    linked: true,
  }));
  return { charts, left: all.slice(MOST_CHARTS).map(({ name }) => name) };
}

function tiles(config: RunConfig, rows: readonly RunRow[], evaluations: readonly EvaluationRow[]): string {
  const last = evaluations.at(-1);
  const [, best] = rangeOf(evaluations.map(({ returnMean }) => returnMean));
  const updates = rows.filter((row) => row.type === 'metrics').at(-1)?.updates ?? 0;
  const { step, wallSeconds } = rows.at(-1) ?? { step: 0, wallSeconds: 0 };
  const facts: [string, string][] = [
    last === undefined
      ? ['none yet', 'last evaluation']
      : [
          formatNumber(last.returnMean),
          `last evaluation, ± ${formatNumber(last.returnStd)} over ${last.episodes} ${last.episodes === 1 ? 'episode' : 'episodes'}`,
        ],
    [last === undefined ? 'none yet' : formatNumber(best), 'best evaluation'],
    [step.toLocaleString('en'), `of ${config.steps.toLocaleString('en')} ${stepsLabel(config)}`],
    [updates.toLocaleString('en'), 'updates'],
    [formatDuration(wallSeconds), 'training time'],
  ];
  const cells = facts.map(
    ([value, name]) =>
      `<div class="tile card"><b>${escapeMarkup(value)}</b><span>${escapeMarkup(name)}</span></div>`,
  );
  return `<div class="tiles">${cells.join('')}</div>`;
}
