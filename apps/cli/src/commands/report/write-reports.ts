import { InvalidInputError, isMaxentError, Registry } from '@maxent/core';
import type { EvaluationRow } from '@maxent/training';
import { writeReport } from '@maxent/training/node';
import { namingOption } from '../../figures/write-page.js';
import type { CommandIo } from '../../process/command-io.js';
import { resolvePath } from '../../process/paths.js';
import { readNamedRun } from '../../runs/run-directory.js';
import type { CommandContext } from '../command.js';
import type { ReportAnswer } from './answer.js';
import {
  comparisonAnswer,
  comparisonFor,
  type NamedStoredRun,
  requireEachOnce,
  writeComparison,
  writeCurve,
} from './compare.js';
import { filmStrip } from './film-strip.js';

export interface ReportRequest {
  /** The run directories as the caller gave them. */
  readonly runDir: readonly string[];
  readonly curve?: string | undefined;
  readonly html?: string | undefined;
  readonly threshold?: number | undefined;
  readonly noFilm: boolean;
}

/**
 * Writes the report of every run, with pictures of the best policy if it is only one. For several runs, `html` is a page
 * that compares them; `curve` is a picture of all learning curves.
 */
export async function writeReports(
  { runDir, curve, html, threshold, noFilm }: ReportRequest,
  context: CommandContext,
): Promise<ReportAnswer> {
  const { io } = context;
  const page = runDir.length > 1 ? html : undefined;
  if (threshold !== undefined && page === undefined) {
    throw new InvalidInputError('--threshold', 'is for a comparison of several runs: add --html FILE');
  }
  const stored = await Promise.all(runDir.map((directory) => readWithRows(io, directory)));
  await requireEachOnce(stored);
  const asking = page !== undefined ? '--html' : curve !== undefined ? '--curve' : undefined;
  const comparison = asking && comparisonFor(asking, stored, threshold, resolvePath(io, page ?? '.'));
  const registry = await knownPlugins(context);
  const runs: ReportAnswer['runs'] = [];
  for (const [index, run] of stored.entries()) {
    const { directory, config, rows, warnings } = run;
    for (const warning of warnings) io.writeError(`warning: ${warning}\n`);
    for (const row of rows) if (row.type === 'warning') io.writeError(`warning: ${row.message}\n`);
    const last = rows.filter((row) => row.type === 'evaluation').at(-1);
    const filmed = !noFilm && stored.length === 1;
    const shown = {
      film: filmed ? await filmStrip(runDir[index]!, run, registry, context) : undefined,
      metrics: registry.agents.find(({ name }) => name === config.agent.name)?.metrics,
    };
    runs.push({
      runDir: runDir[index]!,
      report:
        html === undefined || page !== undefined
          ? await writeReport(directory, shown)
          : await namingOption('--html', () =>
              writeReport(directory, { ...shown, file: resolvePath(io, html) }),
            ),
      agent: config.agent.name,
      environment: config.environment.id,
      seed: config.seed,
      lastEvaluation: last === undefined ? null : summaryOf(last),
    });
  }
  if (comparison !== undefined && page !== undefined)
    await writeComparison(comparison, resolvePath(io, page));
  if (comparison !== undefined && curve !== undefined) await writeCurve(comparison, resolvePath(io, curve));
  return {
    ...{ runs, curve: curve ?? null },
    comparison: comparison === undefined ? null : comparisonAnswer(comparison, page),
  };
}

/** Agents and environments that the user has, or named: a report never loads the plugins that a run recorded. */
async function knownPlugins({ io, plugins }: CommandContext): Promise<Registry> {
  try {
    return (await plugins()).registry;
  } catch (error) {
    if (!isMaxentError(error)) throw error;
    io.writeError(`warning: no plugins for the report: ${error.message}\n`);
    return new Registry();
  }
}

async function readWithRows(io: CommandIo, runDir: string): Promise<NamedStoredRun> {
  const run = await readNamedRun(io, runDir);
  return { ...run, ...(await run.readRows()), name: runDir };
}

function summaryOf({ step, returnMean, returnStd, episodes }: EvaluationRow) {
  return { step, returnMean, returnStd, episodes };
}
