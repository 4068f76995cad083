import { describe, expect, it } from 'vitest';
import { convexHull } from './convex-hull.js';

describe('convexHull', () => {
  it.each([
    [
      'a square with points inside, on its edges and twice',
      [
        [0, 0],
        [2, 2],
        [1, 1],
        [2, 0],
        [1, 0],
        [0, 2],
        [0, 1],
        [2, 0],
      ],
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
      ],
    ],
    [
      'points on a line',
      [
        [1, 1],
        [0, 0],
        [3, 3],
        [2, 2],
      ],
      [
        [0, 0],
        [3, 3],
      ],
    ],
  ] as const)('goes around %s', (_, points, expected) => {
    expect(convexHull(points)).toEqual(expected);
  });
});
