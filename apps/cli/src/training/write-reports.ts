import { basename } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import type { EvaluationRow, RunConfig } from '@maxent/training';
import {
  type LearningCurve,
  type StoredRows,
  type StoredRun,
  writeLearningCurveSvg,
  writeReport,
} from '@maxent/training/node';
import { stepsLabel } from '@maxent/training/report';
import type { ReportAnswer } from '../answers/report.js';
import type { CommandIo } from '../command-io.js';
import { resolvePath } from '../paths.js';
import { readNamedRun } from './run-directory.js';

/** Writes the report of every run, and with `curve` a picture of all learning curves. */
export async function writeReports(
  io: CommandIo,
  runDirs: readonly string[],
  curve: string | undefined,
): Promise<ReportAnswer> {
  const stored = await Promise.all(runDirs.map((runDir) => readWithRows(io, runDir)));
  const runs: ReportAnswer['runs'] = [];
  for (const [index, { directory, config, rows, warnings }] of stored.entries()) {
    for (const warning of warnings) io.writeError(`warning: ${warning}\n`);
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
  if (curve !== undefined) await writeCurve(stored, resolvePath(io, curve));
  return { runs, curve: curve ?? null };
}

type RunWithRows = StoredRun & StoredRows;

async function readWithRows(io: CommandIo, runDir: string): Promise<RunWithRows> {
  const run = await readNamedRun(io, runDir);
  return { ...run, ...(await run.readRows()) };
}

async function writeCurve(runs: readonly RunWithRows[], file: string): Promise<void> {
  try {
    const labels = new Set(runs.map(({ config }) => stepsLabel(config)));
    const xLabel = labels.size === 1 ? [...labels][0]! : 'steps of each run';
    await writeLearningCurveSvg(learningCurves(runs), file, { title: titleOf(runs), xLabel });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InvalidInputError('--curve', `cannot write ${file} (${code})`, { cause: error });
  }
}

function summaryOf({ step, returnMean, returnStd, episodes }: EvaluationRow) {
  return { step, returnMean, returnStd, episodes };
}

/** One curve per configuration; runs that differ in their seed only are averaged. */
function learningCurves(runs: readonly RunWithRows[]): LearningCurve[] {
  const groups = new Map<string, RunWithRows[]>();
  for (const run of runs) {
    const key = configurationOf(run.config);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].map((group) => ({
    label: group.map(({ directory }) => basename(directory)).join(', '),
    runs: group.map(({ rows }) => rows.filter((row) => row.type === 'evaluation')),
  }));
}

function configurationOf({ agent, environment, level, evaluation }: RunConfig): string {
  return JSON.stringify([agent, environment, level, evaluation.every]);
}

function titleOf(runs: readonly RunWithRows[]): string {
  const environments = [...new Set(runs.map(({ config }) => config.environment.id))];
  return `Evaluation return on ${environments.join(', ')}`;
}
