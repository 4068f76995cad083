import {
  copyValue,
  type GuardedEnvironment,
  type Snapshot,
  type Space,
  type StatisticsOptions,
} from '@maxent/core';
import type { EnvironmentStep, EpisodeSeed, RunEnvironments } from './run-environments.js';

/** A single environment, reset between episodes once the agent has learned from the last step. */
export class OneEnvironment implements RunEnvironments {
  readonly count = 1;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly getState?: () => Snapshot;
  readonly setState?: (state: Snapshot) => void;
  readonly getStatistics?: () => Snapshot;
  readonly setStatistics?: (statistics: Snapshot, options?: StatisticsOptions) => void;
  observations: readonly unknown[] = [];

  constructor(
    private readonly environment: GuardedEnvironment,
    private readonly seedOf: EpisodeSeed,
  ) {
    const { observationSpace, actionSpace, getState, setState, getStatistics, setStatistics } = environment;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    Object.assign(this, {
      ...(getState && { getState, setState }),
      ...(getStatistics && { getStatistics, setStatistics }),
    });
  }

  nameOf(): string {
    return this.environment.name;
  }

  begin([episode]: readonly number[]): void {
    const { observation } = this.environment.reset({ seed: this.seedOf(0, episode!) });
    this.observations = [copyValue(observation)];
  }

  step([action]: readonly unknown[]): readonly EnvironmentStep[] {
    const result = this.environment.step(copyValue(action));
    const { observation, reward, originalReward, terminated, truncated, duration, info } = result;
    // The environment may overwrite its array in the next step.
    const nextObservation = copyValue(observation);
    this.observations = [nextObservation];
    return [{ reward, originalReward, nextObservation, terminated, truncated, duration, info }];
  }

  beginNext(_: number, episode: number): void {
    this.begin([episode]);
  }

  continueFrom(observations: readonly unknown[]): void {
    this.observations = observations;
  }

  refusal(error: unknown, _: number, where: string): unknown {
    return this.environment.refusal(error, where);
  }
}
