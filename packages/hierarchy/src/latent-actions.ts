import type { ActionCoordinates } from '@maxent/agents';
import {
  type Box,
  type BoxArray,
  encodeValue,
  isBox,
  type Rng,
  type Space,
  SpaceMismatchError,
} from '@maxent/core';

/** Whether a space's actions are latents of a level below, that is, whether it is a Box without any bounds. */
export function isLatentSpace(space: Space<unknown>): space is Box {
  return isBox(space) && [...space.low, ...space.high].every((bound) => !Number.isFinite(bound));
}

/** Unbounded actions, unchanged, with the prior N(0, I): the latents of a level below. */
export class LatentActions implements ActionCoordinates {
  private readonly space: Box;

  /** Throws SpaceMismatchError unless the space is a Box without bounds. */
  constructor(space: Space<unknown>, agent: string) {
    if (!isLatentSpace(space)) {
      throw new SpaceMismatchError(`${agent}: expected a Box without bounds, got ${space.toString()}`);
    }
    this.space = space;
  }

  get size(): number {
    return this.space.flatSize;
  }

  /**
   * Minus the KL divergence from N(0, I) to aim at, 1 + log 2 nats per entry: as far from the prior as a squashed
   * policy with the usual target entropy -d is from the uniform one, whose entropy in the cube is d log 2.
   */
  get targetEntropy(): number {
    return -this.size * (1 + Math.LN2);
  }

  encode(action: BoxArray, out: Float32Array, door = 'action'): void {
    encodeValue(this.space, action, out, door);
  }

  decode(coordinates: ArrayLike<number>): BoxArray {
    return this.space.unflatten(coordinates);
  }

  drawFromPrior(rng: Rng, out: Float32Array): void {
    rng.fillNormal(out);
  }
}
