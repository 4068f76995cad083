import { Rng } from '@maxent/core';
import { expect, it } from 'vitest';
import { addNoise } from './add-noise.js';

it("adds L e for the generator's next normals e, whatever lies above the diagonal of L", () => {
  const out = Float64Array.of(1, 2);
  addNoise(out, Float64Array.of(3, 99, -1, 0.5), new Float64Array(5), Rng.fromSeed(1));
  const e = new Float64Array(2);
  Rng.fromSeed(1).fillNormal(e);
  expect(Array.from(out)).toEqual([1 + 3 * e[0]!, 2 - e[0]! + 0.5 * e[1]!]);
});
