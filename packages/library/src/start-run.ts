import { type BackendName, type BackendReport, type KernelChoice, selectBackend } from '@maxent/backend';
import {
  type Agent,
  guardAgent,
  InvalidInputError,
  type Registry,
  type RunListener,
  showValue,
} from '@maxent/core';
import type { LevelStack } from '@maxent/hierarchy';
import { metaTrain, type RunConfig, type TrainOptions, type TrainResult, train } from '@maxent/training';
import { type FamilyRun, makeFamilyRun, sharedTasksNotice } from './family-run.js';
import { makeRunAgent, makeRunEnvironment } from './make-run.js';
import type { OpenedStorage } from './platform/platform.js';
import { provenance } from './provenance.js';
import { arithmeticOf, storedArithmetic } from './run-arithmetic.js';
import type { RunPlan } from './run-request.js';
import type { RunWatch } from './run-watch.js';
import { runWorkload } from './run-workload.js';
import { makeTrainingEnvironment } from './training-environments.js';

export interface StartRunOptions {
  readonly registry: Registry;
  readonly plan: RunPlan;
  /** The complete configuration that a resumed run was started with, if it is known. */
  readonly stored?: RunConfig | undefined;
  /** Whether to resume from the storage's last checkpoint. */
  readonly resume: boolean;
  /** Opens the storage of the run once everything that the run needs has been created; it is closed at the end. */
  readonly open?: ((config: RunConfig) => Promise<OpenedStorage>) | undefined;
  /** The frozen levels below the run; they stay the caller's. */
  readonly below?: LevelStack | undefined;
  /** Called with the new agent if the run starts at its beginning and not from a checkpoint. */
  readonly prepare?: ((agent: Agent) => Promise<void>) | undefined;
  readonly watch: RunWatch;
  /**
   * Threads that step the environments of a run in several: this one and worker threads, each with a share of them. 0
   * or 1 for this one alone. Default: as many as pay off, by the measured cost of a step. No number depends on it.
   */
  readonly envWorkers?: number | undefined;
  /** Where worker threads can import an environment that is not built in: a URL or an absolute path. */
  readonly environmentModule?: string | undefined;
  readonly backend?: BackendName | 'auto' | undefined;
  /** Kernels of the wasm backend. Default: the addon if it is there. */
  readonly kernels?: KernelChoice | undefined;
  /** Threads of the addon or of the native backend. */
  readonly threads?: number | undefined;
  /** What asked for the backend, for error messages. */
  readonly askedBy?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly listeners?: readonly RunListener[];
  /** Called once the backend is chosen, before anything is created or written. */
  readonly onBackend?: (chosen: BackendReport, config: RunConfig) => void;
  /** Called with anything worth knowing about the run before it starts. */
  readonly onNotice?: (notice: string) => void;
}

export interface FinishedRun {
  readonly config: RunConfig;
  readonly backend: BackendReport;
  readonly result: TrainResult;
  /** The agent at the end of the run. */
  readonly agent: Agent;
  /** Disposes of the agent. An error from its `dispose` becomes a warning, because the run is over. */
  release(): void;
  /** The tasks of a run over a family. */
  readonly tasks?: FamilyRun;
}

/**
 * Trains by a plan, from the beginning or from the storage's last checkpoint. Nothing is written before everything the
 * run needs has been created. Throws what `selectBackend`, the definitions, the storage and `train` of
 * `@maxent/training` throw; the agent is then disposed of.
 */
