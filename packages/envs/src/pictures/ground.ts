import type { GoalMark } from '@maxent/core';
import type { Rectangle } from '../maze/maze.js';
import { circle, colors, line, type Point, path, picture, rectangle } from './drawing.js';
import { bricks, target, walker } from './symbols.js';

const LONGEST = 560;
/** Half the side of what is seen of open ground, in m. */
const VIEW = 5;

/** A point mass with [x, y, velocities] between the walls of a maze. */
export function maze(walls: readonly Rectangle[], goals: readonly GoalMark[], state: Float64Array): string {
  const edge = (side: 1 | -1, axis: 0 | 1) =>
    side *
    Math.max(
      ...walls.map(
        ({ center, halfWidth, halfHeight }) => side * center[axis] + (axis === 0 ? halfWidth : halfHeight),
      ),
    );
  const [left, right, low, high] = [edge(-1, 0), edge(1, 0), edge(-1, 1), edge(1, 1)];
  const scale = LONGEST / Math.max(right - left, high - low);
  const at = (x: number, y: number): Point => [(x - left) * scale, (high - y) * scale];
  // Walls are rows of cells, so that their height is the side of a cell.
  const course = walls[0]!.halfHeight * 2 * scale * 0.25;
  return picture(
    (right - left) * scale,
    (high - low) * scale,
    'A point mass in a maze, seen from above',
    ...walls.map(({ center: [x, y], halfWidth, halfHeight }) => {
      const [px, py] = at(x - halfWidth, y + halfHeight);
      return bricks(px, py, 2 * halfWidth * scale, 2 * halfHeight * scale, course);
    }),
    ...goals.map((goal) => target(at(...goal.at), goal.radius * scale)),
    mover(at(state[0]!, state[1]!), state, scale),
  );
}

/** A point mass on endless ground, which moves past under it. */
export function openGround(goals: readonly GoalMark[], state: Float64Array): string {
  const size = 480;
  const scale = size / (2 * VIEW);
  const [x, y] = [state[0]!, state[1]!];
  const at = (px: number, py: number): Point => [size / 2 + (px - x) * scale, size / 2 - (py - y) * scale];
  const lines = Array.from({ length: 2 * VIEW + 1 }, (_, i) => i - VIEW);
  const [nearX, nearY] = [Math.round(x), Math.round(y)];
  return picture(
    size,
    size,
    'A point mass on open ground, seen from above',
    path(
      { stroke: colors.line, fill: 'none' },
      ...lines.flatMap((i) => [
        'M',
        at(nearX + i, 0)[0],
        0,
        'v',
        size,
        'M',
        0,
        at(0, nearY + i)[1],
        'h',
        size,
      ]),
    ),
    rectangle(...at(-0.15, 0.15), 0.3 * scale, 0.3 * scale, { fill: colors.ground, stroke: colors.ink }),
    ...goals.map((goal) => target(at(...goal.at), goal.radius * scale)),
    mover([size / 2, size / 2], state, scale),
  );
}

/** The mass, and an arrow to where it would be in half a second. */
function mover([x, y]: Point, [, , xVelocity, yVelocity]: Float64Array, scale: number): string {
  const tip: Point = [x + 0.5 * xVelocity! * scale, y - 0.5 * yVelocity! * scale];
  return (
    line([x, y], tip, { stroke: colors.part, 'stroke-width': 5, 'stroke-linecap': 'round' }) +
    circle(tip, 4.5, { fill: colors.part }) +
    walker([x, y], Math.min(Math.max(0.3 * scale, 8), 14))
  );
}
