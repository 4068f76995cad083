import { basename, resolve } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { runDefaults } from '@maxent/library/runs';
import * as z from 'zod';
import {
  backendOption,
  kernelsOption,
  noCheckOption,
  pathOption,
  settingsOption,
  threadsOption,
} from '../../arguments/options.js';
import { exitCodes, stopExitCodes } from '../../errors/exit-codes.js';
import {
  formatAgentSettings,
  formatEnvironmentOptions,
  formatLevelKeys,
} from '../../output/definition-help.js';
import { resolvePath } from '../../process/paths.js';
import { defineCommand } from '../command.js';
import { type TrainAnswer, trainAnswer } from './answer.js';
import { formatTrainAnswer } from './format.js';
import { freshDirectory } from './fresh-directory.js';
import { levelSchema } from './levels/level-plan.js';

const count = z.int().positive().optional();

/** The exit code of a run that may have been stopped. */
export function trainExitCode({ stoppedBy }: TrainAnswer): number {
  return stoppedBy === undefined ? exitCodes.success : stopExitCodes[stoppedBy];
}

/** `maxent train AGENT --env ID --steps N`: starts a run in its own directory, or continues one. */
export const train = defineCommand({
  input: z.object({
    agent: z.string().optional().describe('name of the agent; maxent list agents shows the names'),
    env: z.string().optional().describe('id of the environment; maxent list environments shows the ids'),
    family: z
      .string()
      .optional()
      .describe(
        'id of a task family to learn over, instead of --env; maxent list task-families shows the ids',
      ),
    steps: count.describe('total environment steps; a resumed run may be given more than before'),
    seed: z.int().nonnegative().optional().describe(`seed of the whole run [default: ${runDefaults.seed}]`),
    envs: count.describe(
      'environments that training steps together, with as many updates per environment step as one [default: 1]',
    ),
    envWorkers: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'threads that step the --envs, the main one included; 0 or 1 for the main one alone; the results do not depend on it [default: as many as pay off, by the measured cost of a step]',
      ),
    out: pathOption.optional().describe('run directory [default: a new one below runs/]'),
    levels: z
      .string()
      .min(1)
      .optional()
      .describe(
        'train level by level: steps of each level, such as 50000,50000, or a JSON file; --levels FILE --help lists its keys',
      ),
    from: pathOption
      .optional()
      .describe(
        'train a level that continues the policy of the run in this directory, from a checkpoint, with its critics and experience, in a run of its own',
      ),
    checkpoint: count.describe('step of the checkpoint of --from [default: the newest]'),
    resume: z.boolean().default(false).describe('continue the run in --out from its last checkpoint'),
    preset: z
      .string()
      .optional()
      .describe('preset of settings to start from [default: the one named like the environment]'),
    set: settingsOption.describe('a setting of the agent; repeatable'),
    envSet: settingsOption.describe('an option of the environment or task family; repeatable'),
    evalEvery: count.describe(`steps between evaluations [default: ${runDefaults.evalEvery}]`),
    evalEpisodes: count.describe(
      `deterministic episodes per evaluation [default: ${runDefaults.evalEpisodes}]; with --family, episodes in each test task, ` +
        'of which the last one counts [default: explorationEpisodes + 1]',
    ),
    evalMaxSteps: count.describe(
      "number of steps after which an evaluation episode is cut off [default: the environment's time limit; without one, 10000]",
    ),
    stopAt: z
      .number()
      .optional()
      .describe(
        "stop after two evaluations in a row with at least this mean return, in the environment's own rewards",
      ),
    checkpointEvery: count.describe(`steps between checkpoints [default: ${runDefaults.checkpointEvery}]`),
    logEvery: count.describe(`steps between rows of metrics [default: ${runDefaults.logEvery}]`),
    noCheck: noCheckOption,
    backend: backendOption,
    kernels: kernelsOption,
    threads: threadsOption,
  }),
  positionals: ['agent'],
  events: true,
  answer: trainAnswer,
  run: async (
    { out, resume, noCheck, backend, kernels, threads, envWorkers, levels, from, checkpoint, ...request },
    context,
  ) => {
    if (from !== undefined && (resume || levels !== undefined)) {
      throw new InvalidInputError(
        '--from',
        resume
          ? 'cannot be given with --resume: the run in --out knows what it goes on from'
          : 'cannot be given with --levels: it trains one level, on top of a run',
      );
    }
    if (checkpoint !== undefined && from === undefined) {
      throw new InvalidInputError('--checkpoint', 'needs --from, the run whose checkpoint it is');
    }
    if (resume && out === undefined) {
      throw new InvalidInputError(
        '--out',
        'is required with --resume: give the directory of the run to continue',
      );
    }
    const directory = out ?? freshDirectory(context.io, nameOf({ ...request, from }));
    const [{ trainRun }, { trainLevelRuns }, { forkLevel }, { holdsLevels }] = await Promise.all([
      import('./train-run.js'),
      import('./levels/train-level-runs.js'),
      import('./levels/fork-level.js'),
      import('@maxent/hierarchy/node'),
    ]);
    const options = { request, out: directory, resume, noCheck, backend, kernels, threads, envWorkers };
    const answer =
      levels !== undefined || (resume && holdsLevels(resolvePath(context.io, directory)))
        ? await trainLevelRuns({ ...options, levels }, context)
        : from !== undefined
          ? await forkLevel({ ...options, from, checkpoint }, context)
          : await trainRun(options, context);
    return {
      answer,
      text: (plugins) => formatTrainAnswer(answer, plugins),
      exitCode: trainExitCode(answer),
    };
  },
  furtherHelp: async (textOf, { plugins }) => {
    const [agent, env, family] = [textOf('agent'), textOf('env'), textOf('family')];
    const levels = textOf('levels') !== undefined;
    if (agent === undefined && env === undefined && family === undefined && !levels) {
      return 'maxent train AGENT --env ID --help lists the settings of both.';
    }
    const { registry } = await plugins();
    return [
      ...(agent === undefined ? [] : [formatAgentSettings(registry.agent(agent))]),
      ...(env === undefined ? [] : [formatEnvironmentOptions(registry.environment(env))]),
      ...(levels ? [formatLevelKeys(levelSchema)] : []),
      ...(family === undefined ? [] : [formatEnvironmentOptions(registry.taskFamily(family))]),
    ].join('\n\n');
  },
});

/** What a new run directory is named after. */
function nameOf({
  agent,
  env,
  family,
  from,
}: {
  readonly agent?: string | undefined;
  readonly env?: string | undefined;
  readonly family?: string | undefined;
  readonly from?: string | undefined;
}): string {
  if (from !== undefined) return `${basename(resolve(from))}-continued`;
  return `${agent}-${env ?? family ?? 'levels'}`;
}
