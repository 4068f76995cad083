import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import type { Vector3 } from '../mjcf/elements.js';
import type { Geom, GeomShape } from './geoms.js';
import { supportPoint } from './support-point.js';

const [A, B, C] = [0.5, 0.8, 1.3];

/** Whether a point is in the shape or on it, by the usual formulas, which the code under test does not use. */
const INSIDE: Readonly<
  Record<Exclude<GeomShape, 'plane' | 'mesh' | 'heightField'>, (p: Vector3) => boolean>
> = {
  sphere: ([x, y, z]) => Math.hypot(x, y, z) <= A,
  capsule: ([x, y, z]) => Math.hypot(x, y, Math.max(Math.abs(z) - B, 0)) <= A,
  ellipsoid: ([x, y, z]) => (x / A) ** 2 + (y / B) ** 2 + (z / C) ** 2 <= 1,
  cylinder: ([x, y, z]) => Math.hypot(x, y) <= A && Math.abs(z) <= B,
  box: ([x, y, z]) => Math.abs(x) <= A && Math.abs(y) <= B && Math.abs(z) <= C,
};

describe('supportPoint', () => {
  it.each(Object.entries(INSIDE))('finds the farthest point of a %s', (shape, inside) => {
    const geom: Geom = {
      number: 0,
      shape: shape as GeomShape,
      size: [A, B, C],
      rgba: [1, 1, 1, 1],
      moving: false,
      boundingRadius: 2,
    };
    const rng = Rng.fromSeed(3);
    const random = (): Vector3 => [rng.uniform(-2, 2), rng.uniform(-2, 2), rng.uniform(-2, 2)];
    const points = Array.from({ length: 4000 }, random).filter(inside);
    expect(points.length).toBeGreaterThan(30);
    const along = (p: Vector3, d: Vector3) => p[0] * d[0] + p[1] * d[1] + p[2] * d[2];
    for (let i = 0; i < 50; i++) {
      const direction = random();
      const support = supportPoint(geom, direction);
      expect(inside(support.map((value) => 0.999999 * value) as unknown as Vector3)).toBe(true);
      for (const point of points) {
        expect(along(support, direction)).toBeGreaterThanOrEqual(along(point, direction) - 1e-9);
      }
    }
  });

  it('finds the farthest corner of a mesh', () => {
    const hull = Float32Array.of(0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4);
    const geom: Geom = {
      number: 0,
      shape: 'mesh',
      size: [1, 1, 1],
      surface: { points: hull, faces: Uint32Array.of(0, 2, 1), hull },
      rgba: [1, 1, 1, 1],
      moving: false,
      boundingRadius: 4,
    };
    expect(supportPoint(geom, [1, 0, 0])).toEqual([2, 0, 0]);
    expect(supportPoint(geom, [1, 1, 1])).toEqual([0, 0, 4]);
    expect(supportPoint(geom, [-1, -1, -1])).toEqual([0, 0, 0]);
  });
});
