import { circle, colors, degreesOf, picture, placed, rectangle } from './drawing.js';

/** The picture shows 2.2 m to each side of the axle. */
const SIZE = 500;
const SCALE = SIZE / 4.4;
const ROD = { length: SCALE, width: 0.2 * SCALE };

/** A rod at `angle` in rad from upright, counterclockwise as in Gymnasium. */
export function pendulum([angle]: Float64Array): string {
  const center = [SIZE / 2, SIZE / 2] as const;
  return picture(
    SIZE,
    SIZE,
    'A rod that swings around its end',
    circle(center, ROD.length, {
      fill: 'none',
      stroke: colors.line,
      'stroke-width': 2,
      'stroke-dasharray': '2 6',
    }),
    rectangle(SIZE / 2 - 1.5, SIZE / 2 - ROD.length - 22, 3, 14, { fill: colors.goal }),
    placed(
      center,
      // Whole turns look alike.
      -degreesOf(angle! % (2 * Math.PI)),
      rectangle(-ROD.width / 2, -ROD.length, ROD.width, ROD.length + ROD.width / 2, {
        rx: ROD.width / 2,
        fill: colors.agent,
      }),
      circle([0, ROD.width / 2 - ROD.length], ROD.width * 0.22, { fill: colors.shine }),
    ),
    circle(center, 0.05 * SCALE, { fill: colors.ink }),
  );
}
