import type { Rng, Space } from '@maxent/core';
import type { Field } from '../file/field.js';
import type { Builder } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';

/** Turns a state into an action. */
export interface Head {
  /** Starts with the flattened observation, followed by the task if the policy acts on one. */
  readonly input: Slot;
  /**
   * The action for the state in `input`, which it only reads: a sample if `rng` is given, else the deterministic one.
   */
  readonly act: (rng: Rng | undefined) => unknown;
  /** Forgets what is kept from one step to the next; absent if nothing is. */
  readonly beginEpisode?: () => void;
}

/** A head in a file, of which only the type has been read. */
export interface HeadSite {
  readonly builder: Builder;
  readonly head: Field;
  readonly layers: Field;
  /** The number of entries of observation and task. */
  readonly stateSize: number;
  readonly actionSpace: Space<unknown>;
  /** The field of the action space, for messages. */
  readonly actions: Field;
}
