import { Box, Rng } from '@maxent/core';
import { expect, it } from 'vitest';
import { UnsquashedActions } from './unsquashed-actions.js';

const make = () => UnsquashedActions.of(new Box({ low: [-2, 0], high: [2, 1] }), 'test');

it('gives an action of its own the u that it was made from, also where tanh is 1 in float32', () => {
  const actions = make();
  const made = [
    [12, -0.3],
    [15, -0.3],
    [-0.7, 9.5],
  ].map((u) => ({ u: Float32Array.from(u), action: actions.decode(u) }));
  // Two of them are equal as actions; the later one comes first.
  expect(made[0]!.action).toEqual(made[1]!.action);
  for (const i of [1, 2, 0]) {
    const out = new Float32Array(2);
    actions.encode(made[i]!.action.slice(), out);
    expect(out).toEqual(made[i]!.u);
  }
});

it('clips the actions of others to 1 - 1e-5, and finds their u by atanh', () => {
  const actions = make();
  const out = new Float32Array(2);
  actions.encode(Float32Array.of(2, 0.75), out);
  expect(out[0]).toBeCloseTo(6.103, 3);
  expect(out[1]).toBeCloseTo(Math.atanh(0.5), 6);
  actions.encode(Float32Array.of(-2, 0), out);
  expect(out[0]).toBeCloseTo(-6.103, 3);
});

it('forgets what is never observed', () => {
  const actions = make();
  const first = actions.decode([11, 0]);
  const rng = Rng.fromSeed(1);
  for (let i = 0; i < 1024; i++) actions.decode([rng.normal(), rng.normal()]);
  const out = new Float32Array(2);
  actions.encode(first, out);
  expect(out[0]).toBeCloseTo(6.103, 3);
});
