import type { BackendName } from '@maxent/backend';
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

/** How `train` goes about it, for the definitions of an agent and of what it learns in. */
export interface TrainOptions<Agent = AgentDefinition, World = EnvironmentDefinition> {
  /** Environment steps in all; a run that goes on may be given more than before. */
  readonly steps: number;
  /** Decides every random number of the run; default 1. */
  readonly seed?: number | undefined;
  /** Named settings of the agent to start from; default those named like the environment. */
  readonly preset?: PresetOf<Agent> | undefined;
  /** Settings of the agent, over the preset. */
  readonly config?: ConfigOf<Agent> | undefined;
  /** Options that the environment or the family is made with. */
  readonly environmentOptions?: OptionsOf<World> | undefined;
  /** Steps between evaluations; default 5,000. There is always one at the last step. */
  readonly evalEvery?: number | undefined;
  /**
   * Deterministic episodes per evaluation; default 10. Over a family, in each test task, the last of which counts; default
   * one more than the agent explores for.
   */
  readonly evalEpisodes?: number | undefined;
  /** Steps after which an evaluation episode is cut off; default the time limit or, without one, 10,000. */
  readonly evalMaxSteps?: number | undefined;
  /** Ends the run after two evaluations in a row with at least this mean return. */
  readonly stopAt?: number | undefined;
  /** Steps between rows of metrics; default 1,000. */
  readonly logEvery?: number | undefined;
  /** Steps between checkpoints; default 5,000. There is always one at the end. */
  readonly checkpointEvery?: number | undefined;
  /**
   * Where the run is kept: in Node the path of a directory, anywhere a `RunStorage`, such as a `MemoryRunStorage` of
   * `@maxent/training`. Default nowhere.
   */
  readonly out?: string | RunStorage | undefined;
  /** Goes on from the last checkpoint in `out`. */
  readonly resume?: boolean | undefined;
  /** Ends the run after this step and a checkpoint, with outcome `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvaluation?: ((evaluation: Evaluation) => void) | undefined;
  /** Called every `logEvery` steps with losses, statistics and the returns of training episodes. */
  readonly onMetrics?: ((metrics: Extract<RunEvent, { type: 'metrics' }>) => void) | undefined;
  /** Called with everything that the run reports. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Told what is odd without being a fault; default `console.warn`. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Whether the first episodes are looked at closely; default true. No number depends on it. */
  readonly check?: boolean | undefined;
  /** What computes; default the fastest that is found. */
  readonly backend?: BackendName | 'auto' | undefined;
  /** Threads of the native backend. */
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

/** Not by `instanceof`: a signal may come from another window or a polyfill. */
const isSignal = (value: unknown): boolean =>
  isRecord(value) && typeof value.aborted === 'boolean' && isFunction(value.addEventListener);

const listener = <T>() => made<T>(isFunction, 'a function').optional();

const schema = z.strictObject({
  steps: z.int().positive(),
  seed: z.int().nonnegative().optional(),
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
  threads: count,
} satisfies Record<keyof TrainOptions, z.ZodType>);

/** Throws InvalidInputError that names the option at fault. */
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
      'is required with resume: the directory or storage of the run to continue',
    );
  }
  return parsed;
}
