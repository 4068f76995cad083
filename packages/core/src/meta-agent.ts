import type { Agent, Policy, Transition } from './agent.js';
import type { Rng } from './random/rng.js';

/** A belief about a task: independent Gaussians over the entries of a latent variable. */
export interface Belief {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

export interface AdaptOptions {
  /** The task as numbers, for agents that are told the task instead of inferring it. */
  readonly descriptor: readonly number[];
  readonly rng: Rng;
}

/** A policy that is new to one task. A driver calls `beginEpisode`, then `act` and `observe` once per step. */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds adaptations of any observation and action.
export interface Adaptation<Observation = any, Action = any> extends Policy<Observation, Action> {
  /** Draws the latent that the episode acts on: from the prior to explore, otherwise from the belief so far. */
  beginEpisode(options: { readonly explore: boolean }): void;
  observe(transition: Transition<Observation, Action>): void;
  /** The belief inferred from everything observed so far; undefined for agents that do not infer. */
  belief(): Belief | undefined;
}

/**
 * A learner over the tasks of a family. Before each training episode a driver asks it for the task, and then treats it
 * like any agent. It learns to do tasks that it has not seen, after a few episodes of each.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds agents of any observation and action.
export interface MetaAgent<Observation = any, Action = any> extends Agent<Observation, Action> {
  /**
   * The index of the train task for the next episode. Called before every training episode, and again by a run that
   * resumes there: if nothing was observed in between, it gives the same answer and changes nothing. The state that
   * `save` returns includes the answer.
   */
  beginEpisode(): number;
  /** Starts on a task about which nothing is known. This does not disturb learning. */
  adapt(options: AdaptOptions): Adaptation<Observation, Action>;
}

/** Whether an agent learns over the tasks of a family. */
export function isMetaAgent(agent: Agent): agent is MetaAgent {
  return typeof (agent as Partial<MetaAgent>).adapt === 'function';
}
