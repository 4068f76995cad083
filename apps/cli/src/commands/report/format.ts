import { formatCount, formatCounted, formatValue } from '../../output/format-number.js';
import { formatTable } from '../../output/table.js';
import type { ReportAnswer } from './answer.js';

/** A line for each run, the groups of a comparison, and the paths of page and picture. */
export function formatReportAnswer({ runs, comparison, curve }: ReportAnswer): string {
  const lines = runs.map(({ agent, environment, seed, lastEvaluation, report: path }) => {
    const result =
      lastEvaluation === null
        ? 'no evaluation yet'
        : `return ${formatValue(Number(lastEvaluation.returnMean))} at step ${formatCount(lastEvaluation.step)}`;
    return `${agent} on ${environment}, seed ${seed}: ${result}; ${path}`;
  });
  if (comparison !== null && comparison.html !== null) {
    if (comparison.step !== null) lines.push('', groupTable(comparison, comparison.step), '');
    lines.push(`Comparison: ${comparison.html}`);
  }
  return `${[...lines, ...(curve === null ? [] : [`Learning curves: ${curve}`])].join('\n')}\n`;
}

type Comparison = NonNullable<ReportAnswer['comparison']>;

function groupTable({ groups, threshold }: Comparison, step: number): string {
  const rows = groups.map(({ label, evaluated, scored, score, reached, reachedAt }) => [
    label,
    score === null ? 'no evaluation yet' : formatValue(score.interquartileMean),
    score === null ? '' : aroundOf(score, scored),
    ...(threshold === null
      ? []
      : [`${reachedAt === null ? 'not reached' : formatCount(reachedAt)} (${reached} of ${evaluated})`]),
  ]);
  const reach = threshold === null ? [] : [`steps to ${threshold}`];
  return formatTable([['interquartile mean', `return at step ${formatCount(step)}`, '', ...reach], ...rows]);
}

function aroundOf(
  { interval, range }: NonNullable<Comparison['groups'][number]['score']>,
  runs: number,
): string {
  const { low, high } = interval ?? range;
  if (runs === 1) return 'one run';
  return `${formatValue(low)} to ${formatValue(high)}, ${interval === null ? formatCounted(runs, 'run') : '95 % interval'}`;
}
