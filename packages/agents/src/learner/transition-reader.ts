import { encodeValue, requireOutcome, type Space, type Transition } from '@maxent/core';
import type { ActionCoordinates } from './action-coordinates.js';

/** A transition as replay keeps it: flat, raw numbers. */
export interface TransitionRow {
  readonly observation: Float32Array;
  /** In the learner's coordinates. */
  readonly action: Float32Array;
  readonly reward: number;
  readonly nextObservation: Float32Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Steps of the underlying process. */
  readonly duration: number;
}

/** Checks the transitions given to `observe` and flattens them. Its memory is reused for the next one. */
export class TransitionReader<Action> {
  private readonly observation: Float32Array;
  private readonly action: Float32Array;
  private readonly nextObservation: Float32Array;

  constructor(
    private readonly observationSpace: Space<unknown>,
    private readonly actions: ActionCoordinates<Action>,
  ) {
    this.observation = new Float32Array(observationSpace.flatSize);
    this.action = new Float32Array(actions.size);
    this.nextObservation = new Float32Array(observationSpace.flatSize);
  }

  /**
   * Checks reward, flags and duration, then observation, next observation and action. Throws InvalidInputError or
   * SpaceMismatchError, whose message begins with the field, such as `observe: reward`; `step` is named with a reward.
   */
  read(transition: Transition<unknown, Action>, step?: number): TransitionRow {
    requireOutcome(transition, { step });
    const { observation, action, nextObservation } = this;
    const { reward, terminated, truncated, duration = 1 } = transition;
    encodeValue(this.observationSpace, transition.observation, observation, 'observe: observation');
    encodeValue(
      this.observationSpace,
      transition.nextObservation,
      nextObservation,
      'observe: nextObservation',
    );
    this.actions.encode(transition.action, action, 'observe: action');
    return { observation, action, reward, nextObservation, terminated, truncated, duration };
  }
}
