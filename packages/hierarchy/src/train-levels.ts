import type { RunOutcome } from '@maxent/core';
import type { Level } from './level.js';
import { LevelStack } from './level-stack.js';
import type { ObservationPart } from './observation-part.js';

/** A level of a hierarchy as algorithm 1 meets it, whoever trains it. */
export interface LevelTraining<Result extends { readonly outcome: RunOutcome }> {
  /** What each level below sees of this one's environment, where it is laid out otherwise than theirs. */
  readonly belowSee?: readonly (ObservationPart | null)[] | undefined;
  /** Trains on the frozen levels below, which stay the caller's. Gives the level, frozen, where one is to stand on it. */
  readonly train: (below: LevelStack) => Promise<{ readonly level?: Level; readonly result: Result }>;
}

/**
 * The loop of algorithm 1, Haarnoja et al. 2018: trains each level on those below it, frozen, until all are trained or
 * one is interrupted. `below` is what the first of them stands on, such as the levels that were trained before a run was
 * resumed; it goes over to the stack that is returned, which the caller disposes of. When a level throws, all are
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
