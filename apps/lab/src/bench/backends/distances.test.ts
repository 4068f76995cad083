import { expect, it } from 'vitest';
import { gradientDistances, networkDistance } from './distances.js';
import type { Arrays } from './trial.js';

const arrays = (scale: number): Arrays => ({
  'actor/layer.0.weight': { shape: [1, 2], data: Float32Array.of(3 * scale, 4) },
  'actor/layer.0.bias': { shape: [2], data: Float32Array.of(0, 12) },
  'critics/layer.0.weight': { shape: [1, 1], data: Float32Array.of(2) },
  'actorOptimizer/firstMoment.0': { shape: [4], data: Float32Array.of(1, 0, 0, scale) },
  'criticOptimizer/firstMoment.0': { shape: [1], data: Float32Array.of(scale) },
});

it('takes all parameters of a network together', () => {
  expect(networkDistance(arrays(2), arrays(1), 'actor')).toBeCloseTo(3 / 13, 10);
  expect(networkDistance(arrays(2), arrays(1), 'critics')).toBe(0);
});

it('cuts the moments at the tensors', () => {
  expect(gradientDistances(arrays(1.5), arrays(1))).toEqual({
    'actor/layer.0.weight': 0,
    'actor/layer.0.bias': 0.5,
    'critics/layer.0.weight': 0.5,
  });
});

it('notices moments that do not fit the network', () => {
  const { 'critics/layer.0.weight': _, ...rest } = arrays(1);
  expect(() => gradientDistances(rest, rest)).toThrow('"criticOptimizer/firstMoment.0" has 1 values');
});
