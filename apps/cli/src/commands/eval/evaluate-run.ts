import type { Registry } from '@maxent/core';
import { evaluate, type RunConfig } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import { actingCheckpoint } from '../../runs/acting-checkpoint.js';
import { episodeNotices } from '../../runs/episode-notices.js';
import { EpisodeProgress } from '../../runs/episode-progress.js';
import { optionalFigures } from '../../runs/evaluation-fields.js';
import { type ActingOptions, withActingRun } from '../acting-run.js';
import type { CommandContext } from '../command.js';
import type { EvalAnswer } from './answer.js';
import { namingSettings, withSettings } from './with-settings.js';

export interface EvaluateRunOptions extends ActingOptions {
  readonly episodes: number;
  /** `key=value` texts: settings of the agent that replace the run's. */
  readonly set: readonly string[];
}

/** Evaluates a checkpoint of a run, the newest by default; the run may still be in progress. */
export function evaluateRun(options: EvaluateRunOptions, context: CommandContext): Promise<EvalAnswer> {
  const { episodes, set, seed, stochastic } = options;
  const { io } = context;
  const plan = {
    forFamilies: 'maxent adapt, which evaluates it in one task',
    chooseCheckpoint: (run: StoredRun) => actingCheckpoint(io, run, options),
    planAgent: (config: RunConfig, registry: Registry) => withSettings(config, set, registry),
    loading: (load: () => void) => namingSettings(set, load),
  };
  return withActingRun(options, plan, context, async ({ config, step, environment, policy, backend }) => {
    context.events?.write({
      type: 'start',
      runDir: options.runDir,
      agent: config.agent.name,
      environment: config.environment.id,
      backend,
      step,
      totalEpisodes: episodes,
    });
    const progress = new EpisodeProgress(context, episodes);
    const result = await evaluate({
      policy,
      environment,
      episodes,
      seed,
      deterministic: !stochastic,
      evalMaxSteps: options.evalMaxSteps ?? config.evalMaxSteps,
      onEpisode: progress.onEpisode,
    }).finally(() => progress.end());
    const { returnMean, returnStd, returns, lengths } = result;
    for (const notice of episodeNotices(result)) io.writeError(`warning: ${notice}\n`);
    return {
      returnMean,
      returnStd,
      returns: [...returns],
      lengths: [...lengths],
      step,
      ...optionalFigures(result),
    };
  });
}
