import type { BoxArray, Rng, Space } from '@maxent/core';
import { ActionScaling } from '../action-scaling.js';
import type { ActionCoordinates } from '../learner/action-coordinates.js';

/** Actions of others may lie on a bound, where atanh is infinite; this is how near to one an action counts as. */
const LARGEST_VALUE = 1 - 1e-5;

/** Decoded actions that are remembered: more than an agent takes before it observes them, in all its environments. */
const REMEMBERED = 1024;

interface Decoded {
  readonly action: BoxArray;
  readonly unsquashed: Float32Array;
}

/**
 * Actions as the u with action = tanh(u), scaled from (-1, 1)^d to the bounds of the space: what a flow computes with.
 * `encode` gives an action that `decode` made exactly the u that it was made from. Near a bound the action itself no
 * longer tells: a policy that has saturated would see one u for all its actions, and could not learn its way back.
 * Actions of others are clipped to +-(1 - 1e-5), which is u = +-6.1. Replay keeps u, so atanh is taken once.
 */
export class UnsquashedActions implements ActionCoordinates {
  /** The latest decoded actions that have not been encoded yet, oldest first. */
  private readonly decoded: Decoded[] = [];

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
    // The newest first: after a resume, what was decoded before and never observed is no longer there.
    for (let i = this.decoded.length - 1; i >= 0; i--) {
      const { action: known, unsquashed } = this.decoded[i]!;
      if (!known.every((value, k) => value === action[k])) continue;
      out.set(unsquashed);
      this.decoded.splice(i, 1);
      return;
    }
    unsquash(out);
  }

  decode(unsquashed: ArrayLike<number>): BoxArray {
    const action = this.scaling.decode(Float32Array.from(unsquashed, Math.tanh));
    // The caller may change the action that it gets.
    this.decoded.push({ action: action.slice(), unsquashed: Float32Array.from(unsquashed) });
    if (this.decoded.length > REMEMBERED) this.decoded.shift();
    return action;
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
