import { circle, colors, degreesOf, line, picture, placed, rectangle } from './drawing.js';

/** The picture shows 2.2 m to each side of the pivot; each link is 1 m long. */
const SIZE = 500;
const SCALE = SIZE / 4.4;
const WIDTH = 0.2 * SCALE;

/** Two links: the first at an angle in rad from hanging down, the second relative to the first. */
export function acrobot([first, second]: Float64Array): string {
  const link = (fill: string) =>
    rectangle(-WIDTH / 2, -WIDTH / 2, WIDTH, SCALE + WIDTH, { rx: WIDTH / 2, fill });
  const joint = circle([0, 0], 0.07 * SCALE, { fill: colors.shine, stroke: colors.ink, 'stroke-width': 1.5 });
  return picture(
    SIZE,
    SIZE,
    'Two links that hang from a pivot, and the height to reach',
    line([0, SIZE / 2 - SCALE], [SIZE, SIZE / 2 - SCALE], {
      stroke: colors.goal,
      'stroke-width': 3,
      'stroke-dasharray': '10 6',
    }),
    placed(
      [SIZE / 2, SIZE / 2],
      -degreesOf(first!),
      link(colors.agent),
      placed([0, SCALE], -degreesOf(second!), link(colors.part), joint),
      joint,
    ),
  );
}
