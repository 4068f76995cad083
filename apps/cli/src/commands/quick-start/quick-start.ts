import * as z from 'zod';
import { backendOption, kernelsOption, seedOption, threadsOption } from '../../arguments/options.js';
import { exitCodes } from '../../errors/exit-codes.js';
import { defineCommand } from '../command.js';
import { trainAnswer } from '../train/answer.js';
import { formatTrainAnswer } from '../train/format.js';
import { freshDirectory } from '../train/fresh-directory.js';
import { trainExitCode } from '../train/train.js';

/** `maxent quick-start`: soft actor-critic learns to balance a pendulum within minutes. */
export const quickStart = defineCommand({
  input: z.object({
    seed: seedOption.describe('seed of the whole run'),
    backend: backendOption,
    kernels: kernelsOption,
    threads: threadsOption,
  }),
  positionals: [],
  events: true,
  answer: trainAnswer,
  run: async ({ seed, backend, kernels, threads }, context) => {
    const { trainRun } = await import('../train/train-run.js');
    const request = {
      agent: 'sac',
      env: 'InvertedPendulum-v5',
      preset: 'quick-start',
      set: [],
      envSet: [],
      seed,
      steps: 20_000,
      evalEvery: 1000,
      evalEpisodes: 10,
      stopAt: 950,
    };
    context.io.writeError(
      'Soft actor-critic learns InvertedPendulum-v5 until two evaluations in a row reach a mean return of 950 (of 1000).\n',
    );
    const out = freshDirectory(context.io, 'quick-start');
    const answer = await trainRun(
      { request, out, resume: false, noCheck: false, backend, kernels, threads },
      context,
    );
    return {
      answer,
      text: (plugins) => formatTrainAnswer(answer, plugins),
      exitCode: answer.outcome === 'completed' ? exitCodes.failure : trainExitCode(answer),
    };
  },
});
