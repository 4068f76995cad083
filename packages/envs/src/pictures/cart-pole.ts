import { circle, colors, degreesOf, line, picture, placed, rectangle } from './drawing.js';

/** The picture shows 2.4 m to either side; 125 pixels are a meter. */
const WIDTH = 600;
const HEIGHT = 400;
const SCALE = 125;
/** The axle's height in pixels from the top. */
const AXLE = 292.5;
const CART = { width: 50, height: 30 };
const POLE = { width: 10, length: SCALE };

/** A cart at `x` in m on its track, with the pole at `angle` in rad from upright, in the proportions of Gymnasium. */
export function cartPole([x, , angle]: Float64Array): string {
  const edge = (side: number) => WIDTH / 2 + side * 2.4 * SCALE;
  const limit = (side: number) =>
    line([edge(side) - side * 3, AXLE - 14], [edge(side) - side * 3, AXLE + 30], {
      stroke: colors.danger,
      'stroke-width': 6,
      'stroke-dasharray': '6 4',
    });
  const wheel = (side: number) => circle([side * 15, 22], 6, { fill: colors.dark, stroke: colors.shine });
  return picture(
    WIDTH,
    HEIGHT,
    'A pole on a cart',
    rectangle(0, AXLE + 28.5, WIDTH, HEIGHT - AXLE - 28.5, { fill: colors.ground }),
    line([0, AXLE + 28.5], [WIDTH, AXLE + 28.5], { stroke: colors.ink, 'stroke-width': 1.5 }),
    limit(-1),
    limit(1),
    placed(
      [WIDTH / 2 + x! * SCALE, AXLE],
      0,
      rectangle(-CART.width / 2, -CART.height / 4, CART.width, CART.height, {
        rx: 4,
        fill: colors.agent,
      }),
      wheel(-1),
      wheel(1),
      placed(
        [0, 0],
        degreesOf(angle!),
        rectangle(-POLE.width / 2, -POLE.length + POLE.width / 2, POLE.width, POLE.length, {
          rx: POLE.width / 2,
          fill: colors.part,
        }),
      ),
      circle([0, 0], POLE.width / 2.6, { fill: colors.shine, stroke: colors.ink, 'stroke-width': 1.5 }),
    ),
  );
}
