import type { MjModel } from '../mujoco-api.js';

/** The surface of a mesh or a height field as triangles, in the geom's own frame, in m. Copies of MuJoCo's numbers. */
export interface Surface {
  /** [point][3] */
  readonly points: Float32Array;
  /** The corners of each triangle, as rows of `points`, counterclockwise from outside: [face][3]. */
  readonly faces: Uint32Array;
  /** Points that span the convex hull of all: [point][3]. */
  readonly hull: Float32Array;
  /** Of a height field: how many points it has along y and along x. They are stored row by row. */
  readonly grid?: { readonly rows: number; readonly columns: number };
}

/** Returns the surface of the mesh with that number. */
export function surfaceOfMesh(model: MjModel, mesh: number): Surface {
  const [start, count] = [model.mesh_vertadr[mesh]!, model.mesh_vertnum[mesh]!];
  const points = model.mesh_vert.slice(3 * start, 3 * (start + count));
  const [first, faces] = [model.mesh_faceadr[mesh]!, model.mesh_facenum[mesh]!];
  return {
    points,
    faces: Uint32Array.from(model.mesh_face.subarray(3 * first, 3 * (first + faces))),
    hull: hullOf(model, mesh, points),
  };
}

/** Returns the corners of the convex hull if MuJoCo has found them, as it does for collisions, and else all points. */
function hullOf({ mesh_graphadr, mesh_graph }: MjModel, mesh: number, points: Float32Array): Float32Array {
  const start = mesh_graphadr[mesh]!;
  if (start < 0) return points;
  // The graph begins with the numbers of points and faces; then each point has an address, and its row.
  const count = mesh_graph[start]!;
  const rows = mesh_graph.subarray(start + 2 + count, start + 2 + 2 * count);
  const hull = new Float32Array(3 * count);
  rows.forEach((row, i) => void hull.set(points.subarray(3 * row, 3 * row + 3), 3 * i));
  return hull;
}

/** Returns the upper surface of the height field with that number. */
export function surfaceOfHeightField(model: MjModel, field: number): Surface {
  const [rows, columns, start] = [
    model.hfield_nrow[field]!,
    model.hfield_ncol[field]!,
    model.hfield_adr[field]!,
  ];
  const [halfX, halfY, top] = [0, 1, 2].map((i) => model.hfield_size[4 * field + i]!) as [
    number,
    number,
    number,
  ];
  const heights = model.hfield_data;
  const points = new Float32Array(3 * rows * columns);
  const faces = new Uint32Array(6 * (rows - 1) * (columns - 1));
  let face = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const point = row * columns + column;
      points[3 * point] = halfX * ((2 * column) / (columns - 1) - 1);
      points[3 * point + 1] = halfY * ((2 * row) / (rows - 1) - 1);
      points[3 * point + 2] = top * heights[start + point]!;
      if (row === 0 || column === 0) continue;
      const [left, below, corner] = [point - 1, point - columns, point - columns - 1];
      faces.set([corner, below, point, corner, point, left], face);
      face += 6;
    }
  }
  return { points, faces, hull: points, grid: { rows, columns } };
}
