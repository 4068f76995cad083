import { type BackendName, selectBackend } from '@maxent/backend';
import { guardAgent, isMaxentError } from '@maxent/core';
import type { LevelStack } from '@maxent/hierarchy';
import {
  type MetaTrainOptions,
  metaTrain,
  type RunConfig,
  type TrainOptions,
  type TrainResult,
  train,
} from '@maxent/training';
import { DirectoryRunStorage, readRun, writeReport } from '@maxent/training/node';
import type { PluginSet } from '../../plugins/load-plugins.js';
import type { CommandIo } from '../../process/command-io.js';
import { interruptible } from '../../process/interruption.js';
import { resolvePath } from '../../process/paths.js';
import { type FamilyRun, makeFamilyRun, sharedTasksNotice } from '../../runs/family-run.js';
import { levelsBelowFile, readLevelsBelow } from '../../runs/levels-below.js';
import { makeRunAgent, makeRunEnvironment } from '../../runs/make-run.js';
import { pluginRun } from '../../runs/plugin-run.js';
import { askedBy, completeRunConfig, requireResumable, storedBackend } from '../../runs/resume-config.js';
import { type CommandWatch, watchOf } from '../../runs/watch.js';
import type { CommandContext } from '../command.js';
import type { TrainAnswer } from './answer.js';
import { adaptationAnswer, evaluationAnswers } from './evaluation-answers.js';
import { ProgressReporter } from './progress-reporter.js';
import { computedBy, newRunConfig, type RunRequest, resumedRunConfig } from './run-config.js';
import { runWorkload } from './run-workload.js';

export interface TrainRunOptions {
  readonly request: RunRequest;
  /** The run directory, as the caller wrote it. */
  readonly out: string;
  readonly resume: boolean;
  /** Leaves out the closer look at the first episodes. */
  readonly noCheck: boolean;
  /** The frozen levels that a new run of a hierarchy stands on; they stay the caller's. */
  readonly below?: LevelStack | undefined;
  /** Those of a hierarchy, which are loaded once; otherwise the user's, with what a resumed run recorded. */
  readonly plugins?: PluginSet | undefined;
  readonly backend?: BackendName | 'auto' | undefined;
  /** Threads of the native backend. */
  readonly threads?: number | undefined;
}

/**
 * Starts or resumes a run in its directory, with progress on the error stream, and writes its report. Nothing is
 * written before everything the run needs has been made.
 */
export async function trainRun(
  { request, out, resume, noCheck, below, plugins: given, backend, threads }: TrainRunOptions,
  { io, ...context }: CommandContext,
): Promise<TrainAnswer> {
  const directory = resolvePath(io, out);
  const run = resume ? await readRun(directory) : undefined;
  const plugins = given ?? (await (run ? context.runPlugins({ runs: [pluginRun(run)] }) : context.plugins()));
  const stored = run && completeRunConfig(run.config, plugins.registry);
  const plan = stored
    ? resumedRunConfig(stored, request, plugins)
    : newRunConfig(request, plugins, directory);
  const chosen = await selectBackend({
    prefer: backend ?? (stored && storedBackend(stored)),
    askedBy: askedBy(backend),
    threads,
    workload: runWorkload(plugins.registry, plan),
  });
  io.writeError(`Computing on ${chosen.name} (${chosen.reason})\n`);
  const config = computedBy(plan, chosen);
  if (stored) requireResumable(stored, config);
  const storedSimd = stored?.provenance.versions.simd;
  if (storedSimd !== undefined && storedSimd !== chosen.simd) {
    io.writeError(
      `The run was started with ${storedSimd} kernels and goes on with ${chosen.simd} ones: its numbers will differ in ` +
        'their last digits from those of an uninterrupted run. Use the same Node release to avoid that.\n',
    );
  }
  const levels = below ?? (await readLevelsBelow(directory, config));
  try {
    const watch = watchOf(io, noCheck);
    return await withRunParts(plugins, config, levels, watch, async ({ start, tasks }) => {
      const notice = tasks && sharedTasksNotice(tasks);
      if (notice !== undefined) io.writeError(`note: ${notice}\n`);
      const storage = await (run
        ? DirectoryRunStorage.resume(directory, { ...run.config, steps: config.steps })
        : DirectoryRunStorage.create(directory, config, levels && { files: levelsBelowFile(levels) }));
      let ended = false;
      try {
        const { listener } = new ProgressReporter(io);
        const { result, stopSignal } = await interruptible(io, async (signal) => ({
          ...(await start({ ...scheduleOf(config), storage, resume, listeners: [listener], signal })),
          report: await reportOf(io, directory),
        }));
        ended = true;
        const { steps, updates, stepsPerSecond, outcome, report } = result;
        return {
          runDir: out,
          steps,
          updates,
          stepsPerSecond,
          evaluations: evaluationAnswers(result.evaluations),
          backend: chosen.name,
          outcome,
          ...(outcome === 'interrupted' && stopSignal && { stoppedBy: stopSignal }),
          ...(report !== undefined && { report }),
          ...(tasks && adaptationAnswer(tasks, result.evaluations)),
        };
      } finally {
        // The error that stopped the run says more than one that follows from it.
        await (ended ? storage.close() : storage.close().catch(() => undefined));
      }
    });
  } finally {
    if (below === undefined) levels?.dispose();
  }
}

