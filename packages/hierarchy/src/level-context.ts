import type { AgentContext } from '@maxent/core';
import type { FrozenPolicy } from './frozen-policy.js';

/** Where an agent stands in a hierarchy. */
export interface LevelPlace {
  /**
   * The frozen levels that it continues, the lowest first, whose action space is its own; empty if its actions are the
   * latents of the level below. They stay the caller's.
   */
  readonly continued: readonly FrozenPolicy[];
  /** Environment steps that one of its actions takes, unless the episode ends. */
  readonly stepsPerAction: number;
}

/** What the agent of a level is created with. */
export interface LevelContext extends AgentContext {
  /** Absent outside a hierarchy. */
  readonly level?: LevelPlace | undefined;
}
