import type { Metrics, StepResult } from '@maxent/core';
import type { LoopState } from '../checkpoint.js';
import { assertFiniteReturn } from './finiteness.js';

/** The report of a training episode that has ended. */
export interface FinishedEpisode {
  /** Environment steps of the run when the episode ended. */
  readonly step: number;
  readonly return: number;
  readonly transformedReturn?: number;
  readonly length: number;
  readonly terminated: boolean;
}

/** Starts counting a new episode. */
export function beginEpisode(loop: LoopState): void {
  loop.episodeReturn = 0;
  delete loop.transformedReturn;
  loop.episodeLength = 0;
}

/** Counts a step of the current training episode. Throws EnvironmentFaultError if its return is no longer finite. */
export function countStep(loop: LoopState, { reward, originalReward }: StepResult<unknown>): void {
  if (originalReward !== undefined || loop.transformedReturn !== undefined) {
    loop.transformedReturn = (loop.transformedReturn ?? loop.episodeReturn) + reward;
  }
  loop.episodeReturn += originalReward ?? reward;
  loop.episodeLength += 1;
  assertFiniteReturn(loop.episodeReturn, `environment step ${loop.step}`);
  assertFiniteReturn(loop.transformedReturn ?? 0, `environment step ${loop.step}`);
}

/**
 * Adds the episode that has just ended to the window of the next metrics row, and begins another. Throws
 * EnvironmentFaultError if the sum of the window's returns is not finite.
 */
export function finishEpisode(loop: LoopState, terminated: boolean): FinishedEpisode {
  const { transformedReturn, window } = loop;
  const finished = {
    step: loop.step,
    return: loop.episodeReturn,
    ...(transformedReturn !== undefined && { transformedReturn }),
    length: loop.episodeLength,
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
  loop.episodes += 1;
  beginEpisode(loop);
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
