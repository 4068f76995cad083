import type { BoxArray, Rng } from '@maxent/core';

/** The numbers in which a policy acts and critics and replay see actions, and the prior of actions in them. */
export interface ActionCoordinates<Action = BoxArray> {
  /** Entries of an action, d. */
  readonly size: number;
  /** What a learned temperature aims at unless told: entropy relative to the prior, up to a constant, in nats. */
  readonly targetEntropy: number;
  /**
   * Writes the coordinates of an action of the space. Throws SpaceMismatchError, which begins with `door` (default
   * `action`), for what is not an action of the space, or not finite; beyond the bounds it may be.
   */
  encode(action: Action, out: Float32Array, door?: string): void;
  /** The space's action at these coordinates. */
  decode(coordinates: ArrayLike<number>): Action;
  drawFromPrior(rng: Rng, out: Float32Array): void;
}

/** A draw from the prior, as an action of the space. */
export function drawFromPrior<Action>(coordinates: ActionCoordinates<Action>, rng: Rng): Action {
  const drawn = new Float32Array(coordinates.size);
  coordinates.drawFromPrior(rng, drawn);
  return coordinates.decode(drawn);
}
