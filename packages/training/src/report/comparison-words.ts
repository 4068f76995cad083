import type { ComparedGroup, Comparison, Summary } from './comparison.js';
import { formatNumber } from './numbers.js';

/** What is known beyond a summary's number: its interval, its range, or that there is only one run. */
export function summaryWords({ interval, range }: Summary, runs: number): string {
  if (interval !== undefined) return `95 % interval ${between(interval)}`;
  if (runs === 1) return 'one run, no interval';
  return `${runs} runs, ${between(range)}; too few for an interval`;
}

function between({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}

type Scored = ComparedGroup<unknown> & { readonly score: Summary };

/** The group with the highest score and how sure that is, in a sentence or two; undefined without two to compare. */
export function verdict({ groups, step }: Comparison<unknown>): string | undefined {
  const [first, ...others] = groups
    .filter((group): group is Scored => group.score !== undefined)
    .sort((a, b) => b.score.interquartileMean - a.score.interquartileMean);
  if (first === undefined || others.length === 0) return undefined;
  const at = `at step ${step!.toLocaleString('en')}`;
  const [top, next] = [first.score.interquartileMean, others[0]!.score.interquartileMean];
  if (top === next) return `The highest return ${at}, ${formatNumber(top)}, is shared by several groups.`;
  const said = `Highest return ${at}: ${first.label}, with ${formatNumber(top)} against ${formatNumber(next)} of the next.`;
  return `${said} ${certainty(first, others)}`;
}

function certainty(first: Scored, others: readonly Scored[]): string {
  const rest = others.length === 1 ? 'the other group' : 'all other groups';
  if ([first, ...others].every(({ score }) => score.interval !== undefined)) {
    return others.every(({ score }) => score.interval!.high < first.score.interval!.low)
      ? `Its 95 % interval lies above those of ${rest}.`
      : 'Its 95 % interval overlaps with others, so more seeds may change the order.';
  }
  const few = 'With so few runs, others may come out differently';
  return others.every(({ score }) => score.range.high < first.score.range.low)
    ? `Each of its runs is above those of ${rest}. ${few}.`
    : `Runs of ${others.length === 1 ? 'both' : 'several'} groups overlap. ${few}.`;
}
