import { join } from 'node:path';
import { type BackendName, type KernelChoice, selectBackend } from '@maxent/backend';
import { DamagedDataError, DivergenceError, InvalidInputError, isMaxentError } from '@maxent/core';
import { type Level, type LevelStack, trainLevels } from '@maxent/hierarchy';
import {
  holdsLevels,
  levelDirectory,
  originOf,
  readLevelsBelow,
  startedLevels,
} from '@maxent/hierarchy/node';
import { type FinishedRun, storedBackend } from '@maxent/library/runs';
import type { RunConfig } from '@maxent/training';
import { readRun, writeLearningCurveSvg } from '@maxent/training/node';
import { formatCounted } from '../../../output/format-number.js';
import type { RunNames } from '../../../plugins/run-plugins.js';
import type { CommandIo } from '../../../process/command-io.js';
import { resolvePath } from '../../../process/paths.js';
import { pluginRun } from '../../../runs/plugin-run.js';
import { watchOf } from '../../../runs/watch.js';
import type { CommandContext } from '../../command.js';
import type { TrainAnswer } from '../answer.js';
import { evaluationAnswers } from '../evaluation-answers.js';
import type { RunRequest } from '../run-config.js';
import { trainRun } from '../train-run.js';
import { checkLevels } from './check-levels.js';
import { frozenLevel } from './frozen-level.js';
import { type LevelCurve, levelCharts } from './level-charts.js';
import { type PlannedLevel, readLevelPlan } from './level-plan.js';
import { readStoredPlan, writeStoredPlan } from './stored-plan.js';

export interface TrainLevelRunsOptions {
  readonly request: RunRequest;
  /** The value of `--levels`; when resuming, the default is the plan in the directory. */
  readonly levels: string | undefined;
  /** Directory of the hierarchy as the caller gave it; level i runs in `level-i` below it. */
  readonly out: string;
  readonly resume: boolean;
  readonly noCheck: boolean;
  readonly backend?: BackendName | 'auto' | undefined;
  readonly kernels?: KernelChoice | undefined;
  /** Threads of the addon or of the native backend. */
  readonly threads?: number | undefined;
  /** Threads that step the environments; see `StartRunOptions`. */
  readonly envWorkers?: number | undefined;
}

/**
 * Algorithm 1 of Haarnoja et al. 2018 with a run directory for each level: trains a level, freezes it, and lets its
 * latents be the actions of the next. Draws the learning curves of all levels on one axis. When resuming, a level that
 * another one already builds on is left as it is, and all levels use the backend of the started ones.
 */
export async function trainLevelRuns(
  options: TrainLevelRunsOptions,
  context: CommandContext,
): Promise<TrainAnswer> {
  const { io } = context;
  const { out } = options;
  const directory = resolvePath(io, out);
  const started = await startedLevels(directory);
  const asked = await planOf(options, directory, started, context);
  const top = started.at(-1)?.config;
  const backend = options.backend ?? (top && storedBackend(top));
  const storedThreads = top?.backend === 'native' && top.provenance.backend?.threads;
  const threads = options.threads ?? (typeof storedThreads === 'number' ? storedThreads : undefined);
  const { kernels } = options;
  const runs = started.flatMap((run) => (run ? [pluginRun(run)] : []));
  const plugins =
    runs.length === 0
      ? await context.plugins()
      : await context.runPlugins({ runs, also: asked.map(({ request }) => namesOf(request)) });
  await selectBackend({
    prefer: backend,
    askedBy: options.backend === undefined ? 'the run to resume' : '--backend',
    kernels,
    threads,
  });
  const watch = watchOf(io, options.noCheck);
  const plan = await checkLevels(asked, started, plugins, directory, watch);
  if (options.levels !== undefined) await writeStoredPlan(io, out, plan);
  const first = Math.max(started.length - 1, 0);
  const below = top === undefined ? undefined : await readLevelsBelow(levelDirectory(directory, first), top);
  const levels = plan.slice(first).map(({ request, belowSee }, k) => ({
    belowSee,
    train: async (below: LevelStack) => {
      const i = first + k;
      const run = levelDirectory(out, i);
      const { noCheck, envWorkers } = options;
      const resume = started[i] !== undefined;
      const continues = request.level?.continued !== undefined;
      context.events?.write({ type: 'level', level: i, levels: plan.length, runDir: run, continues });
      const how = continues ? `, continues level ${i - 1}` : '';
      io.writeError(
        `level ${i} of ${plan.length}: ${formatCounted(request.steps!, 'step')} in ${run}${how}\n`,
      );
      const from = continues && !resume ? await originIn(directory, i) : undefined;
      let level: Level | undefined;
      const onTrained = ({ agent, config }: FinishedRun): void => {
        if (i < plan.length - 1) level = frozenLevel(agent, config);
      };
      const result = await trainRun(
        {
          ...{ request: { ...request, from }, out: run, resume, noCheck, below, plugins },
          ...{ backend, kernels, threads, envWorkers, onTrained },
        },
        context,
      ).catch((error: unknown) => {
        level?.policy.dispose();
        throw divergenceOfLevel(error, i, run);
      });
      return { result, ...(level && { level }) };
    },
  }));
  const { stack, results } = await trainLevels(levels, below);
  stack.dispose();
  return summarize(io, out, directory, results.at(-1)!);
}

