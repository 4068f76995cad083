import type { RunOutcome } from '@maxent/core';
import type { Level } from './level.js';
import { LevelStack } from './level-stack.js';
import type { ObservationPart } from './observation-part.js';

/** One level in the loop of algorithm 1, however it is trained. */
export interface LevelTraining<Result extends { readonly outcome: RunOutcome }> {
  /**
   * What each level below sees of this level's environment, if its observations are laid out differently from theirs.
   */
  readonly belowSee?: readonly (ObservationPart | null)[] | undefined;
  /**
   * Trains on the frozen levels below, which stay the caller's. Returns the frozen level if another one will build on
   * it.
   */
  readonly train: (below: LevelStack) => Promise<{ readonly level?: Level; readonly result: Result }>;
}

/**
 * The loop of algorithm 1, Haarnoja et al. 2018: trains each level on the frozen levels below it, until all are trained
 * or one is interrupted. The first level builds on `below`, such as the levels that were trained before a run was
 * resumed. `below` becomes part of the returned stack, which the caller disposes of. If a level throws, all are
 * disposed of.
 */
export async function trainLevels<Result extends { readonly outcome: RunOutcome }>(
  levels: readonly LevelTraining<Result>[],
  below: LevelStack = new LevelStack(),
): Promise<{ readonly stack: LevelStack; readonly results: readonly Result[] }> {
  let stack = below;
  const results: Result[] = [];
  try {
    for (const { belowSee, train } of levels) {
      if (belowSee !== undefined) stack = stack.seeing(belowSee);
      const { level, result } = await train(stack);
      if (level !== undefined) stack = stack.with(level);
      results.push(result);
      if (result.outcome === 'interrupted') break;
    }
  } catch (error) {
    stack.dispose();
    throw error;
  }
  return { stack, results };
}
