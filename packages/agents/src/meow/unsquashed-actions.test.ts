import { Box, type BoxArray, Rng } from '@maxent/core';
import { expect, it } from 'vitest';
import { UnsquashedActions } from './unsquashed-actions.js';

const actions = UnsquashedActions.of(new Box({ low: [-2, 0], high: [2, 1] }), 'test');

function encoded(action: BoxArray): Float32Array {
  const out = new Float32Array(2);
  actions.encode(action, out);
  return out;
}

it('finds u by atanh, of actions clipped to 1 - 1e-5', () => {
  const u = encoded(Float32Array.of(2, 0.75));
  expect(u[0]).toBeCloseTo(6.103, 3);
  expect(u[1]).toBeCloseTo(Math.atanh(0.5), 6);
  expect(encoded(Float32Array.of(-2, 0))[0]).toBeCloseTo(-6.103, 3);
});

it('gives the same action the same u, whatever was decoded before and however often it is asked', () => {
  const action = actions.decode([12, -0.3]);
  const first = encoded(action);
  actions.decode([9.5, 2]);
  expect(encoded(action)).toEqual(first);
  expect(first[0]).toBeCloseTo(6.103, 3);
  expect(first[1]).toBeCloseTo(-0.3, 6);
});

it('draws actions that are uniform between the bounds', () => {
  const rng = Rng.fromSeed(1);
  const drawn = Array.from({ length: 2000 }, () => {
    const u = new Float32Array(2);
    actions.drawFromPrior(rng, u);
    return actions.decode(u);
  });
  const share = drawn.filter((action) => action[0]! < -1).length / drawn.length;
  // Binomial(2000, 1/4) / 2000 has standard deviation 0.01.
  expect(Math.abs(share - 0.25)).toBeLessThan(0.04);
});
