import { type Frame, toWorld } from './frame.js';
import type { Geom } from './geoms.js';
import type { Projection } from './projection.js';
import type { Stage } from './stage.js';
import { color, pathOf } from './svg-text.js';

/** How far floors reach, in radii of the robot. */
const HORIZON = 200;

/**
 * The pattern of a floor: squares as far from the target as this many of their sides, laid over each other so that it
 * fades.
 */
const PATTERNS = [
  { reach: 9, opacity: 0.3 },
  { reach: 5, opacity: 0.6 },
] as const;

/** Draws a plane as an endless floor with a pattern of squares around the target. */
export function drawFloor(plane: Geom, { axes }: Frame, stage: Stage, projection: Projection): string {
  const frame: Frame = { position: stage.floorUnderTarget(plane), axes };
  const { tileSize } = stage;
  const rectangle = (left: number, right: number, front: number, back: number) => {
    const corners = [
      [left, front],
      [right, front],
      [right, back],
      [left, back],
    ] as const;
    return pathOf(projection.projectPolygon(corners.map(([x, y]) => toWorld(frame, [x, y, 0]))));
  };
  const squares = PATTERNS.map(({ reach, opacity }) => {
    // By the rule of even and odd, stripes along x and stripes along y are squares where only one of them is.
    const far = reach * tileSize;
    const starts = Array.from({ length: 2 * reach }, (_, i) => i - reach).filter((i) => i % 2 === 0);
    const stripes = starts.flatMap((i) => {
      const [from, to] = [i * tileSize, (i + 1) * tileSize];
      return [rectangle(from, to, -far, far), rectangle(-far, far, from, to)];
    });
    return `<path d="${stripes.join('')}" fill="${color(plane.rgba, 0.8)}" fill-opacity="${opacity}" fill-rule="evenodd"/>\n`;
  });
  const far = HORIZON * stage.radius;
  return `<path d="${rectangle(-far, far, -far, far)}" fill="${color(plane.rgba, 1)}"/>\n${squares.join('')}`;
}
