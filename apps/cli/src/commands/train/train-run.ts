import type { BackendName, KernelChoice } from '@maxent/backend';
import { type AgentDefinition, isMaxentError } from '@maxent/core';
import { continueLevel, type LevelStack } from '@maxent/hierarchy';
import { levelsBelowFile, readCarried, readLevelsBelow } from '@maxent/hierarchy/node';
import { completeRunConfig, type FinishedRun, type RunPlan, startRun } from '@maxent/library/runs';
import { DirectoryRunStorage, readRun, writeReport } from '@maxent/training/node';
import { restatement } from '../../errors/restated.js';
import { ProgressLine } from '../../output/progress-line.js';
import type { PluginSet } from '../../plugins/load-plugins.js';
import type { CommandIo } from '../../process/command-io.js';
import { interruptible } from '../../process/interruption.js';
import { resolvePath } from '../../process/paths.js';
import { pluginRun } from '../../runs/plugin-run.js';
import { watchOf } from '../../runs/watch.js';
import type { CommandContext } from '../command.js';
import type { TrainAnswer } from './answer.js';
import { adaptationAnswer, evaluationAnswers } from './evaluation-answers.js';
import { ProgressReporter } from './progress-reporter.js';
import { requireResumable } from './resumable.js';
import { namedAsOption, newRunConfig, type RunRequest, resumedRunConfig } from './run-config.js';
import { type AboutRun, runEvents } from './run-events.js';

export interface TrainRunOptions {
  readonly request: RunRequest;
  /** The plan of a new run, if it is not what `request` alone gives. */
  readonly plan?: RunPlan | undefined;
  /** The run directory as the caller gave it. */
  readonly out: string;
  readonly resume: boolean;
  /** Skips the closer check of the first episodes. */
  readonly noCheck: boolean;
  /** The frozen levels below a new run of a hierarchy; they stay the caller's. */
  readonly below?: LevelStack | undefined;
  /**
   * The plugins of a hierarchy, which are loaded once; by default the user's, with the ones that a resumed run
   * recorded.
   */
  readonly plugins?: PluginSet | undefined;
  readonly backend?: BackendName | 'auto' | undefined;
  readonly kernels?: KernelChoice | undefined;
  /** Threads of the addon or of the native backend. */
  readonly threads?: number | undefined;
  /** Threads that step the environments of a run in several; see `StartRunOptions` of the library. */
  readonly envWorkers?: number | undefined;
  /** Told of the run at its end, before its agent is disposed of. */
  readonly onTrained?: ((run: FinishedRun) => void) | undefined;
}

/**
 * Starts or resumes a run in its directory, with progress on the error stream, and writes its report. Nothing is
 * written before everything the run needs has been created.
 */
export async function trainRun(
  {
    request,
    plan: given,
    out,
    resume,
    noCheck,
    below,
    plugins: loaded,
    backend,
    kernels,
    threads,
    envWorkers,
    onTrained,
  }: TrainRunOptions,
  { io, events, ...context }: CommandContext,
): Promise<TrainAnswer> {
  const directory = resolvePath(io, out);
  const run = resume ? await readRun(directory) : undefined;
  const plugins =
    loaded ?? (await (run ? context.runPlugins({ runs: [pluginRun(run)] }) : context.plugins()));
  const stored = run && completeRunConfig(run.config, plugins.registry);
  const plan = stored
    ? resumedRunConfig(stored, request, plugins)
    : (given ?? newRunConfig(request, plugins, directory));
  const levels = below ?? (run && (await readLevelsBelow(directory, run.config)));
  const line = new ProgressLine(io);
  const { environment, agent, family } = plan;
  let backendName: AboutRun['backend'] | undefined;
  const about = (): AboutRun => ({
    runDir: out,
    agent: agent.name,
    [family ? 'family' : 'environment']: environment.id,
    backend: backendName!,
  });
  const listeners = [
    new ProgressReporter(line).listener,
    ...(events === undefined ? [] : [runEvents(events, about)]),
  ];
  try {
    const { result: done, stopSignal } = await interruptible(io, async (signal) => {
      const finished = await startRun({
        registry: plugins.registry,
        plan,
        stored,
        resume,
        open: async (config) => {
          const storage = await (run
            ? DirectoryRunStorage.resume(directory, { ...run.config, steps: config.steps })
            : DirectoryRunStorage.create(directory, config, levels && { files: levelsBelowFile(levels) }));
          return { storage, close: () => storage.close() };
        },
        below: levels,
        ...(plan.level?.continued !== undefined && {
          prepare: async (agent) => continueLevel(agent, await readCarried(directory, plan)),
        }),
        watch: watchOf({ writeError: line.write }, noCheck),
        envWorkers,
        environmentModule: plugins.moduleOf(plan.environment.id),
        backend,
        kernels,
        threads,
        askedBy: '--backend',
        signal,
        listeners,
        onBackend: (chosen, config) => {
          backendName = chosen.name;
          io.writeError(`Computing on ${chosen.name} (${chosen.reason})\n`);
          if (stored) requireResumable(stored, config);
        },
        onNotice: (notice) => line.write(`note: ${notice}\n`),
      }).catch((error: unknown) => {
        throw restatement(error, namedAsOption);
      });
      try {
        onTrained?.(finished);
      } finally {
        finished.release();
      }
      return {
        ...finished,
        report: await reportOf(io, directory, plugins.registry.agent(plan.agent.name).metrics),
      };
    });
    const { result, report, tasks } = done;
    const { steps, updates, stepsPerSecond, outcome } = result;
    return {
      runDir: out,
      steps,
      updates,
      stepsPerSecond,
      evaluations: evaluationAnswers(result.evaluations),
      backend: done.backend.name,
      outcome,
      ...(outcome === 'interrupted' && stopSignal && { stoppedBy: stopSignal }),
      ...(report !== undefined && { report }),
      ...(tasks && adaptationAnswer(tasks, result.evaluations)),
    };
  } finally {
    line.clear();
    if (below === undefined) levels?.dispose();
  }
}

/** Writes the report. The result is stored by then, so failing to write the report is only a warning. */
async function reportOf(
  io: CommandIo,
  directory: string,
  metrics: AgentDefinition['metrics'],
): Promise<string | undefined> {
  try {
    return await writeReport(directory, { metrics });
  } catch (error) {
    if (!isMaxentError(error)) throw error;
    io.writeError(`warning: cannot write the report: ${error.message}\n`);
    return undefined;
  }
}