/** The plan to train. Throws InvalidInputError if there is none, or if the directory holds something else. */
async function planOf(
  { request, levels, out, resume }: TrainLevelRunsOptions,
  directory: string,
  started: readonly unknown[],
  { io }: CommandContext,
): Promise<PlannedLevel[]> {
  if (levels === undefined) {
    const { agent: _, set, envSet, ...scalars } = request;
    const given =
      set.length + envSet.length > 0 || Object.values(scalars).some((value) => value !== undefined);
    const why = given ? 'if settings are given' : 'because no level has started';
    if (given || started.length === 0) {
      throw new InvalidInputError(
        '--levels',
        `is required ${why}: repeat the command that started the hierarchy, with --resume`,
      );
    }
    return readStoredPlan(directory);
  }
  const plan = await readLevelPlan(io, levels, request);
  if (!resume && (holdsLevels(directory) || started.length > 0)) {
    throw new InvalidInputError(
      '--out',
      `"${out}" already holds a hierarchy; continue it with --resume, or choose another directory`,
    );
  }
  if (plan.length < started.length) {
    throw new InvalidInputError(
      '--levels',
      `"${out}" holds ${formatCounted(started.length, 'level')} that ${started.length === 1 ? 'has' : 'have'} started, got ${plan.length}: plan at least as many`,
    );
  }
  return plan;
}

/** What a level goes on from: the end of the one below. */
async function originIn(hierarchy: string, level: number): Promise<RunConfig['from']> {
  const source = levelDirectory(hierarchy, level - 1);
  const checkpoint = await (await readRun(source)).latestCheckpoint();
  if (checkpoint === undefined) throw new DamagedDataError(`the run in "${source}" has lost its checkpoints`);
  return originOf(levelDirectory(hierarchy, level), source, checkpoint.step);
}

/** Adds the level to a divergence, and for an upper level how to reuse the ones below it. */
function divergenceOfLevel(error: unknown, level: number, run: string): unknown {
  if (!isMaxentError(error, 'DIVERGENCE')) return error;
  const remedy =
    level === 0
      ? ''
      : ` The levels below are complete and are kept: to train this one again on them, remove "${run}" and repeat the command ` +
        'with --resume and a file for --levels that gives this level a different "set".';
  return new DivergenceError(`level ${level}: ${error.message}${remedy}`, { cause: error });
}

/** The names that a planned level needs from plugins. */
function namesOf({ agent, env, family }: RunRequest): RunNames {
  return { agent, environment: env, family };
}

async function summarize(
  io: CommandIo,
  out: string,
  directory: string,
  last: TrainAnswer,
): Promise<TrainAnswer> {
  const curve = join(directory, 'levels.svg');
  let stepsBefore = 0;
  let updates = 0;
  const levels: NonNullable<TrainAnswer['levels']> = [];
  const curves: LevelCurve[] = [];
  for (const [i, run] of (await startedLevels(directory)).entries()) {
    if (run === undefined) continue;
    const { rows } = await run.readRows();
    const evaluations = rows
      .filter((row) => row.type === 'evaluation')
      .map((row) => ({ ...row, step: row.step + stepsBefore }));
    const metrics = rows.filter((row) => row.type === 'metrics').at(-1);
    const steps = rows.reduce((most, { step }) => Math.max(most, step), 0);
    levels.push({ runDir: levelDirectory(out, i), steps });
    const { environment } = run.config;
    curves.push({ label: `level ${i}`, environment, runs: [evaluations] });
    stepsBefore += steps;
    updates += metrics?.updates ?? 0;
  }
  const drawn = await writeLearningCurveSvg(curve, ...levelCharts(curves)).then(
    () => true,
    (error: unknown) => {
      if (!isMaxentError(error)) throw error;
      io.writeError(`warning: cannot write the picture of the levels: ${error.message}\n`);
      return false;
    },
  );
  return {
    ...last,
    runDir: out,
    steps: stepsBefore,
    updates,
    evaluations: curves.flatMap(({ runs }) => runs.flatMap(evaluationAnswers)),
    levels,
    ...(drawn && { curve }),
  };
}
