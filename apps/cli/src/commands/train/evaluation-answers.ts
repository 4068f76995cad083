import type { Evaluation } from '@maxent/core';
import type { FamilyRun } from '@maxent/library/runs';
import { countSharedTasks } from '@maxent/training';
import { optionalFigures } from '../../runs/evaluation-fields.js';
import type { TrainAnswer } from './answer.js';

/** Evaluations in the answer of `maxent train`: without the returns of single episodes. */
export function evaluationAnswers(evaluations: readonly Evaluation[]): TrainAnswer['evaluations'] {
  return evaluations.map(({ step, returnMean, returnStd, episodes, ...further }) => ({
    step,
    returnMean,
    returnStd,
    episodes,
    ...optionalFigures(further),
  }));
}

/** The table of the last evaluation of a run over a family, task by task. */
export function adaptationAnswer(
  { split }: Pick<FamilyRun, 'split'>,
  evaluations: readonly Evaluation[],
): Pick<TrainAnswer, 'adaptation'> {
  const last = evaluations.at(-1)?.adaptation;
  if (last === undefined) return {};
  const { explorationEpisodes, returns, successes } = last;
  return {
    adaptation: {
      explorationEpisodes,
      sharedTasks: countSharedTasks(split),
      tasks: returns.map((ofTask, k) => ({
        task: split.test[k] as Record<string, unknown>,
        returns: [...ofTask],
        ...(successes && { successes: [...successes[k]!] }),
      })),
    },
  };
}
