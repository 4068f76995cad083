import type { Pixel } from './projection.js';

/** Returns the corners of the convex hull of points in a plane, in order around it (Andrew's monotone chain). */
export function convexHull(points: readonly Pixel[]): Pixel[] {
  const sorted = [...points].sort(([x0, y0], [x1, y1]) => x0 - x1 || y0 - y1);
  return [...half(sorted), ...half(sorted.reverse())];
}

/** Returns one side of the hull of sorted points, without its last point, with which the other side begins. */
function half(points: readonly Pixel[]): Pixel[] {
  const corners: Pixel[] = [];
  for (const point of points) {
    while (corners.length > 1 && !turns(corners.at(-2)!, corners.at(-1)!, point)) corners.pop();
    corners.push(point);
  }
  return corners.slice(0, -1);
}

function turns([ax, ay]: Pixel, [bx, by]: Pixel, [cx, cy]: Pixel): boolean {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;
}
