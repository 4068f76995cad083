import type { Evaluation } from '@maxent/core';

/** The warnings of a training run. */

export function statisticsBeginAnew(): string {
  return (
    'the checkpoint was made before running statistics were stored: the environment starts them again, so what the ' +
    'agent observes will change for a while.'
  );
}

export function statisticsAreHidden(environment: string): string {
  return (
    `${environment} hides the running statistics of a wrapper inside it: evaluations start with statistics of their ` +
    'own, and a resumed run may start them again. Pass getStatistics and setStatistics on, as EnvironmentWrapper of ' +
    '@maxent/envs does.'
  );
}

export function unstableSimulation(environment: string, step: number, reason: unknown): string {
  return (
    `${environment}: the simulation became unstable at environment step ${step} (${String(reason)}), and the episode was ` +
    'ended there as truncated. Later cases are not reported. Smaller actions or a smaller time step help.'
  );
}

export function episodeCutOff(step: number): string {
  return (
    'the episode did not end within two seconds of the interruption, and the environment has no getState: it was cut ' +
    `off at step ${step}, as if by a time limit. The run continues with the next episode, so its numbers will differ ` +
    'from an uninterrupted run.'
  );
}

export function evaluationLeftOut(step: number): string {
  return `the evaluation at step ${step} did not end within two seconds of the interruption and is left out.`;
}

export function evaluationCut({ step, cutEpisodes, lengths }: Evaluation): string {
  return (
    `evaluation episodes that had not ended after ${Math.max(...lengths)} steps were cut off: ${cutEpisodes} at step ` +
    `${step}. Their returns count the steps taken. Set another bound with evalMaxSteps ` +
    '(--eval-max-steps), or add a time limit to the environment.'
  );
}

export function evaluationUnstable({ step, unstableEpisodes }: Evaluation): string {
  return (
    `the simulation became unstable in ${unstableEpisodes} of the evaluation episodes at step ${step}, which ended there: ` +
    'their returns count the steps before. Later cases are counted as unstableEpisodes and not reported.'
  );
}

export function checkpointWaits(step: number): string {
  return (
    `a checkpoint is due at step ${step} but waits for the end of the episode: the environment has no ` +
    'getState, so a run can only be resumed between episodes. Until then, work is lost if the process is killed. ' +
    'Add getState and setState to the environment, or a time limit.'
  );
}
