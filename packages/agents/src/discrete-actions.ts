import { type Discrete, type Rng, requireForm, type Space } from '@maxent/core';
import type { ActionCoordinates } from './learner/action-coordinates.js';
import { requireDiscreteActions } from './supported-spaces.js';

/** Discrete actions as one-hot vectors; the prior is uniform. */
export class DiscreteActions implements ActionCoordinates<number> {
  private constructor(private readonly space: Discrete) {}

  /** Throws SpaceMismatchError unless `space` is Discrete. */
  static of(space: Space<unknown>, agent: string): DiscreteActions {
    return new DiscreteActions(requireDiscreteActions(space, agent));
  }

  /** Number of actions. */
  get size(): number {
    return this.space.count;
  }

  /** Half the entropy of the uniform policy, in nats. */
  get targetEntropy(): number {
    return 0.5 * Math.log(this.size);
  }

  encode(action: number, out: Float32Array, door = 'action'): void {
    requireForm(this.space, action, door);
    this.space.flattenInto(action, out);
  }

  /** The action with the largest entry, the lowest one on ties. */
  decode(coordinates: ArrayLike<number>): number {
    return this.space.unflatten(coordinates);
  }

  drawFromPrior(rng: Rng, out: Float32Array): void {
    this.space.flattenInto(rng.integer(this.size), out);
  }
}
