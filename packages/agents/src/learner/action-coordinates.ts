import type { BoxArray, Rng } from '@maxent/core';

/**
 * How an agent represents actions internally: the numbers that policy, critics and replay use, and the prior over them.
 */
export interface ActionCoordinates<Action = BoxArray> {
  /** Entries of an action, d. */
  readonly size: number;
  /** Default target of a learned temperature: entropy relative to the prior, up to a constant, in nats. */
  readonly targetEntropy: number;
  /** Log-density of a draw from the prior, on the scale of the policies' own; default 0, if theirs are relative to it. */
  readonly priorLogProb?: number;
  /**
   * Writes the coordinates of an action into `out`, the same ones for the same action. Throws SpaceMismatchError, whose
   * message begins with `door` (default `action`), if the action does not belong to the space or is not finite. Values
   * outside the bounds are accepted.
   */
  encode(action: Action, out: Float32Array, door?: string): void;
  /** The space's action at these coordinates. */
  decode(coordinates: ArrayLike<number>): Action;
  drawFromPrior(rng: Rng, out: Float32Array): void;
}

/** A draw from the prior, as an action of the space. */
export function drawFromPrior<Action>(coordinates: ActionCoordinates<Action>, rng: Rng): Action {
  return coordinates.decode(priorDraw(coordinates, rng));
}

/** The coordinates of a draw from the prior. */
export function priorDraw(coordinates: ActionCoordinates<unknown>, rng: Rng): Float32Array {
  const drawn = new Float32Array(coordinates.size);
  coordinates.drawFromPrior(rng, drawn);
  return drawn;
}
