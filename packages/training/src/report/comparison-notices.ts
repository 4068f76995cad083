import type { ComparedRun, Comparison } from './comparison.js';
import type { ReportedComparison } from './comparison-page.js';
import { grouped } from './grouped.js';
import { listNames } from './list-names.js';

/** What a reader must know before trusting a comparison: a sentence or two for each. */
export function comparisonNotices({ groups, step }: Comparison<ReportedComparison>): string[] {
  const runs = groups.flatMap((group) => group.runs);
  const notices = runs.flatMap(({ run }) => run.warnings.map((warning) => `${run.name}: ${warning}`));
  const idle = runs.filter(({ evaluations }) => evaluations.length === 0);
  if (idle.length > 0) {
    notices.push(
      `${listed(idle)} ${idle.length === 1 ? 'has' : 'have'} no evaluation yet, and ${idle.length === 1 ? 'is' : 'are'} only listed.`,
    );
  }
  if (step === undefined) return notices;
  const begun = runs.filter(({ evaluations }) => evaluations.length > 0);
  const lastOf = (run: ComparedRun<ReportedComparison>) => run.evaluations.at(-1)!.step;
  const longest = Math.max(...begun.map(lastOf));
  if (longest > step) {
    const shortest = begun.filter((run) => lastOf(run) === step);
    notices.push(
      `Runs are compared at step ${step.toLocaleString('en')}, the last evaluation of ${listed(shortest)}; the longest go on to step ${longest.toLocaleString('en')}. To compare those, leave ${shortest.length === 1 ? 'that one' : 'the short ones'} out.`,
    );
  }
  const late = begun.filter(({ score }) => score === undefined);
  if (late.length > 0) {
    notices.push(
      `${listed(late)} ${late.length === 1 ? 'was' : 'were'} first evaluated after that, and so not compared.`,
    );
  }
  const between = begun.filter(
    ({ evaluations, score }) => score !== undefined && evaluations.every((row) => row.step !== step),
  );
  if (between.length > 0) {
    notices.push(
      `${listed(between)} ${between.length === 1 ? 'was' : 'were'} not evaluated at step ${step.toLocaleString('en')}: the last evaluation before it counts.`,
    );
  }
  for (const group of groups) {
    for (const [seed, copies] of grouped(group.runs, ({ run }) => run.config.seed)) {
      if (copies.length < 2) continue;
      notices.push(
        `${listed(copies)} have the same settings and seed ${seed}. If they are copies of one run, leave all but one out: copies make a group look more certain than it is.`,
      );
    }
  }
  return notices;
}

function listed(runs: readonly ComparedRun<ReportedComparison>[]): string {
  return listNames(runs.map(({ run }) => run.name));
}
