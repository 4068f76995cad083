import { copySnapshot, type Evaluation } from '@maxent/core';
import { type EvaluationResult, evaluate } from '../evaluate.js';
import { shareStatistics } from '../statistics.js';
import { divergenceBehind } from './finiteness.js';
import type { GuardedOptions } from './guard-options.js';
import type { Evaluator } from './train-options.js';

type Work = (signal: AbortSignal | undefined) => Promise<EvaluationResult>;

/**
 * The evaluation at a step of a run, with the running statistics of training. `attempt` decides when an interruption
 * reaches it. Undefined if an interruption cut it short; the evaluation environment is then as it was before. Throws
 * DivergenceError if the agent's numbers are no longer finite, and what the agent or the environment throws.
 */
export async function runEvaluation(
  options: GuardedOptions,
  step: number,
  seed: number,
  attempt: (work: Work) => Promise<EvaluationResult>,
): Promise<Evaluation | undefined> {
  const { agent, environments, evaluationEnvironment, signal } = options;
  if (evaluationEnvironment !== undefined) shareStatistics(environments, [evaluationEnvironment]);
  const stateBefore = evaluationEnvironment?.getState?.();
  const restorable = stateBefore && copySnapshot(stateBefore);
  try {
    const result = await attempt((stop) => runEpisodes(options, { seed, ...(stop && { signal: stop }) }));
    return { step, ...result };
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) {
      throw divergenceBehind(error, agent, `the evaluation at environment step ${step}`);
    }
    // A checkpoint must not contain traces of half an evaluation.
    if (restorable !== undefined) evaluationEnvironment?.setState?.(restorable);
    return undefined;
  }
}

async function runEpisodes(
  { agent, evaluationEnvironment, evaluation, evaluator, evalMaxSteps }: GuardedOptions,
  request: Parameters<Evaluator>[0],
): Promise<EvaluationResult> {
  if (evaluator !== undefined) return evaluator(request);
  return evaluate({
    ...request,
    policy: agent,
    environment: evaluationEnvironment!,
    episodes: evaluation.episodes,
    deterministic: true,
    evalMaxSteps,
  });
}
