import { expect, it } from 'vitest';
import type { Geom } from './geoms.js';
import { Projection } from './projection.js';
import { roundOutline, roundShadow } from './round-shapes.js';
import type { Stage } from './stage.js';

/** From 10 m away, straight ahead along y: x to the right, z up. */
const view = (eye: [number, number, number] = [0, -10, 0]) =>
  new Projection({ eye, target: [0, 0, 0] } as unknown as Stage, 200, 100);

const capsule: Geom = {
  number: 0,
  shape: 'capsule',
  size: [0.5, 2, 0],
  rgba: [1, 0, 0, 1],
  moving: true,
  boundingRadius: 2.5,
};

/** A frame whose z axis is this. */
const along = (z: [number, number, number]) =>
  ({ position: [0, 0, 0], axes: [[1, 0, 0], [0, 1, 0], z] }) as const;

function numbersIn(text: string): number[] {
  return text.match(/-?\d+(\.\d+)?/g)!.map(Number);
}

it('outlines a capsule by two arcs around its ends, and lines that touch both', () => {
  // Its far end looks smaller.
  const axis: [number, number, number] = [0.8, 0.6, 0];
  const projection = view();
  const path = roundOutline(capsule, along(axis), projection)!;
  const [x1, y1, r2, , , large2, , x2, y2, x3, y3, r1, , , large1, , x4, y4] = numbersIn(path);
  const near = { at: projection.project([-1.6, -1.2, 0]), radius: r1! };
  const far = { at: projection.project([1.6, 1.2, 0]), radius: r2! };
  expect(near.radius / far.radius).toBeCloseTo(11.2 / 8.8, 1);
  expect([large1, large2]).toEqual([1, 0]);
  for (const [x, y, { at, radius }, [u, v]] of [
    [x1!, y1!, far, [x1! - x4!, y1! - y4!]],
    [x2!, y2!, far, [x2! - x3!, y2! - y3!]],
    [x3!, y3!, near, [x3! - x2!, y3! - y2!]],
    [x4!, y4!, near, [x4! - x1!, y4! - y1!]],
  ] as const) {
    expect(Math.hypot(x - at[0], y - at[1])).toBeCloseTo(radius, 0);
    // A line that touches a circle is perpendicular to its radius.
    const cosine = ((x - at[0]) * u + (y - at[1]) * v) / Math.hypot(u, v) / radius;
    expect(Math.abs(cosine)).toBeLessThan(0.03);
  }
});

it('outlines a capsule that is seen from its end as the disc of the nearer one', () => {
  const projection = view();
  const path = roundOutline(capsule, along([0, 1, 0]), projection)!;
  const [x1, y1, radius, , , , , x2, y2] = numbersIn(path);
  expect(radius).toBeCloseTo(0.5 * projection.scaleAt([0, -2, 0]), 1);
  expect([(x1! + x2!) / 2, (y1! + y2!) / 2]).toEqual([100, 50]);
  expect(Math.hypot(x2! - x1!, y2! - y1!)).toBeCloseTo(2 * radius!, 1);
  // The same numbers at the same places as from the side, so that a film of it is small.
  const form = (text: string) => text.replace(/-?\d+(\.\d+)?/g, '#');
  expect(form(path)).toBe(form(roundOutline(capsule, along([1, 0, 0]), projection)!));
});

it('draws the shadow of a capsule where its ends are above level ground, and no other', () => {
  const projection = view([0, -8, 6]);
  const level = along([0, 0, 1]);
  const frame = { ...along([1, 0, 0]), position: [0, 0, 3] } as const;
  const [x1, y1, x2, y2, width, , flattened] = numbersIn(roundShadow(capsule, frame, level, projection)!);
  const [left, right] = [projection.project([-2, 0, 0]), projection.project([2, 0, 0])];
  expect(flattened).toBe(0.6);
  for (const [found, expected] of [
    [x1!, left[0]],
    [x2!, right[0]],
    [y1! * 0.6, left[1]],
    [y2! * 0.6, right[1]],
  ] as const) {
    expect(Math.abs(found - expected)).toBeLessThan(0.06);
  }
  expect(width).toBeCloseTo(projection.scaleAt([0, 0, 0]), 0);
  expect(roundShadow(capsule, frame, along([0, 0.6, 0.8]), projection)).toBeUndefined();
  expect(roundShadow({ ...capsule, shape: 'box' }, frame, level, projection)).toBeUndefined();
});
