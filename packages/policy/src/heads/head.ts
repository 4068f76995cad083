import type { Rng, Space } from '@maxent/core';
import type { Field } from '../file/field.js';
import type { Builder } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';

/** What turns a state into an action. */
export interface Head {
  /** Begins with the flattened observation, then the task, if the policy acts on one. */
  readonly input: Slot;
  /** The action for what lies in `input`, which only reads it: a sample with an `rng`, else the deterministic one. */
  readonly act: (rng: Rng | undefined) => unknown;
  /** Forgets what is kept from one step to the next; absent where nothing is. */
  readonly beginEpisode?: () => void;
}

/** A head of a file, read as far as its type. */
export interface HeadSite {
  readonly builder: Builder;
  readonly head: Field;
  readonly layers: Field;
  /** Entries of observation and task. */
  readonly stateSize: number;
  readonly actionSpace: Space<unknown>;
  /** The field of the action space, for messages. */
  readonly actions: Field;
}
