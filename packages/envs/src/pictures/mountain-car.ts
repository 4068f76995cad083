import { circle, colors, degreesOf, line, path, picture, placed } from './drawing.js';

/** The picture shows positions from -1.2 to 0.6. */
const WIDTH = 600;
const HEIGHT = 400;
const LEFT = -1.2;
const SCALE = WIDTH / 1.8;

const heightOf = (position: number) => Math.sin(3 * position) * 0.45 + 0.55;
const pixelOf = (position: number) =>
  [(position - LEFT) * SCALE, HEIGHT - heightOf(position) * SCALE] as const;

const HILL = Array.from({ length: 61 }, (_, i) => pixelOf(LEFT + (1.8 * i) / 60));

/** A car on the hills of Gymnasium's mountain car, and a flag where the goal is. */
export function mountainCar(position: number, goal: number): string {
  const [x, y] = pixelOf(position);
  const [flagX, flagY] = pixelOf(goal);
  const wheel = (side: number) =>
    circle([side * 10, -8], 8, { fill: colors.dark, stroke: colors.shine, 'stroke-width': 2.5 });
  const hill = HILL.flatMap(([px, py], i) => [i === 0 ? 'M' : 'L', px, py]);
  return picture(
    WIDTH,
    HEIGHT,
    'A car in a valley, and a flag on the hill',
    path({ fill: colors.ground }, ...hill, 'L', WIDTH, HEIGHT, 'L', 0, HEIGHT, 'Z'),
    path({ fill: 'none', stroke: colors.ink, 'stroke-width': 2 }, ...hill),
    line([flagX, flagY], [flagX, flagY - 50], { stroke: colors.ink, 'stroke-width': 2.5 }),
    path(
      { fill: colors.goal },
      ...['M', flagX, flagY - 50, 'L', flagX + 25, flagY - 42, 'L', flagX, flagY - 32, 'Z'],
    ),
    placed(
      [x, y],
      -degreesOf(Math.atan(Math.cos(3 * position) * 1.35)),
      path(
        { fill: colors.agent },
        ...['M', -20, -10, 'L', -20, -19, 'Q', -19, -22, -14, -22, 'L', -10, -22, 'L', -5, -30],
        ...['L', 7, -30, 'L', 12, -22, 'Q', 20, -21, 20, -16, 'L', 20, -10, 'Z'],
      ),
      path({ fill: colors.shine }, 'M', -7, -22, 'L', -3.5, -28, 'L', 6, -28, 'L', 9.5, -22, 'Z'),
      wheel(-1),
      wheel(1),
    ),
  );
}
