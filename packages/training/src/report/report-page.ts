import { isRecord, type JsonValue } from '@maxent/core';
import type { RunConfig } from '../run-config.js';
import type { EvaluationRow, RunRow } from '../run-storage.js';
import { lineChartSvg } from './line-chart.js';
import { escapeMarkup } from './markup.js';
import { formatDuration, formatNumber, rangeOf } from './numbers.js';
import { adaptationSeries, learningCurveSeries, metricSeries, trainingReturnSeries } from './series.js';
import { stepsLabel } from './steps-label.js';

const STYLE = `
h2 { margin-top: 36px; }
.warning { background: var(--notice); border: 1px solid var(--notice-edge); border-radius: 10px; padding: 10px 16px; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-bottom: 16px; }
.tile { padding: 12px 16px; }
.tile b { display: block; font-size: 21px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { color: var(--quiet); font-size: 13px; }
.card svg { width: 100%; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 12px; }
.tables { columns: 2 380px; column-gap: 12px; }
.tables .card { break-inside: avoid; margin-bottom: 12px; }
.card h3 { font-size: 14px; margin: 4px 8px 6px; }
table { width: 100%; font-size: 13.5px; }
td, th { padding: 4px 8px; border-top: 1px solid var(--edge); }
tr:first-child > td { border-top: 0; }
td:first-child { color: var(--quiet); width: 44%; }
td.number, th.number { text-align: right; color: inherit; width: auto; }
summary { cursor: pointer; padding: 6px 8px; color: var(--quiet); }
`;

/** A run's report, for `htmlPage`. */
export function reportPage({
  config,
  rows,
  warnings,
}: {
  readonly config: RunConfig;
  readonly rows: readonly RunRow[];
  /** Says what is missing from `rows`. */
  readonly warnings: readonly string[];
}) {
  const evaluations = rows.filter((row) => row.type === 'evaluation');
  const said = rows.flatMap((row) => (row.type === 'warning' ? [row.message] : []));
  const steps = stepsLabel(config);
  const learningCurve = lineChartSvg({
    title: 'Return per episode',
    xLabel: steps,
    series: [
      trainingReturnSeries(rows),
      learningCurveSeries({ label: 'evaluation, mean and range over episodes', runs: [evaluations] }),
    ],
    width: 1000,
    height: 380,
  });
  const charts = metricSeries(rows).map((series) =>
    lineChartSvg({
      title: series.label,
      xLabel: steps,
      series: [series],
      width: 340,
      height: 210,
    }),
  );
  const notices = [...warnings, ...said].map((text) => `<p class="warning">${escapeMarkup(text)}</p>\n`);
  return {
    title: `${config.agent.name} on ${config.environment.id}`,
    subtitle: `Seed ${config.seed}, ${config.backend} backend, started ${config.provenance.startedAt}`,
    style: STYLE,
    body: `${notices.join('')}${tiles(config, rows, evaluations)}
<div class="card">${learningCurve}</div>
${evaluationTable(evaluations)}
${adaptationCard(evaluations)}
<h2>Learning</h2>
<div class="charts">${charts.map((chart) => `<div class="card">${chart}</div>`).join('\n')}</div>
<h2>Configuration and machine</h2>
<div class="tables">
${table(`Agent ${config.agent.name}`, flattened(config.agent.config))}
${table('Run', runSettings(config))}
${table('Machine', flattened(config.provenance.machine))}
${table('Versions', flattened(config.provenance.versions))}
</div>`,
  };
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
      `<div class="tile"><b>${escapeMarkup(value)}</b><span>${escapeMarkup(name)}</span></div>`,
  );
  return `<div class="tiles">${cells.join('')}</div>`;
}

/** For a run over a task family: the last evaluation, episode by episode in each test task. */
function adaptationCard(evaluations: readonly EvaluationRow[]): string {
  const last = evaluations.at(-1);
  if (last?.adaptation === undefined) return '';
  const series = adaptationSeries(last.adaptation);
  const title = 'Return by episode in the last evaluation, mean and range over test tasks';
  const chart = lineChartSvg({ title, xLabel: 'episode', series: [series], width: 1000, height: 260 });
  return `<div class="card">${chart}</div>`;
}

function evaluationTable(evaluations: readonly EvaluationRow[]): string {
  if (evaluations.length === 0) return '';
  const number = (value: string) => `<td class="number">${value}</td>`;
  const body = evaluations.map(({ step, returnMean, returnStd, returns }) => {
    const values = [returnMean, returnStd, ...rangeOf(returns)].map(formatNumber);
    return `<tr>${[step.toLocaleString('en'), ...values].map(number).join('')}</tr>`;
  });
  const heads = ['step', 'mean', 'standard deviation', 'lowest', 'highest'];
  const head = heads.map((name) => `<th class="number">${name}</th>`).join('');
  return `<details><summary>All evaluations as numbers</summary><div class="card"><table><tr>${head}</tr>${body.join('')}</table></div></details>`;
}

function runSettings({
  steps,
  seed,
  envs,
  evaluation,
  logEvery,
  checkpointEvery,
  environment,
  level,
  from,
  plugins,
  backend,
}: RunConfig) {
  return flattened({
    environment: environment.id,
    ...(Object.keys(environment.options).length > 0 && { 'environment options': environment.options }),
    ...(level && { level: level as unknown as JsonValue }),
    ...(from && { from }),
    steps,
    seed,
    ...(envs !== undefined && { environments: envs }),
    evaluation: evaluation as unknown as JsonValue,
    logEvery,
    checkpointEvery,
    backend,
    ...(plugins.length > 0 && { plugins }),
  });
}

/** Nested values under dotted names; arrays stay as they are. */
function flattened(
  values: Readonly<Record<string, JsonValue | undefined>>,
  prefix = '',
): [string, JsonValue][] {
  return Object.entries(values).flatMap(([key, value]): [string, JsonValue][] => {
    if (value === undefined) return [];
    const nested = isRecord(value);
    return nested
      ? flattened(value as Record<string, JsonValue>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value]];
  });
}

function table(title: string, entries: readonly (readonly [string, JsonValue])[]): string {
  if (entries.length === 0) return '';
  const cell = (value: JsonValue) => escapeMarkup(typeof value === 'string' ? value : JSON.stringify(value));
  const body = entries.map(
    ([name, value]) => `<tr><td>${escapeMarkup(name)}</td><td>${cell(value)}</td></tr>`,
  );
  return `<div class="card"><h3>${escapeMarkup(title)}</h3><table>${body.join('')}</table></div>`;
}
