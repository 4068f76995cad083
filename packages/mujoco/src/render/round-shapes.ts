import type { Vector3 } from '../mjcf/elements.js';
import { dot, type Frame, toWorld } from './frame.js';
import type { Geom } from './geoms.js';
import { difference, type Pixel, type Projection } from './projection.js';
import { pair, pathOf, tenths } from './svg-text.js';

// Spheres and capsules have outlines of a few numbers, so that a film of them is small.

interface Disc {
  readonly at: Pixel;
  /** In pixels. */
  readonly radius: number;
}

/** The centers of the spheres whose hull is a sphere or a capsule; undefined for other shapes. */
function centersOf({ shape, size: [, half] }: Geom, frame: Frame): readonly Vector3[] | undefined {
  if (shape === 'sphere') return [frame.position];
  return shape === 'capsule' ? [toWorld(frame, [0, 0, -half]), toWorld(frame, [0, 0, half])] : undefined;
}

/** The element of a sphere's or a capsule's outline, without its end; undefined for other shapes. */
export function roundOutline(geom: Geom, frame: Frame, projection: Projection): string | undefined {
  const discs = centersOf(geom, frame)?.map(
    (center): Disc => ({ at: projection.project(center), radius: geom.size[0] * projection.scaleAt(center) }),
  );
  if (discs === undefined) return undefined;
  const [first, second] = discs as [Disc, Disc?];
  if (second !== undefined) return `<path d="${hullOf(first, second)}"`;
  return `<circle cx="${tenths(first.at[0])}" cy="${tenths(first.at[1])}" r="${tenths(first.radius)}"`;
}

/** The outline of two discs and what is between them: an arc of each and the lines that touch both. */
function hullOf(a: Disc, b: Disc): string {
  const [x, y] = [b.at[0] - a.at[0], b.at[1] - a.at[1]];
  const distance = Math.hypot(x, y);
  // Seen from its end, a capsule is one disc: two halves of it have the same form as two arcs.
  const hidden = distance <= Math.abs(a.radius - b.radius);
  const [start, end] = hidden ? (a.radius > b.radius ? [a, a] : [b, b]) : [a, b];
  const cosine = hidden ? 0 : (a.radius - b.radius) / distance;
  const sine = Math.sqrt(1 - cosine ** 2);
  const [u, v] = distance === 0 ? [1, 0] : [x / distance, y / distance];
  const touching = ({ at, radius }: Disc, side: 1 | -1): Pixel => [
    at[0] + radius * (cosine * u - side * sine * v),
    at[1] + radius * (cosine * v + side * sine * u),
  ];
  const arc = ({ radius }: Disc, large: boolean, to: Pixel) =>
    `A${tenths(radius)} ${tenths(radius)} 0 ${large ? 1 : 0} 1 ${pair(to)}`;
  return (
    `M${pair(touching(end, -1))}${arc(end, cosine < 0, touching(end, 1))}` +
    `L${pair(touching(start, 1))}${arc(start, cosine > 0, touching(start, -1))}Z`
  );
}

/**
 * The shadow of a sphere or a capsule on a level plane, for light from straight above: a line as a round pen draws it, which
 * the view flattens as it does the ground. Undefined for other shapes and slopes.
 */
export function roundShadow(
  geom: Geom,
  frame: Frame,
  plane: Frame,
  projection: Projection,
): string | undefined {
  const normal = plane.axes[2];
  const centers = centersOf(geom, frame);
  if (centers === undefined || normal[2] < LEVEL) return undefined;
  const flattened = Math.round(100 * projection.flattening(normal)) / 100;
  if (flattened === 0) return '';
  const ground = centers.map(
    (center): Vector3 => [center[0], center[1], center[2] - dot(difference(center, plane.position), normal)],
  );
  const points = ground.map((point): Pixel => {
    const [x, y] = projection.project(point);
    return [x, y / flattened];
  });
  const width = 2 * geom.size[0] * projection.scaleAt(ground[0]!);
  return `<path d="${pathOf(points)}" stroke-width="${tenths(width)}" transform="scale(1 ${flattened})"/>`;
}

/** The least vertical part of a unit vector that points straight up, but for rounding. */
const LEVEL = 1 - 1e-9;
