import * as z from 'zod';

/** Options that several commands share. */
export const seedOption = z.int().nonnegative().default(1);

export const backendOption = z
  .enum(['auto', 'native', 'wasm', 'cpu'])
  .optional()
  .describe('what computes [default: MAXENT_BACKEND; auto: native where it was measured faster, or wasm]');

export const evalMaxStepsOption = z
  .int()
  .positive()
  .optional()
  .describe('steps after which an episode is cut off [default: as in the run]');

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
    "leave out the closer look at each environment's first 3 episodes (1,000 steps at most); faults still end the command",
  );

/** `key=value` texts for `readSettings`. */
export const settingsOption = z.array(z.string()).default([]).meta({ placeholder: 'KEY=VALUE' });

/** The checkpoint of a run to act with. */
export const checkpointOption = z
  .string()
  .regex(/^(best|newest|\d+)$/, 'expected best, newest, or the step of a checkpoint that is kept')
  .default('newest')
  .describe('policy to use: the newest, the best by evaluation mean, or the one kept from a step')
  .meta({ placeholder: 'best|newest|STEP' });

/** No file system that people use has longer names, in bytes of UTF-8, and no system call takes a longer path. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4096;

/** Where something is read or written. */
export const pathOption = z
  .string()
  .min(1)
  .refine(
    (path) =>
      Buffer.byteLength(path) <= LONGEST_PATH &&
      path.split(/[/\\]/).every((name) => Buffer.byteLength(name) <= LONGEST_NAME),
    `expected a path of at most ${LONGEST_PATH} bytes whose names have at most ${LONGEST_NAME}`,
  );
