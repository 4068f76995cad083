import type { BoxArray, Rng, Space } from '@maxent/core';
import { ActionScaling } from '../action-scaling.js';
import type { ActionCoordinates } from '../learner/action-coordinates.js';

/** An action may lie on a bound, where atanh is infinite; it is clipped to this value. */
const LARGEST_VALUE = 1 - 1e-5;

/**
 * Actions as the u with action = tanh(u), scaled from (-1, 1)^d to the bounds of the space: what a flow computes with.
 * `encode` clips actions to +-(1 - 1e-5), which is u = +-6.1. Near a bound an action does not determine its u: a
 * saturated policy would see one u for all its actions and could not learn its way back. So replay keeps the u that the
 * agent drew (`DrawnActions`) and takes atanh only of the actions of others.
 */
export class UnsquashedActions implements ActionCoordinates {
  private constructor(private readonly scaling: ActionScaling) {}

  /** Throws SpaceMismatchError unless `space` is a Box with finite bounds that differ in every entry. */
  static of(space: Space<unknown>, agent: string): UnsquashedActions {
    return new UnsquashedActions(ActionScaling.of(space, agent));
  }

  get size(): number {
    return this.scaling.size;
  }

  get targetEntropy(): number {
    return this.scaling.targetEntropy;
  }

  encode(action: BoxArray, out: Float32Array, door?: string): void {
    this.scaling.encode(action, out, door);
    unsquash(out);
  }

  decode(unsquashed: ArrayLike<number>): BoxArray {
    return this.scaling.decode(Float32Array.from(unsquashed, Math.tanh));
  }

  /** Uniform in (-1, 1)^d. */
  drawFromPrior(rng: Rng, out: Float32Array): void {
    this.scaling.drawFromPrior(rng, out);
    unsquash(out);
  }
}

function unsquash(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.atanh(Math.min(Math.max(values[i]!, -LARGEST_VALUE), LARGEST_VALUE));
  }
}
