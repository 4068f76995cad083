import { InvalidInputError, isMaxentError, Registry } from '@maxent/core';
import type { EvaluationRow, RunConfig } from '@maxent/training';
import { type StoredRows, type StoredRun, writeLearningCurveSvg, writeReport } from '@maxent/training/node';
import { stepsLabel } from '@maxent/training/report';
import { namingOption } from '../../figures/write-page.js';
import type { CommandIo } from '../../process/command-io.js';
import { resolvePath } from '../../process/paths.js';
import { readNamedRun } from '../../runs/run-directory.js';
import type { CommandContext } from '../command.js';
import type { ReportAnswer } from './answer.js';
import { groupRuns, type RunGroup } from './compare-runs.js';
import { filmStrip } from './film-strip.js';

export interface ReportRequest {
  /** The run directories as the caller gave them. */
  readonly runDir: readonly string[];
  readonly curve?: string | undefined;
  readonly html?: string | undefined;
  readonly noFilm: boolean;
}

/**
 * Writes the report of every run, with pictures of the best policy if it is only one, and with `curve` a picture of all
 * learning curves.
 */
export async function writeReports(
  { runDir, curve, html, noFilm }: ReportRequest,
  context: CommandContext,
): Promise<ReportAnswer> {
  const { io } = context;
  if (html !== undefined && runDir.length > 1) {
    throw new InvalidInputError(
      '--html',
      `expected one run, got ${runDir.length}; use --curve to compare them`,
    );
  }
  const stored = await Promise.all(runDir.map((directory) => readWithRows(io, directory)));
  const groups = curve === undefined ? [] : groupRuns(stored);
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
        html === undefined
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
  if (curve !== undefined) await writeCurve(groups, resolvePath(io, curve));
  return { runs, curve: curve ?? null };
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

type RunWithRows = StoredRun & StoredRows;

async function readWithRows(io: CommandIo, runDir: string): Promise<RunWithRows> {
  const run = await readNamedRun(io, runDir);
  return { ...run, ...(await run.readRows()) };
}

async function writeCurve(groups: readonly RunGroup<RunWithRows>[], file: string): Promise<void> {
  const configs = groups.flatMap(({ runs }) => runs.map(({ config }) => config));
  const curves = groups.map(({ label, runs }) => ({
    label,
    runs: runs.map(({ rows }) => rows.filter((row) => row.type === 'evaluation')),
  }));
  const labels = new Set(configs.map(stepsLabel));
  const xLabel = labels.size === 1 ? [...labels][0]! : 'steps of each run';
  await namingOption('--curve', () =>
    writeLearningCurveSvg(file, { title: titleOf(configs), curves, xLabel }),
  );
}

function summaryOf({ step, returnMean, returnStd, episodes }: EvaluationRow) {
  return { step, returnMean, returnStd, episodes };
}

function titleOf(configs: readonly RunConfig[]): string {
  const agents = new Set(configs.map(({ agent }) => agent.name));
  const agent = agents.size === 1 ? ` of ${[...agents][0]}` : '';
  return `Evaluation return${agent} on ${configs[0]!.environment.id}`;
}
