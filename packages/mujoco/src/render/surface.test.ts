import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMujoco } from '../load-mujoco.js';
import { Simulation } from '../simulation.js';
import { TWO_PART_ROBOT, twoPartAssets } from '../test-support/two-part-robot.js';
import { surfaceOfHeightField, surfaceOfMesh } from './surface.js';

let simulation: Simulation;
beforeAll(async () => {
  simulation = new Simulation(await loadMujoco(), { xml: TWO_PART_ROBOT, assets: twoPartAssets() });
});
afterAll(() => simulation.delete());

/** The normal of a triangle, with a length of twice its area. */
function normalOf(points: Float32Array, corners: Uint32Array): number[] {
  const [a, b, c] = Array.from(corners, (row) => Array.from(points.subarray(3 * row, 3 * row + 3)));
  const [u, v] = [b!.map((value, i) => value - a![i]!), c!.map((value, i) => value - a![i]!)];
  return [0, 1, 2].map((i) => u[(i + 1) % 3]! * v[(i + 2) % 3]! - u[(i + 2) % 3]! * v[(i + 1) % 3]!);
}

describe('surfaces', () => {
  it('of a mesh are its triangles around its center of mass, seen from outside', () => {
    const { points, faces, hull } = surfaceOfMesh(simulation.model, 0);
    expect([points.length, faces.length]).toEqual([12, 12]);
    // The tetrahedron's volume is a sixth of 0.5 * 0.2 * 0.2, by the divergence theorem.
    let volume = 0;
    for (let face = 0; face < 4; face++) {
      const corners = faces.subarray(3 * face, 3 * face + 3);
      const corner = points.subarray(3 * corners[0]!, 3 * corners[0]! + 3);
      volume += normalOf(points, corners).reduce((sum, value, i) => sum + (value * corner[i]!) / 6, 0);
    }
    expect(volume).toBeCloseTo((0.5 * 0.2 * 0.2) / 6, 8);
    const rows = (values: Float32Array) =>
      Array.from({ length: values.length / 3 }, (_, i) => values.slice(3 * i, 3 * i + 3).join());
    expect(rows(hull).sort()).toEqual(rows(points).sort());
  });

  it('of a height field are its points in m, with triangles that face up', () => {
    const { points, faces, grid } = surfaceOfHeightField(simulation.model, 0);
    expect(grid).toEqual({ rows: 3, columns: 4 });
    const expected = [0, 1, 0, 0, 1, 2, 1, 0, 0, 1, 0, 0].flatMap((height, i) => [
      ((i % 4) * 4) / 3 - 2,
      Math.floor(i / 4) * 2 - 2,
      0.1 * height,
    ]);
    expected.forEach((value, i) => void expect(points[i]).toBeCloseTo(value, 6));
    expect(faces).toHaveLength(3 * 2 * 6);
    for (let i = 0; i < faces.length; i += 3) {
      expect(normalOf(points, faces.subarray(i, i + 3))[2]).toBeGreaterThan(0);
    }
  });
});
