import type { BackendName, KernelChoice } from '@maxent/backend';
import {
  type AgentDefinition,
  type ConfigOf,
  type EnvironmentDefinition,
  type Evaluation,
  InvalidInputError,
  isRecord,
  type OptionsOf,
  type PresetOf,
  parseUnknown,
  type RunEvent,
  showValue,
} from '@maxent/core';
import type { RunStorage } from '@maxent/training';
import * as z from 'zod';

/** Options of `train`, for the definitions of an agent and an environment or task family. */
export interface TrainOptions<Agent = AgentDefinition, World = EnvironmentDefinition> {
  /** Total environment steps; a resumed run may be given more than before. */
  readonly steps: number;
  /** Determines every random number of the run; default 1. */
  readonly seed?: number | undefined;
  /**
   * Environments that training steps together; default 1. There are as many gradient steps per environment step as with
   * one.
   */
  readonly envs?: number | undefined;
  /**
   * Threads that step these environments, in Node: this one and worker threads, each with a share of them. 0 or 1 for
   * this one alone. Default: as many as pay off, by the measured cost of a step. No number depends on it.
   */
  readonly envWorkers?: number | undefined;
  /** Named preset of the agent to start from; default the one named like the environment. */
  readonly preset?: PresetOf<Agent> | undefined;
  /** Settings of the agent; they override the preset. */
  readonly config?: ConfigOf<Agent> | undefined;
  /** Options of the environment or the task family. */
  readonly environmentOptions?: OptionsOf<World> | undefined;
  /** Steps between evaluations; default 5,000. There is always one at the last step. */
  readonly evalEvery?: number | undefined;
  /**
   * Deterministic episodes per evaluation; default 10. For a family, episodes in each test task, of which the last one
   * counts; default one more than the agent's exploration episodes.
   */
  readonly evalEpisodes?: number | undefined;
  /** Number of steps after which an evaluation episode is cut off; default the time limit or, without one, 10,000. */
  readonly evalMaxSteps?: number | undefined;
  /** Ends the run after two evaluations in a row with at least this mean return. */
  readonly stopAt?: number | undefined;
  /** Steps between rows of metrics; default 1,000. */
  readonly logEvery?: number | undefined;
  /** Steps between checkpoints; default 5,000. There is always one at the end. */
  readonly checkpointEvery?: number | undefined;
  /**
   * Where the run is kept: the path of a directory in Node, or a `RunStorage` anywhere, such as a `MemoryRunStorage` of
   * `@maxent/training`. By default nothing is kept.
   */
  readonly out?: string | RunStorage | undefined;
  /** Whether to resume from the last checkpoint in `out`. */
  readonly resume?: boolean | undefined;
  /** An abort ends the run after the current step and a checkpoint, with outcome `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvaluation?: ((evaluation: Evaluation) => void) | undefined;
  /** Called every `logEvery` steps with losses, statistics and the returns of training episodes. */
  readonly onMetrics?: ((metrics: Extract<RunEvent, { type: 'metrics' }>) => void) | undefined;
  /** Called with everything that the run reports. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called with oddities that are not faults; default `console.warn`. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Whether the first episodes are checked more closely; default true. No result depends on it. */
  readonly check?: boolean | undefined;
  /** Compute backend; default the fastest one found. */
  readonly backend?: BackendName | 'auto' | undefined;
  /**
   * Kernels of the wasm backend: `addon` is machine code, which is there in Node on common systems, and `auto`, the
   * default, takes it where it is there.
   */
  readonly kernels?: KernelChoice | undefined;
  /**
   * Threads of the addon's kernels or of the native backend; default the cores that this process may use, at most 8, or
   * what TensorFlow chooses. The kernels' numbers do not depend on it.
   */
  readonly threads?: number | undefined;
}

const count = z.int().positive().optional();
const settings = z.record(z.string(), z.unknown()).optional();

function made<T>(test: (value: unknown) => boolean, expected: string) {
  return z.custom<T>(test, { error: ({ input }) => `expected ${expected}, got ${showValue(input)}` });
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

const isStorage = (value: unknown): boolean =>
  isRecord(value) &&
  ['append', 'saveCheckpoint', 'latestCheckpoint', 'rewind'].every((name) => isFunction(value[name]));

/** Does not use `instanceof`: a signal may come from another window or a polyfill. */
const isSignal = (value: unknown): boolean =>
  isRecord(value) && typeof value.aborted === 'boolean' && isFunction(value.addEventListener);

const listener = <T>() => made<T>(isFunction, 'a function').optional();

const schema = z.strictObject({
  steps: z.int().positive(),
  seed: z.int().nonnegative().optional(),
  envs: count,
  envWorkers: z.int().nonnegative().optional(),
  preset: z.string().optional(),
  config: settings,
  environmentOptions: settings,
  evalEvery: count,
  evalEpisodes: count,
  evalMaxSteps: count,
  stopAt: z.number().optional(),
  logEvery: count,
  checkpointEvery: count,
  out: made<string | RunStorage>(
    (value) => (typeof value === 'string' && value !== '') || isStorage(value),
    'the path of a directory or a RunStorage',
  ).optional(),
  resume: z.boolean().default(false),
  signal: made<AbortSignal>(isSignal, 'an AbortSignal').optional(),
  onEvaluation: listener<TrainOptions['onEvaluation']>(),
  onMetrics: listener<TrainOptions['onMetrics']>(),
  onEvent: listener<TrainOptions['onEvent']>(),
  onWarning: listener<TrainOptions['onWarning']>(),
  check: z.boolean().default(true),
  backend: z.enum(['auto', 'native', 'wasm', 'cpu']).optional(),
  kernels: z.enum(['auto', 'addon', 'wasm']).optional(),
  threads: count,
} satisfies Record<keyof TrainOptions, z.ZodType>);

/** Throws InvalidInputError, which names the option at fault. */
export function requireTrainOptions(options: unknown): z.output<typeof schema> {
  if (!isRecord(options)) {
    throw new InvalidInputError(
      'options',
      `expected an object with at least the steps to train for, such as { steps: 6000 }, got ${showValue(options)}`,
    );
  }
  const parsed = parseUnknown(schema, options, '');
  if (parsed.resume && parsed.out === undefined) {
    throw new InvalidInputError(
      'out',
      'is required with resume: give the directory or storage of the run to resume',
    );
  }
  return parsed;
}