/** Writes the report. What was learned is stored by then, so a report that cannot be written is said, and no failure. */
async function reportOf(io: CommandIo, directory: string): Promise<string | undefined> {
  try {
    return await writeReport(directory);
  } catch (error) {
    if (!isMaxentError(error)) throw error;
    io.writeError(`warning: there is no report: ${error.message}\n`);
    return undefined;
  }
}

function scheduleOf({ steps, seed, evaluation, evalMaxSteps, logEvery, checkpointEvery }: RunConfig) {
  const { every, episodes, stopWhen } = evaluation;
  return {
    steps,
    seed,
    logEvery,
    checkpointEvery,
    evaluation: { every, episodes, ...(stopWhen && { stopWhen }) },
    evalMaxSteps,
  };
}

interface RunParts {
  readonly start: (options: ReturnType<typeof scheduleOf> & RunSession) => Promise<TrainResult>;
  /** Of a run over a family. */
  readonly tasks?: FamilyRun;
}

type RunSession = Pick<TrainOptions, 'storage' | 'resume' | 'listeners' | 'signal'>;

/** Makes a run's agent and environments for `work` and releases them afterwards, whatever happens. */
async function withRunParts<T>(
  { registry }: PluginSet,
  config: RunConfig,
  below: LevelStack | undefined,
  watch: CommandWatch,
  work: (parts: RunParts) => Promise<T>,
): Promise<T> {
  const releases: (() => void)[] = [];
  try {
    if (config.family) {
      const tasks = await makeFamilyRun(registry, config, watch);
      releases.push(() => tasks.agent.dispose());
      return await work({
        tasks,
        start: (options) => metaTrain({ ...withTasks(options, tasks), check: watch.check }),
      });
    }
    const environment = await makeRunEnvironment(registry, config, below, 'training', watch);
    releases.push(() => environment.close());
    const evaluationEnvironment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
    releases.push(() => evaluationEnvironment.close());
    const { observationSpace, actionSpace } = environment;
    const made = await makeRunAgent(registry, config, environment);
    const agent = guardAgent(made, { observationSpace, actionSpace, ...watch });
    releases.push(() => agent.dispose());
    return await work({
      start: (options) =>
        train({ ...options, agent, environment, evaluationEnvironment, check: watch.check }),
    });
  } finally {
    for (const release of releases.reverse()) release();
  }
}

function withTasks(
  options: ReturnType<typeof scheduleOf> & RunSession,
  { explorationEpisodes, ...tasks }: FamilyRun,
): MetaTrainOptions {
  return { ...options, ...tasks, evaluation: { ...options.evaluation, explorationEpisodes } };
}
