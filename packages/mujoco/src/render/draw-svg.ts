import type { GoalMark } from '@maxent/core';
import type { Vector3, Vector4 } from '../mjcf/elements.js';
import { convexHull } from './convex-hull.js';
import { drawFloor } from './draw-floor.js';
import { cellsOf } from './draw-height-field.js';
import { dot, type Frame, farthestPoint, frameOf, toWorld } from './frame.js';
import type { Geom } from './geoms.js';
import { type Pixel, Projection } from './projection.js';
import { roundOutline, roundShadow } from './round-shapes.js';
import { BACKGROUND, LIGHT, type Stage } from './stage.js';
import { color, pathOf } from './svg-text.js';

export interface PictureSize {
  /** In pixels. Default 480 x 360. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** How many corners the outline of a round shape has. */
const CORNERS = 32;
/** The unit circle. */
const CIRCLE = Array.from({ length: CORNERS }, (_, i) => {
  const angle = (2 * Math.PI * i) / CORNERS;
  return [Math.cos(angle), Math.sin(angle)] as const;
});

/**
 * Draws the stage as an SVG document. It is only text, so it needs neither a browser nor a graphics card. Every geom is
 * drawn as the outline of its shape, a mesh as that of its convex hull, farther ones first, above its shadow on the
 * floors. Geoms inside or around others may be drawn in the wrong order.
 */
export function drawSvg(
  stage: Stage,
  { width = 480, height = 360 }: PictureSize = {},
  goals: readonly GoalMark[] = [],
): string {
  const projection = new Projection(stage, width, height);
  const { arrays } = stage;
  const planes = stage.geoms.filter(({ shape }) => shape === 'plane');
  const solids = stage.geoms
    .filter(({ shape }) => shape !== 'plane' && shape !== 'heightField')
    .map((geom) => ({ geom, frame: frameOf(arrays, geom) }))
    // Boxes, such as walls, are cut off where they pass the eye; other shapes are then not drawn at all.
    .filter(
      ({ geom, frame }) => geom.shape === 'box' || projection.depth(frame.position) > geom.boundingRadius,
    )
    .map((solid) => ({ ...solid, depth: projection.depth(solid.frame.position) }));
  const cells = stage.geoms
    .filter(({ shape }) => shape === 'heightField')
    .flatMap((geom) => {
      const found = cellsOf(geom, frameOf(arrays, geom), stage, projection);
      return found.map((cell) => ({ ...cell, geom }));
    });
  const floors = planes.map((plane) => {
    const frame = frameOf(arrays, plane);
    const shadows = solids.map((solid) => shadowOf(solid.geom, solid.frame, frame, projection));
    return (
      drawFloor(plane, frame, stage, projection) +
      `<g opacity=".2" stroke="#000" stroke-width="0" stroke-linecap="round" stroke-linejoin="round">\n${shadows.join('')}</g>\n`
    );
  });
  const shapes = [...cells, ...solids]
    .sort((a, b) => b.depth - a.depth)
    .map((item) =>
      'corners' in item
        ? tile(projection.projectPolygon(item.corners), item.geom.rgba, item.brightness, width, height)
        : solidShape(item.geom, item.frame, projection),
    );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A robot on the ground">\n` +
    `<rect width="${width}" height="${height}" fill="${BACKGROUND}"/>\n` +
    `${floors.join('')}${goals.map((goal) => goalOnGround(goal, projection)).join('')}<g stroke-linejoin="round">\n${shapes.join('')}</g>\n</svg>\n`
  );
}

/** Draws a goal as a ring on the ground, at height 0. */
function goalOnGround({ at: [x, y], radius }: GoalMark, projection: Projection): string {
  const ring = (part: number) => {
    const corners = CIRCLE.map(
      ([cosine, sine]): Vector3 => [x + part * radius * cosine, y + part * radius * sine, 0],
    );
    return pathOf(projection.projectPolygon(corners));
  };
  return (
    `<path d="${ring(1)}" fill="${GOAL}" fill-opacity=".2" stroke="${GOAL}" stroke-width="2" stroke-dasharray="6 4"/>\n` +
    `<path d="${ring(0.25)}" fill="${GOAL}"/>\n`
  );
}

const GOAL = '#009e73';

