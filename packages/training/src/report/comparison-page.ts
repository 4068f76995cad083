import type { EvaluationRow } from '../run-storage.js';
import { FEWEST_FOR_INTERVAL } from './bootstrap.js';
import { CHART_SCRIPT } from './chart-script.js';
import {
  type ComparedGroup,
  type ComparedRun,
  type Comparison,
  performanceProfiles,
  type RecordedRun,
} from './comparison.js';
import { comparisonNotices } from './comparison-notices.js';
import { COMPARISON_STYLE, curveClass } from './comparison-style.js';
import { summaryWords, verdict } from './comparison-words.js';
import { escapeMarkup } from './markup.js';
import { formatNumber } from './numbers.js';
import {
  CHART_CONTROLS,
  chartData,
  curveOf,
  MOST_POINTS_EACH,
  type PageChart,
  pageChart,
  swatch,
} from './page-chart.js';
import { REPORT_STYLE } from './report-style.js';
import type { Series } from './series.js';
import { commonStepsLabel } from './steps-label.js';

/** A run to compare on a page. */
export interface ReportedComparison extends RecordedRun {
  /** Says what is missing from `rows`. */
  readonly warnings: readonly string[];
  /** Address of the run's own report, relative to the page. */
  readonly report?: string;
}

/** How many points the curves of the page have, all together, so that it stays small. */
const MOST_POINTS = 3000;

/**
 * Runs compared on one page, for `htmlPage`: curves by what differs between the runs, a table of interquartile means with
 * intervals over the runs, performance profiles.
 */
export function comparisonPage(comparison: Comparison<ReportedComparison>) {
  const { environment, groups } = comparison;
  const configs = groups.flatMap(({ runs }) => runs.map(({ run }) => run.config));
  const charts = chartsOf(comparison, commonStepsLabel(configs));
  const notices = comparisonNotices(comparison).map(
    (text) => `<p class="warning">${escapeMarkup(text)}</p>\n`,
  );
  const agents = new Set(configs.map((config) => config.agent.name));
  const agent = agents.size === 1 ? [...agents][0]! : 'Agents';
  const said = verdict(comparison);
  return {
    title: `${agent} on ${environment}, compared`,
    subtitle: `${counted(configs.length, 'run')} in ${counted(groups.length, 'group')}; runs in a group differ only in their seed`,
    style: REPORT_STYLE + COMPARISON_STYLE,
    script: CHART_SCRIPT,
    data: { charts: chartData(charts) },
    body: `${said === undefined ? '' : `<p class="verdict">${escapeMarkup(said)}</p>\n`}${notices.join('')}<h2>Groups</h2>
${groupTable(comparison)}
<h2>Curves</h2>
${CHART_CONTROLS}
${charts.map(pageChart).join('\n')}
<h2>Runs</h2>
${runTable(comparison)}
${HELP}`,
  };
}

const HELP = `<details class="help"><summary>How to read this page</summary>
<p>The score of a run is the mean return of its last evaluation up to the step at which runs are compared, the last step that all of them have reached.</p>
<p>The interquartile mean of n runs is the mean without the lowest and the highest quarter, n / 4 rounded down. It is less sensitive to a single lucky or failed run than the mean. With fewer than 4 runs it is the mean.</p>
<p>The 95&#160;% interval is a percentile bootstrap: the runs of a group are drawn with replacement 10,000 times, and it holds the middle 95&#160;% of the interquartile means. It says how much the number depends on the seeds. With fewer than ${FEWEST_FOR_INTERVAL} runs it would be little more than the range of the runs and promise too much, so the range is shown instead. With ${FEWEST_FOR_INTERVAL} runs whose scores are normally distributed, it holds the true value in about 90 cases of 100, with 10 runs in 94.</p>
<p>A performance profile shows, for every return, the share of a group's runs whose score is at least that: a group whose curve is above another's everywhere does better.</p>
<p>These are the methods of Agarwal et al. 2021, &#8220;Deep Reinforcement Learning at the Edge of the Statistical Precipice&#8221;. All runs are in one environment, so that their stratified bootstrap has one stratum.</p>
<p>Point at a chart, touch it, or reach it with the Tab key and use the arrow keys, to see its values. Drag over a stretch of the learning curves to zoom in; a double click or Escape shows everything again.</p>
</details>`;

function chartsOf({ groups, step }: Comparison<RecordedRun>, xLabel: string): PageChart[] {
  const most = Math.min(MOST_POINTS_EACH, Math.max(20, Math.floor(MOST_POINTS / (2 * groups.length))));
  const runsOf = ({ runs }: ComparedGroup<RecordedRun>) => runs.filter(hasEvaluations).length;
  const bands = groups.map((group) => bandOf(runsOf(group)));
  // One sentence if all bands are alike; in the legend otherwise.
  const common = new Set(bands).size === 1 ? bands[0] : undefined;
  const draw = ({ label, points }: Series, i: number, said = label) =>
    curveOf({ label: said, points }, { kind: 'steady', color: curveClass(i), short: label }, most);
  const learning: PageChart = {
    title: 'Evaluation return, interquartile mean over runs',
    meaning: common && `${common[0]!.toUpperCase()}${common.slice(1)}.`,
    xLabel,
    curves: groups.map(({ label, curve }, i) => draw(curve, i, common ? label : `${label} (${bands[i]})`)),
    large: true,
    linked: true,
  };
  if (groups.every(({ runs }) => runs.filter(hasScore).length < 2)) return [learning];
  const share = "Share of a group's runs whose score is at least the return on the axis";
  const banded = groups.some((group) => runsOf(group) >= FEWEST_FOR_INTERVAL);
  const profiles: PageChart = {
    title: `Performance profiles at step ${step!.toLocaleString('en')}`,
    meaning: banded
      ? `${share}; band: 95 % bootstrap interval at each return, from ${FEWEST_FOR_INTERVAL} runs on.`
      : `${share}.`,
    xLabel: 'return',
    curves: performanceProfiles(groups).map((series, i) => draw(series, i)),
    linked: false,
  };
  return [learning, profiles];
}

