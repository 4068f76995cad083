import * as z from 'zod';

/** Options that several commands share. */
export const seedOption = z.int().nonnegative().default(1);

export const backendOption = z
  .enum(['auto', 'native', 'wasm', 'cpu'])
  .optional()
  .describe('compute backend [default: MAXENT_BACKEND; auto: native if measured to be faster, else wasm]');

export const evalMaxStepsOption = z
  .int()
  .positive()
  .optional()
  .describe('number of steps after which an episode is cut off [default: as in the run]');

export const kernelsOption = z
  .enum(['auto', 'addon', 'wasm'])
  .optional()
  .describe(
    'kernels of the wasm backend; addon is machine code [default: MAXENT_KERNELS; auto: the addon if it is there]',
  );

export const threadsOption = z
  .int()
  .positive()
  .optional()
  .describe(
    "threads of the addon's kernels or of the native backend [default: MAXENT_THREADS; the cores, 8 at most, or TensorFlow's choice]",
  );

export const noCheckOption = z
  .boolean()
  .default(false)
  .describe(
    "skip the closer check of each environment's first 3 episodes (1,000 steps at most); faults still end the command",
  );

/** `key=value` texts for `readSettings`. */
export const settingsOption = z.array(z.string()).default([]).meta({ placeholder: 'KEY=VALUE' });

/** The checkpoint of a run to act with. */
export const checkpointOption = z
  .string()
  .regex(/^(best|newest|\d+)$/, 'expected best, newest, or the step of a kept checkpoint')
  .default('newest')
  .describe('checkpoint to use: the newest, the best by evaluation mean, or a kept one by its step')
  .meta({ placeholder: 'best|newest|STEP' });

/** No common file system has longer names, in bytes of UTF-8, and no system call takes a longer path. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4096;

/** The path of something to read or write. */
export const pathOption = z
  .string()
  .min(1)
  .refine(
    (path) =>
      Buffer.byteLength(path) <= LONGEST_PATH &&
      path.split(/[/\\]/).every((name) => Buffer.byteLength(name) <= LONGEST_NAME),
    `expected a path of at most ${LONGEST_PATH} bytes, with at most ${LONGEST_NAME} in each name`,
  );

export const stochasticOption = z
  .boolean()
  .default(false)
  .describe("sample actions instead of taking the policy's mode");

/** How episodes run with a policy that a run kept. */
export const actingOptions = {
  stochastic: stochasticOption,
  evalMaxSteps: evalMaxStepsOption,
  noCheck: noCheckOption,
  backend: backendOption,
  kernels: kernelsOption,
};
