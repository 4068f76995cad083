import type { Evaluation } from '@maxent/core';
import type { EvaluationSchedule } from './train-options.js';

/** The evaluation with the highest mean, the first one on ties. Undefined if there are none. */
export function bestEvaluation(evaluations: readonly Evaluation[]): Evaluation | undefined {
  const [first, ...others] = evaluations;
  return others.reduce((best, other) => (other.returnMean > best!.returnMean ? other : best), first);
}

/** Whether the last `stopWhen.consecutive` evaluations all reach its return. */
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
