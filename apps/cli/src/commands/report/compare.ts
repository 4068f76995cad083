import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { htmlPage, type StoredRows, type StoredRun, writeOutputFile } from '@maxent/training/node';
import {
  type Comparison,
  commonStepsLabel,
  compareRuns,
  comparisonPage,
  lineChartSvg,
  type ReportedComparison,
} from '@maxent/training/report';
import { restated } from '../../errors/restated.js';
import { namingOption } from '../../figures/write-page.js';
import type { ReportAnswer } from './answer.js';

/** A run and its directory as the caller gave it. */
export type NamedStoredRun = StoredRun & StoredRows & { readonly name: string };

/** Throws InvalidInputError for a run that is named twice, by whatever path. */
export async function requireEachOnce(runs: readonly NamedStoredRun[]): Promise<void> {
  const named = new Map<string, string>();
  for (const { name, directory } of runs) {
    const place = await realpath(directory);
    const before = named.get(place);
    if (before !== undefined) {
      const again = before === name ? `"${name}" is given twice` : `"${before}" and "${name}" are one run`;
      throw new InvalidInputError('runDir', `${again}; name each run once`);
    }
    named.set(place, name);
  }
}

/**
 * Compares runs for the option that asks for it. `file` is the page's path, from which the reports of the runs are
 * linked. Throws InvalidInputError, which names the option, for runs without a common scale.
 */
export function comparisonFor(
  option: '--html' | '--curve',
  runs: readonly NamedStoredRun[],
  threshold: number | undefined,
  file: string,
): Comparison<ReportedComparison> {
  const compared = runs.map(({ name, config, rows, warnings, directory }) => ({
    ...{ name, config, rows, warnings, report: addressOf(join(directory, 'report.html'), file) },
  }));
  return restated(
    () => compareRuns(compared, threshold),
    (_, problem) => [option, problem],
  );
}

/** A file's address relative to a page. */
function addressOf(path: string, page: string): string {
  const steps = relative(dirname(resolve(page)), resolve(path)).split(sep);
  return steps.map(encodeURIComponent).join('/');
}

export function writeComparison(comparison: Comparison<ReportedComparison>, file: string): Promise<void> {
  return namingOption('--html', () => writeOutputFile(file, htmlPage(comparisonPage(comparison))));
}

/** Writes the learning curves of the page as a picture. */
export function writeCurve(
  { environment, groups }: Comparison<ReportedComparison>,
  file: string,
): Promise<void> {
  const configs = groups.flatMap(({ runs }) => runs.map(({ run }) => run.config));
  const agents = new Set(configs.map(({ agent }) => agent.name));
  const agent = agents.size === 1 ? ` of ${[...agents][0]}` : '';
  const picture = lineChartSvg({
    title: `Evaluation return${agent} on ${environment}`,
    xLabel: commonStepsLabel(configs),
    series: groups.map(({ curve }) => curve),
    ...{ width: 760, height: 360 },
  });
  return namingOption('--curve', () => writeOutputFile(file, picture));
}

/** The numbers of a comparison, as `--json` prints them. */
export function comparisonAnswer(
  { step, threshold, groups }: Comparison<ReportedComparison>,
  html: string | undefined,
): ReportAnswer['comparison'] {
  return {
    ...{ html: html ?? null, step: step ?? null, threshold: threshold ?? null },
    groups: groups.map(({ label, runs, score, average, reachedAt }) => ({
      ...{ label, runDirs: runs.map(({ run }) => run.name) },
      evaluated: runs.filter(({ evaluations }) => evaluations.length > 0).length,
      scored: runs.filter((run) => run.score !== undefined).length,
      score: score === undefined ? null : summaryAnswer(score),
      average: average === undefined ? null : summaryAnswer(average),
      reachedAt: reachedAt ?? null,
      reached: runs.filter((run) => run.reachedAt !== undefined).length,
    })),
  };
}

type Summary = NonNullable<Comparison<ReportedComparison>['groups'][number]['score']>;

function summaryAnswer({ interquartileMean, interval, range }: Summary) {
  return { interquartileMean, interval: interval ?? null, range };
}
