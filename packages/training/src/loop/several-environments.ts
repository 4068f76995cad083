import {
  copyValue,
  EnvironmentFaultError,
  InvalidInputError,
  isMaxentError,
  refusalFault,
  resetProblem,
  type Snapshot,
  type Space,
  stepProblem,
  type VectorEnvironment,
  type VectorStepResult,
} from '@maxent/core';
import type { EnvironmentStep, EpisodeSeed, RunEnvironments } from './run-environments.js';

export interface SeveralOptions {
  readonly seedOf: EpisodeSeed;
  /** Environment steps taken so far. */
  readonly step: () => number;
  /** What to do about a fault, at the end of its message. */
  readonly advice: string;
}

/**
 * A vector of environments. An episode begins within the step that ends the one before, so its seed is given in
 * advance.
 */
export class SeveralEnvironments implements RunEnvironments {
  readonly count: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly getState?: () => Promise<Snapshot>;
  readonly setState?: (state: Snapshot) => Promise<void>;
  observations: readonly unknown[] = [];
  /** The seed of the next episode of each environment. */
  private nextSeeds: number[] = [];

  constructor(
    private readonly vector: VectorEnvironment,
    private readonly options: SeveralOptions,
  ) {
    const { count, observationSpace, actionSpace, getState, setState } = vector;
    this.count = count;
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    if (getState !== undefined && setState !== undefined) {
      this.getState = () => this.attempt('getState', () => vector.getState!());
      this.setState = (state) => this.attempt('setState', () => vector.setState!(state));
    }
  }

  nameOf(environment: number): string {
    return `environment ${environment} of ${this.count}`;
  }

  async begin(episodes: readonly number[]): Promise<void> {
    const { seedOf } = this.options;
    const seed = episodes.map((episode, i) => seedOf(i, episode));
    const { observations, infos } = await this.attempt('the first reset', () => this.vector.reset({ seed }));
    for (let i = 0; i < this.count; i++) {
      const result = { observation: observations[i], info: infos[i] };
      this.require(i, 'the first reset', resetProblem(this.observationSpace, result));
    }
    this.continueFrom(observations, episodes);
  }

  async step(actions: readonly unknown[]): Promise<readonly EnvironmentStep[]> {
    const first = this.options.step() + 1;
    const where = `environment steps ${first} to ${first + this.count - 1}`;
    const result = await this.attempt(where, () =>
      this.vector.step(actions.map(copyValue), { seeds: this.nextSeeds }),
    );
    const steps = actions.map((_, i) => this.readStep(result, i, where));
    this.observations = result.observations;
    return steps;
  }

  beginNext(environment: number, episode: number): void {
    this.nextSeeds[environment] = this.options.seedOf(environment, episode + 1);
  }

  continueFrom(observations: readonly unknown[], episodes: readonly number[]): void {
    this.observations = observations;
    episodes.forEach((episode, i) => {
      this.beginNext(i, episode);
    });
  }

  refusal(error: unknown, environment: number, where: string): unknown {
    return refusalFault(error, `${this.nameOf(environment)}, ${where}`, this.options.advice);
  }

  /** Checks what a vector that nothing guards may have let pass, such as infinite numbers. */
  private readStep(result: VectorStepResult<unknown>, i: number, where: string): EnvironmentStep {
    const end = result.ends[i];
    const step = {
      observation: end ? end.observation : result.observations[i],
      reward: result.rewards[i]!,
      terminated: result.terminated[i]!,
      truncated: result.truncated[i]!,
      info: end ? end.info : result.infos[i]!,
    };
    const duration = result.durations?.[i];
    this.require(i, where, stepProblem(this.observationSpace, step));
    if (end) {
      const start = { observation: result.observations[i], info: result.infos[i] };
      this.require(i, where, resetProblem(this.observationSpace, start));
    }
    const { observation: nextObservation, reward, terminated, truncated, info } = step;
    const originalReward = result.originalRewards?.[i];
    return { reward, originalReward, nextObservation, terminated, truncated, duration, info };
  }

  private require(environment: number, where: string, problem: string | undefined): void {
    if (problem !== undefined) throw this.fault(`${this.nameOf(environment)}, ${where}: ${problem}`);
  }

  /** Reports whatever goes wrong in the vector as a fault in its environments, with the step of the run. */
  private async attempt<T>(where: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isMaxentError(error) && error.code !== 'ENVIRONMENT_FAULT') throw error;
      throw this.fault(`${where}: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  private fault(message: string, cause?: unknown): EnvironmentFaultError {
    return new EnvironmentFaultError(`${message.replace(/\.$/, '')}. ${this.options.advice}`, { cause });
  }
}

/**
 * Throws InvalidInputError for `field` if a run cannot train in these environments: each of them keeps running
 * statistics of its own, or the run is `stored` and they have no state.
 */
export function requireTrainable(field: string, vector: VectorEnvironment, stored: boolean): void {
  if (vector.keepsStatistics) {
    throw new InvalidInputError(
      field,
      `each of ${vector.count} environments would keep running statistics of its own (getStatistics) and change observations or ` +
        'rewards in its own way; let the agent do that (normalizeObservations, rewardScaling), or train in one environment',
    );
  }
  if (stored && vector.getState === undefined) {
    throw new InvalidInputError(
      field,
      `a stored run in ${vector.count} environments needs getState and setState in each of them: their episodes end at ` +
        'different times, so there is no moment between episodes at which the run could continue without them. Add ' +
        'both to the environment, train in one environment, or store nothing',
    );
  }
}