/** Returns the points of a geom that are farthest in each direction of the plane that two unit vectors span. */
function rim(geom: Geom, frame: Frame, first: Vector3, second: Vector3): Vector3[] {
  return CIRCLE.map(([cosine, sine]) => {
    const direction: Vector3 = [
      cosine * first[0] + sine * second[0],
      cosine * first[1] + sine * second[1],
      cosine * first[2] + sine * second[2],
    ];
    return farthestPoint(geom, frame, direction);
  });
}

function solidShape(geom: Geom, frame: Frame, projection: Projection): string {
  if (geom.shape === 'box') return boxFaces(geom, frame, projection);
  if (geom.shape !== 'mesh') return outline(geom, frame, projection);
  const { hull } = geom.surface!;
  const corners = Array.from({ length: hull.length / 3 }, (_, i) =>
    projection.project(toWorld(frame, [hull[3 * i]!, hull[3 * i + 1]!, hull[3 * i + 2]!])),
  );
  return painted(convexHull(corners), geom.rgba, 1);
}

/** Draws a cell of a height field unless it is outside the picture. */
function tile(
  corners: readonly Pixel[],
  rgba: Vector4,
  brightness: number,
  width: number,
  height: number,
): string {
  const outside =
    corners.every(([x]) => x < 0) ||
    corners.every(([x]) => x > width) ||
    corners.every(([, y]) => y < 0) ||
    corners.every(([, y]) => y > height);
  if (outside) return '';
  // The stroke covers the gaps that smooth edges would leave.
  const fill = color(rgba, brightness);
  return `<path d="${pathOf(corners)}" fill="${fill}" stroke="${fill}"/>\n`;
}

function outline(geom: Geom, frame: Frame, projection: Projection): string {
  const round = roundOutline(geom, frame, projection);
  if (round !== undefined) return `${round}${paint(geom.rgba, 1)}`;
  const corners = rim(geom, frame, projection.right, projection.up).map((point) => projection.project(point));
  return painted(corners, geom.rgba, 1);
}

/** Draws the faces of a box that face the camera; faces toward the light are brighter. */
function boxFaces(geom: Geom, frame: Frame, projection: Projection): string {
  const [a, b, c] = geom.size;
  const faces = [0, 1, 2].flatMap((axis) =>
    ([-1, 1] as const).map((side) => {
      const corners = SQUARE.map(([u, v]): Vector3 => {
        const corner: number[] = [u, v];
        corner.splice(axis, 0, side);
        return toWorld(frame, [corner[0]! * a, corner[1]! * b, corner[2]! * c]);
      });
      const normal = frame.axes[axis]!.map((value) => side * value) as unknown as Vector3;
      return { corners, normal };
    }),
  );
  return faces
    .filter(({ corners, normal }) => projection.faces(corners[0]!, normal))
    .map(({ corners, normal }) =>
      painted(projection.projectPolygon(corners), geom.rgba, 0.85 + 0.15 * dot(normal, LIGHT)),
    )
    .join('');
}

const SQUARE = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

/** Draws the shadow of a geom on a plane, for light from straight above. */
function shadowOf(geom: Geom, frame: Frame, plane: Frame, projection: Projection): string {
  const normal = plane.axes[2];
  const height = (point: Vector3) =>
    dot([point[0] - plane.position[0], point[1] - plane.position[1], point[2] - plane.position[2]], normal);
  if (normal[2] <= 0 || height(frame.position) < 0) return '';
  const round = roundShadow(geom, frame, plane, projection);
  if (round !== undefined) return `${round}\n`;
  const ground = rim(geom, frame, [1, 0, 0], [0, 1, 0]).map(
    (point): Vector3 => [point[0], point[1], point[2] - height(point) / normal[2]],
  );
  return `<path d="${pathOf(projection.projectPolygon(ground))}"/>\n`;
}

function painted(corners: readonly Pixel[], rgba: Vector4, brightness: number): string {
  return `<path d="${pathOf(corners)}"${paint(rgba, brightness)}`;
}

/** The colors of a shape, at the end of its element. */
function paint(rgba: Vector4, brightness: number): string {
  const opacity = rgba[3] < 1 ? ` opacity="${rgba[3].toFixed(2)}"` : '';
  return ` fill="${color(rgba, brightness)}" stroke="${color(rgba, 0.6)}"${opacity}/>\n`;
}