function bandOf(runs: number): string {
  if (runs === 0) return 'no evaluation yet';
  if (runs === 1) return 'one run, no band';
  return runs < FEWEST_FOR_INTERVAL ? 'band: lowest to highest run' : 'band: 95 % bootstrap interval';
}

const hasEvaluations = ({ evaluations }: ComparedRun<unknown>) => evaluations.length > 0;
const hasScore = ({ score }: ComparedRun<unknown>) => score !== undefined;

/** A table cell and the name of its column, which a narrow page puts next to it. */
type Cell = readonly [column: string, markup: string];

function table(caption: string, rows: readonly (readonly Cell[])[]): string {
  const head = rows[0]!.map(([name]) => `<th scope="col">${escapeMarkup(name)}</th>`);
  const body = rows.map((row) => {
    const [[, first], ...rest] = row as [Cell, ...Cell[]];
    const cells = rest.map(
      ([name, markup]) => `<td data-name="${escapeMarkup(name)}"><div>${markup}</div></td>`,
    );
    return `<tr><th scope="row">${first}</th>${cells.join('')}</tr>`;
  });
  return `<div class="card"><table class="compared"><caption>${escapeMarkup(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function groupTable({ step, threshold, groups }: Comparison<RecordedRun>): string {
  const at = step === undefined ? '' : ` at step ${step.toLocaleString('en')}`;
  const rows = groups.map((group, i): Cell[] => [
    ['Group', `${swatch(curveClass(i))}${escapeMarkup(group.label)}`],
    [`Return${at}`, summaryCell(group, 'score')],
    ['Average return until then', summaryCell(group, 'average')],
    ...(threshold === undefined
      ? []
      : [[`Steps to a return of ${formatNumber(threshold)}`, thresholdCell(group)] as const]),
  ]);
  return table('Interquartile means over the runs of each group', rows);
}

function summaryCell(group: ComparedGroup<unknown>, of: 'score' | 'average'): string {
  const summary = group[of];
  if (summary === undefined) return '<small>no evaluation yet</small>';
  const runs = group.runs.filter(hasScore).length;
  return `<b>${escapeMarkup(formatNumber(summary.interquartileMean))}</b><small>${escapeMarkup(summaryWords(summary, runs))}</small>`;
}

function thresholdCell({ runs, reachedAt }: ComparedGroup<unknown>): string {
  const begun = runs.filter(hasEvaluations);
  if (begun.length === 0) return '<small>no evaluation yet</small>';
  const reached = begun.filter((run) => run.reachedAt !== undefined).length;
  const middle = begun.length === 1 ? '' : 'median; ';
  const said =
    reachedAt === undefined ? '<b>not reached</b>' : `<b>${Math.round(reachedAt).toLocaleString('en')}</b>`;
  return `${said}<small>${reachedAt === undefined ? '' : middle}reached by ${reached} of ${counted(begun.length, 'run')}</small>`;
}

function runTable({ step, threshold, groups }: Comparison<ReportedComparison>): string {
  const at = step === undefined ? '' : ` at step ${step.toLocaleString('en')}`;
  // The last evaluation has a column only where it is not the one that counts.
  const further = groups.some(({ runs }) =>
    runs.some(({ evaluations }) => evaluations.at(-1)?.step !== step),
  );
  const number = (value: number | undefined, missing: string) =>
    value === undefined ? `<small>${missing}</small>` : formatNumber(value);
  const rows = groups.flatMap(({ label, runs }, i) =>
    runs.map(({ run, evaluations, score, average, reachedAt }): Cell[] => {
      const name = escapeMarkup(run.name);
      const last = evaluations.at(-1);
      return [
        ['Run', run.report === undefined ? name : `<a href="${escapeMarkup(run.report)}">${name}</a>`],
        ['Group', `${swatch(curveClass(i))}${escapeMarkup(label)}`],
        ['Seed', String(run.config.seed)],
        [`Return${at}`, number(score, last === undefined ? 'no evaluation yet' : 'none')],
        ['Average until then', number(average, 'none')],
        ...(threshold === undefined
          ? []
          : [
              [
                `Steps to ${formatNumber(threshold)}`,
                reachedAt === undefined ? '<small>not reached</small>' : reachedAt.toLocaleString('en'),
              ] as const,
            ]),
        ...(further ? [['Last evaluation', lastCell(last)] as const] : []),
      ];
    }),
  );
  const open = rows.length <= MOST_OPEN ? ' open' : '';
  return `<details${open}><summary>${counted(rows.length, 'run')}; the name of each leads to its own report</summary>${table('Every run', rows)}</details>`;
}

/** How many runs are listed without a click. */
const MOST_OPEN = 8;

function lastCell(last: EvaluationRow | undefined): string {
  if (last === undefined) return '<small>none</small>';
  return `${formatNumber(last.returnMean)}<small>at step ${last.step.toLocaleString('en')}</small>`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
