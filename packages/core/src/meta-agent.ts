import type { Agent, Policy, Transition } from './agent.js';
import type { Rng } from './random/rng.js';

/** What is believed of a task: independent Gaussians over the entries of a latent variable. */
export interface Belief {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
}

export interface AdaptOptions {
  /** The task as numbers, for agents that are told it instead of inferring it. */
  readonly descriptor: readonly number[];
  readonly rng: Rng;
}

/** A newcomer to one task. A driver calls `beginEpisode`, then `act` and `observe` once per step. */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds adaptations of any observation and action.
export interface Adaptation<Observation = any, Action = any> extends Policy<Observation, Action> {
  /** Draws what the episode is acted on: from the prior to explore, else from the belief so far. */
  beginEpisode(options: { readonly explore: boolean }): void;
  observe(transition: Transition<Observation, Action>): void;
  /** Inferred from everything observed so far; undefined for agents that do not infer. */
  belief(): Belief | undefined;
}

/**
 * A learner over the tasks of a family. A driver asks it before each training episode for the task, and then treats it
 * as any agent. What it has learnt is to do tasks that it has not seen, after a few episodes of each.
 */
// biome-ignore lint/suspicious/noExplicitAny: generic code holds agents of any observation and action.
export interface MetaAgent<Observation = any, Action = any> extends Agent<Observation, Action> {
  /**
   * The index of the train task that the next episode is to be of. Called before every training episode, and again by a run
   * that is resumed there: asked again before anything was observed, it gives the same answer and changes nothing. What
   * `save` gives includes that.
   */
  beginEpisode(): number;
  /** Starts on a task with nothing known of it. Learning is left undisturbed. */
  adapt(options: AdaptOptions): Adaptation<Observation, Action>;
}

/** Whether an agent learns over the tasks of a family. */
export function isMetaAgent(agent: Agent): agent is MetaAgent {
  return typeof (agent as Partial<MetaAgent>).adapt === 'function';
}
