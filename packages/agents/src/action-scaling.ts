import { type Box, type BoxArray, encodeValue, type Rng, type Space, SpaceMismatchError } from '@maxent/core';
import type { ActionCoordinates } from './learner/action-coordinates.js';
import { requireBoundedActions } from './supported-spaces.js';

/**
 * The affine map between a bounded Box and the cube [-1, 1]^d in which squashed policies act. Densities and the target
 * entropy refer to the cube, where the prior is uniform.
 */
export class ActionScaling implements ActionCoordinates {
  private readonly center: Float64Array;
  private readonly halfRange: Float64Array;
  /** The action being encoded, reused from call to call. */
  private readonly given: Float64Array;

  private constructor(private readonly space: Box) {
    this.center = space.low.map((low, i) => (low + space.high[i]!) / 2);
    this.halfRange = space.low.map((low, i) => (space.high[i]! - low) / 2);
    this.given = new Float64Array(space.flatSize);
  }

  /** Throws SpaceMismatchError unless `space` is a Box with finite bounds that differ in every entry. */
  static of(space: Space<unknown>, agent: string): ActionScaling {
    const box = requireBoundedActions(space, agent);
    const scaling = new ActionScaling(box);
    const fixed = scaling.halfRange.indexOf(0);
    if (fixed >= 0) {
      throw new SpaceMismatchError(
        `${agent}: action ${fixed} has low = high = ${box.low[fixed]}; nothing to learn`,
      );
    }
    return scaling;
  }

  get size(): number {
    return this.space.flatSize;
  }

  /** Minus the number of entries (Haarnoja et al. 2018, arXiv 1812.05905, appendix D). */
  get targetEntropy(): number {
    return -this.size;
  }

  /** Uniform on the cube. */
  get priorLogProb(): number {
    return -this.size * Math.LN2;
  }

  drawFromPrior(rng: Rng, out: Float32Array): void {
    rng.fillUniform(out, -1, 1);
  }

  /** The space's action for a point of the cube, with the space's element type. */
  decode(cube: ArrayLike<number>): BoxArray {
    const action = this.space.unflatten(cube);
    for (let i = 0; i < action.length; i++) {
      const value = this.center[i]! + this.halfRange[i]! * cube[i]!;
      // In float32 tanh saturates at exactly +-1, and rounding may then overshoot the bound.
      action[i] = Math.min(Math.max(value, this.space.low[i]!), this.space.high[i]!);
    }
    return action;
  }

  encode(action: BoxArray, out: Float32Array, door = 'action'): void {
    const { given } = this;
    encodeValue(this.space, action, given, door);
    for (let i = 0; i < given.length; i++) out[i] = (given[i]! - this.center[i]!) / this.halfRange[i]!;
  }
}
