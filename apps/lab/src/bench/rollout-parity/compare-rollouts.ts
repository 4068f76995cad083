import { isDeepStrictEqual } from 'node:util';
import { largestDifference } from '../../statistics.js';
import { BenchmarkFailedError } from '../benchmark.js';

/** The part of the answer of `maxent rollout` that Gymnasium also gives. */
export interface Rollout {
  readonly observations: readonly unknown[];
  readonly rewards: readonly unknown[];
  readonly terminated: readonly boolean[];
  readonly infos: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Largest difference of observations, rewards and infos, as `largestDifference` counts it. Throws BenchmarkFailedError
 * if episodes end at different steps, or shapes or names of infos differ.
 */
export function compareRollouts(name: string, ours: Rollout, theirs: Rollout): number {
  requireEqual(`${name}: terminated`, ours.terminated, theirs.terminated);
  const [own, other] = [ours, theirs].map(({ observations, rewards, infos }) => ({
    observations,
    rewards,
    // Entries of an object are compared in any order.
    infos: infos.map((info) => Object.entries(info).sort(([a], [b]) => (a < b ? -1 : 1))),
  })) as [object, object];
  requireEqual(`${name}: answer`, shapeOf(own), shapeOf(other));
  return largestDifference(numbersOf(own), numbersOf(other));
}

function requireEqual(what: string, ours: unknown, theirs: unknown): void {
  if (isDeepStrictEqual(ours, theirs)) return;
  throw new BenchmarkFailedError(
    `${what}: ours ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}; expected the same`,
  );
}

/** The value with a word in place of every number, which JSON may write as "Infinity". */
function shapeOf(value: unknown): unknown {
  if (isNumber(value)) return 'number';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shapeOf);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shapeOf(entry)]));
}

function numbersOf(value: unknown): number[] {
  if (isNumber(value)) return [Number(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || value === 'Infinity' || value === '-Infinity';
}
