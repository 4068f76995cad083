import type { Evaluation } from '@maxent/core';
import type { EvaluationSchedule } from './train-options.js';

/** The evaluation with the highest mean; of equal ones, the first. Undefined when there are none. */
export function bestEvaluation(evaluations: readonly Evaluation[]): Evaluation | undefined {
  const [first, ...others] = evaluations;
  return others.reduce((best, other) => (other.returnMean > best!.returnMean ? other : best), first);
}

/** Whether the latest evaluations in a row, as many as `stopWhen` asks for, reach its return. */
export function isSolved(
  evaluations: readonly Evaluation[],
  stopWhen: EvaluationSchedule['stopWhen'],
): boolean {
  if (stopWhen === undefined) return false;
  const last = evaluations.slice(-stopWhen.consecutive);
  return (
    last.length === stopWhen.consecutive &&
    last.every(({ returnMean }) => returnMean >= stopWhen.returnAtLeast)
  );
}
