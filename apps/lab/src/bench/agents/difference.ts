import { largestDifference } from '../../statistics.js';
import { BenchmarkFailedError } from '../benchmark.js';
import type { AgentsAnswer } from './protocol.js';

/**
 * Largest difference between numbers of the same name, relative to ours if that is above 1. Ours may have more numbers.
 * Throws BenchmarkFailedError if theirs has a number that ours lacks, or none at all.
 */
export function answerDifference(theirs: AgentsAnswer, ours: AgentsAnswer): number {
  const names = Object.keys(theirs);
  const unknown = names.filter((name) => ours[name] === undefined);
  if (names.length === 0 || unknown.length > 0) {
    throw new BenchmarkFailedError(
      `the answers cannot be compared: ours has ${Object.keys(ours)}, theirs has ${names.length === 0 ? 'nothing' : names}`,
    );
  }
  return largestDifference(
    names.map((name) => theirs[name]!),
    names.map((name) => ours[name]!),
  );
}
