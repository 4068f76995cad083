import type { Evaluation } from '@maxent/core';

/** The warnings of a training run. */

export function statisticsBeginAnew(): string {
  return (
    'the checkpoint is from before running statistics were stored: statistics of the environment start again, so what the ' +
    'agent observes changes for a while.'
  );
}

export function statisticsAreHidden(environment: string): string {
  return (
    `${environment} hides running statistics that a wrapper in it keeps: evaluations start with statistics of their ` +
    'own, and a resumed run may begin them anew. Pass getStatistics and setStatistics on, as EnvironmentWrapper of ' +
    '@maxent/envs does.'
  );
}

export function unstableSimulation(environment: string, step: number, reason: unknown): string {
  return (
    `${environment}: the simulation became unstable at environment step ${step} (${String(reason)}), and the episode was ` +
    'ended there as truncated. Later ones are not reported. Smaller actions or a smaller time step help.'
  );
}

export function episodeCutOff(step: number): string {
  return (
    'the episode did not end within two seconds of the interruption, and the environment has no getState: it was cut ' +
    `off at step ${step}, as by a time limit. The run goes on with the next episode, so its numbers will differ ` +
    'from those of an uninterrupted one.'
  );
}

export function evaluationLeftOut(step: number): string {
  return `the evaluation at step ${step} did not end within two seconds of the interruption and is left out.`;
}

export function evaluationCut({ step, cutEpisodes, lengths }: Evaluation): string {
  return (
    `evaluation episodes that had not ended after ${Math.max(...lengths)} steps were cut: ${cutEpisodes} at step ` +
    `${step}. Their returns count the steps taken. Set another bound with evalMaxSteps ` +
    '(--eval-max-steps), or give the environment a time limit.'
  );
}

export function evaluationUnstable({ step, unstableEpisodes }: Evaluation): string {
  return (
    `the simulation became unstable in ${unstableEpisodes} of the evaluation episodes at step ${step}, which ended there: ` +
    'their returns count the steps before. Later ones are counted as unstableEpisodes and not reported.'
  );
}

export function checkpointWaits(step: number): string {
  return (
    `a checkpoint was due at step ${step} and waits for the end of the episode: the environment has no ` +
    'getState, so a run can only be continued between episodes. Until then, work is lost if the process is killed. ' +
    'Give the environment getState and setState, or a time limit.'
  );
}
