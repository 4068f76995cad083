import {
  type ActOptions,
  type Agent,
  copyValue,
  type Info,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import type { LoopState } from '../checkpoint.js';
import { countStep, finishEpisode } from './episode-account.js';
import { assertFiniteAction, divergenceBehind } from './finiteness.js';
import type { GuardedOptions } from './guard-options.js';
import type { EnvironmentStep, RunEnvironments } from './run-environments.js';
import type { RunRecord } from './run-record.js';
import * as warnings from './warnings.js';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * The rounds of a run: the agent acts in each environment, all of them take a step, and the agent observes each step
 * and learns.
 */
export class Rounds {
  private readonly agent: Agent;
  private readonly environments: RunEnvironments;
  private readonly several: boolean;
  private readonly actOptions: readonly ActOptions[];
  private lastUpdate: UpdateResult | undefined;
  /** The environment that the agent is at, and the number of its step. */
  private at = { environment: 0, step: 1 };

  constructor(
    { agent, environments }: Pick<GuardedOptions, 'agent' | 'environments'>,
    private readonly loop: LoopState,
    private readonly record: RunRecord,
    /** Whether an episode that goes on must be cut off. */
    private readonly mustCutEpisode: () => boolean,
  ) {
    this.agent = agent;
    this.environments = environments;
    this.several = environments.count > 1;
    this.actOptions = Array.from({ length: environments.count }, (_, environment) =>
      this.several ? { deterministic: false, environment } : { deterministic: false },
    );
  }

  /** The number of the environment step that the agent is at. */
  get agentStep(): number {
    return this.at.step;
  }

  /** Hands over, once, the last update that took a gradient step. */
  takeUpdate(): UpdateResult | undefined {
    const update = this.lastUpdate;
    this.lastUpdate = undefined;
    return update;
  }

  /** One step of every environment and the learning that follows it. */
  take(): Promise<void> | undefined {
    const { environments } = this;
    const { observations } = environments;
    try {
      const actions = observations.map((observation, i) => this.act(observation, i));
      const stepped = environments.step(actions);
      if (stepped instanceof Promise) return this.learnLater(observations, actions, stepped);
      this.learn(observations, actions, stepped);
      return undefined;
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** What the agent does in an environment, copied: it may use its array again for the next one. */
  private act(observation: unknown, environment: number): unknown {
    const step = this.loop.step + environment + 1;
    this.at = { environment, step };
    const action = this.agent.act(observation, this.actOptions[environment]!);
    assertFiniteAction(action, `environment step ${step}`);
    return copyValue(action);
  }

  private async learnLater(
    observations: readonly unknown[],
    actions: readonly unknown[],
    stepped: Promise<readonly EnvironmentStep[]>,
  ): Promise<void> {
    try {
      this.learn(observations, actions, await stepped);
    } catch (error) {
      throw this.explained(error);
    }
  }

  private learn(
    observations: readonly unknown[],
    actions: readonly unknown[],
    steps: readonly EnvironmentStep[],
  ): void {
    steps.forEach((step, environment) => {
      this.loop.step += 1;
      this.at = { environment, step: this.loop.step };
      this.learnFrom(step, observations[environment], actions[environment]);
    });
  }

  private learnFrom(result: EnvironmentStep, observation: unknown, action: unknown): void {
    const { agent, loop } = this;
    const { environment } = this.at;
    const { reward, nextObservation, terminated, duration, info } = result;
    const truncated = result.truncated || (!terminated && this.mustCutEpisode());
    const transition: Writable<Transition> = {
      observation,
      action,
      reward,
      nextObservation,
      terminated,
      truncated,
      info,
    };
    if (duration !== undefined) transition.duration = duration;
    if (this.several) transition.environment = environment;
    agent.observe(transition);
    const update = agent.update();
    if (update.gradientSteps > 0) {
      loop.updates += update.gradientSteps;
      this.record.learned();
      this.lastUpdate = update;
    }
    countStep(loop.accounts[environment]!, result, loop.step);
    this.noteInstability(info);
    if (terminated || truncated) this.endEpisode(environment, terminated);
  }

  private endEpisode(environment: number, terminated: boolean): void {
    this.record.episode(finishEpisode(this.loop, environment, terminated));
    this.environments.beginNext(environment, this.loop.accounts[environment]!.episodes);
  }

  /** The error to report for one that stopped a round. */
  private explained(error: unknown): unknown {
    const where = `environment step ${this.loop.step}`;
    const refusal = this.environments.refusal(error, this.at.environment, where);
    return divergenceBehind(refusal, this.agent, where);
  }

  /** `info.instability` is the reason why a simulation could not continue. */
  private noteInstability(info: Info | undefined): void {
    const instability = info?.instability;
    if (instability === undefined) return;
    const name = this.environments.nameOf(this.at.environment);
    const warning = warnings.unstableSimulation(name, this.loop.step, instability);
    this.record.messages.warnOnce('instability', warning);
  }
}