export async function startRun(options: StartRunOptions): Promise<FinishedRun> {
  const { plan, resume } = options;
  const chosen = await backendOf(options);
  const config: RunConfig = { ...plan, backend: chosen.name, provenance: provenance(chosen) };
  options.onBackend?.(chosen, config);
  const arithmetic = arithmeticOf(chosen);
  const earlierArithmetic = options.stored && storedArithmetic(options.stored);
  const parts = await (config.family ? familyParts(options, config) : environmentParts(options, config));
  const { agent, tasks } = parts;
  let result: TrainResult | undefined;
  try {
    const notice = tasks && sharedTasksNotice(tasks);
    if (notice !== undefined) options.onNotice?.(notice);
    const opened = await options.open?.(config);
    try {
      result = await parts.train({
        ...scheduleOf(config),
        ...(opened && { storage: opened.storage, resume }),
        ...(arithmetic && { arithmetic }),
        ...(earlierArithmetic && { earlierArithmetic }),
        ...(options.signal && { signal: options.signal }),
        listeners: options.listeners ?? [],
        check: options.watch.check,
      });
    } finally {
      // The error that stopped the run says more than a later one that it caused.
      await (result === undefined ? opened?.close().catch(() => undefined) : opened?.close());
    }
    return { config, backend: chosen, result, agent, release: parts.release, ...(tasks && { tasks }) };
  } catch (error) {
    parts.release();
    throw error;
  } finally {
    await parts.closeEnvironments();
  }
}

function backendOf(options: StartRunOptions): Promise<BackendReport> {
  const { registry, plan, stored, backend, kernels, threads, askedBy = 'backend' } = options;
  return selectBackend({
    prefer: backend ?? (stored && storedBackend(stored)),
    askedBy: backend === undefined ? 'the run to resume' : askedBy,
    kernels,
    threads,
    workload: runWorkload(registry, plan),
  });
}

/** The backend of a stored run. Throws InvalidInputError for an unknown name, which a script may have written. */
export function storedBackend({ backend }: RunConfig): BackendName {
  const known: readonly BackendName[] = ['native', 'wasm', 'cpu'];
  const found = known.find((name) => name === backend);
  if (found !== undefined) return found;
  throw new InvalidInputError(
    'backend',
    `in the run's config.json: expected ${known.join(', ')}, got ${showValue(backend)}: there is no such backend to compute with`,
  );
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
  readonly agent: Agent;
  /** The tasks of a run over a family. */
  readonly tasks?: FamilyRun;
  readonly train: (
    options: ReturnType<typeof scheduleOf> &
      Pick<
        TrainOptions,
        'storage' | 'resume' | 'arithmetic' | 'earlierArithmetic' | 'listeners' | 'signal' | 'check'
      >,
  ) => Promise<TrainResult>;
  /** Disposes of the agent. */
  readonly release: () => void;
  closeEnvironments(): void | Promise<void>;
}

async function familyParts({ registry, watch }: StartRunOptions, config: RunConfig): Promise<RunParts> {
  const tasks = await makeFamilyRun(registry, config, watch);
  const { explorationEpisodes, spaces, ...made } = tasks;
  return {
    tasks,
    agent: tasks.agent,
    train: (options) =>
      metaTrain({ ...options, ...made, evaluation: { ...options.evaluation, explorationEpisodes } }),
    release: () => guardAgent(made.agent, { ...spaces, ...watch }).dispose(),
    closeEnvironments: () => undefined,
  };
}

async function environmentParts(options: StartRunOptions, config: RunConfig): Promise<RunParts> {
  const { registry, below, watch, prepare } = options;
  const made: { close(): void | Promise<void> }[] = [];
  const closeEnvironments = async () => {
    for (const environment of made) await environment.close();
  };
  try {
    const environment = await makeTrainingEnvironment(options, config);
    made.push(environment);
    const evaluationEnvironment = await makeRunEnvironment(registry, config, below, 'evaluation', watch);
    made.unshift(evaluationEnvironment);
    const agent = await makeRunAgent(registry, config, environment, below);
    const { observationSpace, actionSpace } = environment;
    return {
      agent,
      release: () => guardAgent(agent, { observationSpace, actionSpace, ...watch }).dispose(),
      train: (schedule) =>
        train({
          ...{ ...schedule, agent, environment, evaluationEnvironment },
          ...(prepare && { prepare: () => prepare(agent) }),
        }),
      closeEnvironments,
    };
  } catch (error) {
    await closeEnvironments();
    throw error;
  }
}
