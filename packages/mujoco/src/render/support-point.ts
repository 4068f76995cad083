import type { Vector3 } from '../mjcf/elements.js';
import type { Geom } from './geoms.js';

/** Returns the point of a geom that lies farthest in a direction (of any length), both in the geom's own frame. */
export function supportPoint({ shape, size, surface }: Geom, direction: Vector3): Vector3 {
  const [x, y, z] = direction;
  const [a, b, c] = size;
  switch (shape) {
    case 'sphere':
      return scaled(x, y, z, a);
    case 'capsule': {
      const [px, py, pz] = scaled(x, y, z, a);
      return [px, py, pz + Math.sign(z) * b];
    }
    case 'ellipsoid': {
      const length = Math.hypot(a * x, b * y, c * z) || 1;
      return [(a * a * x) / length, (b * b * y) / length, (c * c * z) / length];
    }
    case 'cylinder': {
      const [px, py] = scaled(x, y, 0, a);
      return [px, py, Math.sign(z) * b];
    }
    case 'box':
      return [Math.sign(x) * a, Math.sign(y) * b, Math.sign(z) * c];
    case 'mesh':
    case 'heightField':
      return farthestOf(surface!.hull, direction);
    case 'plane':
      return [0, 0, 0];
  }
}

function scaled(x: number, y: number, z: number, radius: number): [number, number, number] {
  const length = Math.hypot(x, y, z) || 1;
  return [(radius * x) / length, (radius * y) / length, (radius * z) / length];
}

function farthestOf(points: Float32Array, [x, y, z]: Vector3): Vector3 {
  let [farthest, best] = [0, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const along = x * points[i]! + y * points[i + 1]! + z * points[i + 2]!;
    if (along > best) [farthest, best] = [i, along];
  }
  return [points[farthest]!, points[farthest + 1]!, points[farthest + 2]!];
}
