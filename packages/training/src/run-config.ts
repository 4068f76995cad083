import * as z from 'zod';

const count = z.number().int().min(1);

/** Names are shown on terminals, which obey control characters. */
const name = z.string().regex(/^\P{Cc}*$/u, 'expected a name without control characters');

/**
 * `config.json` of a run directory: everything needed to repeat the run. Resuming requires the same values for
 * everything except `steps`, which may grow, and `provenance`, which records where and with what the run was started.
 */
export const RunConfigSchema = z.strictObject({
  format: z.literal('maxent-run').describe('Marks the file as the configuration of a run'),
  formatVersion: z.literal(1).describe('Version of this format'),
  agent: z.strictObject({
    name: name.describe('Registered name of the agent'),
    config: z.record(z.string(), z.json()).describe('Complete configuration, defaults and preset filled in'),
  }),
  environment: z.strictObject({
    id: name.describe('Registered id of the environment'),
    options: z.record(z.string(), z.json()).describe('Options that the environment was made with'),
  }),
  family: z
    .literal(true)
    .optional()
    .describe(
      'The environment is a task family, over which the agent learns; absent for a single environment',
    ),
  level: z
    .strictObject({
      below: z.number().int().min(0).describe('Frozen levels whose latents are the actions'),
      sees: z
        .strictObject({ from: z.number().int().min(0), to: count })
        .nullable()
        .describe('Entries of the flattened observation that this level sees; null for all'),
      every: count.describe('Actions of the level below per action of this level'),
      continued: count
        .optional()
        .describe(
          'Topmost levels below whose actions are its own, and from whose end it goes on; absent for none',
        ),
    })
    .optional()
    .describe('Place in a hierarchy; absent for a run outside a hierarchy'),
  from: z
    .strictObject({
      run: name.describe('Directory of the run, relative to this one'),
      checkpoint: count.describe('Step of its checkpoint'),
    })
    .optional()
    .describe('What it goes on from, if it continues the level below'),
  steps: count.describe(
    'Total steps, of the environment or of a level above others; a larger number lengthens the run when resuming',
  ),
  seed: z.number().int().min(0).describe('Seed of the whole run'),
  envs: z
    .number()
    .int()
    .min(2)
    .optional()
    .describe('Environments that training steps together; absent for one'),
  evaluation: z.strictObject({
    every: count.describe('Steps between evaluations'),
    episodes: count.describe('Deterministic episodes per evaluation'),
    stopWhen: z
      .strictObject({
        returnAtLeast: z.number().describe('Mean return that an evaluation must reach'),
        consecutive: count.describe('Evaluations in a row that must reach it'),
      })
      .optional()
      .describe('Ends the run early'),
  }),
  evalMaxSteps: count
    .optional()
    .describe(
      "Steps after which an evaluation episode is cut off; absent for the environment's limit, or 10,000",
    ),
  logEvery: count.describe('Steps between metrics rows'),
  checkpointEvery: count.describe('Steps between checkpoints'),
  backend: name.describe('Compute backend; another backend may give different last digits'),
  plugins: z
    .array(z.string())
    .describe(
      'Plugins loaded in addition to the built-in ones: package names, and file paths relative to the run directory. Not ' +
        'compared when resuming',
    ),
  provenance: z
    .strictObject({
      startedAt: z.string().describe('ISO 8601 time of the first start'),
      versions: z
        .record(z.string(), z.string())
        .describe('Versions of maxent, Node and the libraries in use'),
      machine: z
        .record(z.string(), z.json())
        .describe('Operating system, processor, number of cores, memory'),
      backend: z
        .record(z.string(), z.json())
        .optional()
        .describe('Why the backend was chosen, its threads, and the measurement that decided'),
    })
    .describe('Where and with what the run was started; not compared when resuming'),
});

export type RunConfig = z.output<typeof RunConfigSchema>;
