import type { Evaluation } from '@maxent/core';
import type { TrainAnswer } from '../answers/train.js';

/** Evaluations as `maxent train` answers them: without the returns of single episodes. */
export function evaluationAnswers(evaluations: readonly Evaluation[]): TrainAnswer['evaluations'] {
  return evaluations.map(({ step, returnMean, returnStd, episodes }) => ({
    step,
    returnMean,
    returnStd,
    episodes,
  }));
}
