import type { PoseArrays } from '../body-poses.js';
import type { Vector3 } from '../mjcf/elements.js';
import type { Geom } from './geoms.js';
import { supportPoint } from './support-point.js';

/** Where a geom is: its origin, and its axes as unit vectors, in the world. */
export interface Frame {
  readonly position: Vector3;
  readonly axes: readonly [Vector3, Vector3, Vector3];
}

export function frameOf({ geomXpos, geomXmat }: PoseArrays, { number }: Geom): Frame {
  const entry = (row: number, column: number) => geomXmat[9 * number + 3 * row + column]!;
  const axis = (column: number): Vector3 => [entry(0, column), entry(1, column), entry(2, column)];
  return {
    position: [geomXpos[3 * number]!, geomXpos[3 * number + 1]!, geomXpos[3 * number + 2]!],
    axes: [axis(0), axis(1), axis(2)],
  };
}

/** Returns the point of the world that has these coordinates in a frame. */
export function toWorld({ position, axes }: Frame, [x, y, z]: Vector3): Vector3 {
  const along = (i: 0 | 1 | 2) => position[i] + x * axes[0][i] + y * axes[1][i] + z * axes[2][i];
  return [along(0), along(1), along(2)];
}

/** Returns the point of a geom that lies farthest in a direction (of any length), both in the world. */
export function farthestPoint(geom: Geom, frame: Frame, direction: Vector3): Vector3 {
  const [a, b, c] = frame.axes;
  return toWorld(frame, supportPoint(geom, [dot(a, direction), dot(b, direction), dot(c, direction)]));
}

export function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
