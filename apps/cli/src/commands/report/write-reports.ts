import type { EvaluationRow, RunConfig } from '@maxent/training';
import { type StoredRows, type StoredRun, writeLearningCurveSvg, writeReport } from '@maxent/training/node';
import { stepsLabel } from '@maxent/training/report';
import { namingOption } from '../../figures/write-page.js';
import type { CommandIo } from '../../process/command-io.js';
import { resolvePath } from '../../process/paths.js';
import { readNamedRun } from '../../runs/run-directory.js';
import type { ReportAnswer } from './answer.js';
import { groupRuns, type RunGroup } from './compare-runs.js';

/** Writes the report of every run, and with `curve` a picture of all learning curves. */
export async function writeReports(
  io: CommandIo,
  runDirs: readonly string[],
  curve: string | undefined,
): Promise<ReportAnswer> {
  const stored = await Promise.all(runDirs.map((runDir) => readWithRows(io, runDir)));
  const groups = curve === undefined ? [] : groupRuns(stored);
  const runs: ReportAnswer['runs'] = [];
  for (const [index, { directory, config, rows, warnings }] of stored.entries()) {
    for (const warning of warnings) io.writeError(`warning: ${warning}\n`);
    for (const row of rows) if (row.type === 'warning') io.writeError(`warning: ${row.message}\n`);
    const last = rows.filter((row) => row.type === 'evaluation').at(-1);
    runs.push({
      runDir: runDirs[index]!,
      report: await writeReport(directory),
      agent: config.agent.name,
      environment: config.environment.id,
      seed: config.seed,
      lastEvaluation: last === undefined ? null : summaryOf(last),
    });
  }
  if (curve !== undefined) await writeCurve(groups, resolvePath(io, curve));
  return { runs, curve: curve ?? null };
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
