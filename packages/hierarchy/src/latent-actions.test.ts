import { Box, Rng, SpaceMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { LatentActions } from './latent-actions.js';

const space = new Box({ low: -Infinity, high: Infinity, shape: [3] });

describe('LatentActions', () => {
  it('aims as far from the prior as the target entropy -d is from the uniform distribution on [-1, 1]^d', () => {
    // The entropy of the uniform distribution is the log of the cube's volume.
    expect(new LatentActions(space, 'test').targetEntropy).toBeCloseTo(-3 - Math.log(2 ** 3), 12);
  });

  it('leaves latents unchanged, and draws them from N(0, I)', () => {
    const latents = new LatentActions(space, 'test');
    const out = new Float32Array(3);
    latents.encode(Float32Array.of(4, -5, 6), out);
    expect([...out]).toEqual([4, -5, 6]);
    expect(latents.decode(out)).toEqual(Float32Array.of(4, -5, 6));
    const rng = Rng.fromSeed(1);
    const draws = Array.from({ length: 2000 }, () => {
      latents.drawFromPrior(rng, out);
      return [...out];
    }).flat();
    const moment = (k: number) => draws.reduce((sum, h) => sum + h ** k, 0) / draws.length;
    // Five standard errors.
    expect(Math.abs(moment(1))).toBeLessThan(0.065);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.092);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.64);
  });

  it('needs a Box without bounds', () => {
    expect(() => new LatentActions(new Box({ low: -1, high: 1, shape: [3] }), 'test')).toThrow(
      SpaceMismatchError,
    );
  });
});
