import type { Metrics } from '@maxent/core';
import type { LoopState } from '../checkpoint.js';
import { assertFiniteReturn } from './finiteness.js';
import type { EnvironmentStep } from './run-environments.js';

/** The training episodes of one environment. */
export interface EpisodeAccount {
  /** Episodes that have ended. */
  episodes: number;
  /** Return and length so far of the current episode. */
  episodeReturn: number;
  /** Sum of the rewards that the agent learns from, once a wrapper has changed one of them. */
  transformedReturn?: number;
  episodeLength: number;
}

/** The report of a training episode that has ended. */
export interface FinishedEpisode {
  /** Environment steps of the run when the episode ended. */
  readonly step: number;
  /** Which of several environments it ran in, counted from 0; absent if the run has one. */
  readonly environment?: number;
  readonly return: number;
  readonly transformedReturn?: number;
  readonly length: number;
  readonly terminated: boolean;
}

export function newAccount(): EpisodeAccount {
  return { episodes: 0, episodeReturn: 0, episodeLength: 0 };
}

/** Starts counting a new episode. */
export function beginEpisode(account: EpisodeAccount): void {
  account.episodeReturn = 0;
  delete account.transformedReturn;
  account.episodeLength = 0;
}

/**
 * Counts a step of the current training episode of an environment. Throws EnvironmentFaultError if its return is no
 * longer finite.
 */
export function countStep(
  account: EpisodeAccount,
  { reward, originalReward }: Pick<EnvironmentStep, 'reward' | 'originalReward'>,
  step: number,
): void {
  if (originalReward !== undefined || account.transformedReturn !== undefined) {
    account.transformedReturn = (account.transformedReturn ?? account.episodeReturn) + reward;
  }
  account.episodeReturn += originalReward ?? reward;
  account.episodeLength += 1;
  assertFiniteReturn(account.episodeReturn, `environment step ${step}`);
  assertFiniteReturn(account.transformedReturn ?? 0, `environment step ${step}`);
}

/**
 * Adds the episode that has just ended in an environment to the window of the next metrics row, and begins another.
 * Throws EnvironmentFaultError if the sum of the window's returns is not finite.
 */
export function finishEpisode(loop: LoopState, environment: number, terminated: boolean): FinishedEpisode {
  const { window, accounts } = loop;
  const account = accounts[environment]!;
  const { transformedReturn } = account;
  const finished = {
    step: loop.step,
    ...(accounts.length > 1 && { environment }),
    return: account.episodeReturn,
    ...(transformedReturn !== undefined && { transformedReturn }),
    length: account.episodeLength,
    terminated,
  };
  if (transformedReturn !== undefined || window.transformedReturnSum !== undefined) {
    window.transformedReturnSum =
      (window.transformedReturnSum ?? window.returnSum) + (transformedReturn ?? finished.return);
  }
  window.episodes += 1;
  window.returnSum += finished.return;
  window.lengthSum += finished.length;
  assertFiniteReturn(window.returnSum, `environment step ${loop.step}`);
  assertFiniteReturn(window.transformedReturnSum ?? 0, `environment step ${loop.step}`);
  account.episodes += 1;
  beginEpisode(account);
  return finished;
}

/** Count and means of the episodes that ended since the last metrics row, for the next one; restarts the count. */
export function takeWindow(loop: LoopState): Metrics {
  const { episodes, returnSum, transformedReturnSum, lengthSum } = loop.window;
  loop.window = { episodes: 0, returnSum: 0, lengthSum: 0 };
  if (episodes === 0) return { episodes };
  return {
    episodes,
    episodeReturn: returnSum / episodes,
    ...(transformedReturnSum !== undefined && { episodeTransformedReturn: transformedReturnSum / episodes }),
    episodeLength: lengthSum / episodes,
  };
}
