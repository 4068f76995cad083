import { circle, colors, label, line, type Point, path, picture, placed, rectangle } from './drawing.js';

const SIZE = 5;
/** The cells of the landmarks red, green, yellow and blue. */
const CELLS = [0, 4, 20, 23];
/** The cells with a wall on their east side. */
const WALLED_EAST = [1, 6, 15, 17, 20, 22];
const CELL = 70;
const EDGE = 10;
const LANDMARKS = [
  ['R', '#d55e5e'],
  ['G', '#4caf7d'],
  ['Y', '#e0b93a'],
  ['B', '#5b8fd6'],
] as const;

/** The town with its four landmarks, a flag at the destination, the passenger and the taxi. */
export function taxi(state: number): string {
  const destination = state % CELLS.length;
  const place = Math.floor(state / CELLS.length) % (CELLS.length + 1);
  const cell = Math.floor(state / CELLS.length / (CELLS.length + 1));
  const side = SIZE * CELL + 2 * EDGE;
  const at = (cell: number): Point => [
    EDGE + (cell % SIZE) * CELL + CELL / 2,
    EDGE + Math.floor(cell / SIZE) * CELL + CELL / 2,
  ];
  const wall = { stroke: colors.wall, 'stroke-width': 9, 'stroke-linecap': 'round' };
  const wheel = { fill: colors.dark, stroke: colors.shine };
  const inside = CELLS[place] === undefined;
  return picture(
    side,
    side,
    'A taxi in a town with four landmarks',
    rectangle(EDGE, EDGE, SIZE * CELL, SIZE * CELL, { fill: colors.ground }),
    path(
      { stroke: colors.line, fill: 'none' },
      ...Array.from({ length: SIZE - 1 }, (_, i) => EDGE + (i + 1) * CELL).flatMap((d) => [
        ...['M', d, EDGE, 'v', SIZE * CELL, 'M', EDGE, d, 'h', SIZE * CELL],
      ]),
    ),
    ...CELLS.map((cell, i) => {
      const [x, y] = at(cell);
      const [letter, fill] = LANDMARKS[i]!;
      return (
        rectangle(x - CELL / 2 + 4, y - CELL / 2 + 4, CELL - 8, CELL - 8, {
          fill,
          'fill-opacity': 0.55,
          rx: 6,
        }) + label([x - CELL * 0.32, y - CELL * 0.3], 16, letter, { 'font-weight': 700 })
      );
    }),
    ...WALLED_EAST.map((cell) => {
      const [x, y] = at(cell);
      return line([x + CELL / 2, y - CELL / 2], [x + CELL / 2, y + CELL / 2], wall);
    }),
    rectangle(EDGE, EDGE, SIZE * CELL, SIZE * CELL, { fill: 'none', ...wall, 'stroke-linejoin': 'round' }),
    // A flag in the corner, because taxi and passenger may stand in the same cell.
    placed(
      at(CELLS[destination]!),
      0,
      line([14, -4], [14, -30], { stroke: colors.ink, 'stroke-width': 2.5 }),
      path({ fill: colors.goal, stroke: colors.ink }, 'M', 14, -30, 'L', 31, -24, 'L', 14, -17, 'Z'),
    ),
    placed(
      at(cell),
      0,
      rectangle(-25, -9, 50, 22, { rx: 7, fill: colors.agent, stroke: colors.shine, 'stroke-width': 2 }),
      path(
        { fill: colors.agent, stroke: colors.shine, 'stroke-width': 2 },
        'M',
        -15,
        -9,
        'L',
        -9,
        -22,
        'L',
        9,
        -22,
        'L',
        16,
        -9,
        'Z',
      ),
      circle([-13, 14], 6, wheel),
      circle([13, 14], 6, wheel),
    ),
    passenger(inside ? at(cell) : at(CELLS[place]!), inside),
  );
}

function passenger([x, y]: Point, inside: boolean): string {
  const place: Point = inside ? [x, y - 12] : [x - 18, y + 14];
  return placed(
    place,
    0,
    circle([0, -9], 5.5, { fill: colors.part, stroke: colors.ink }),
    path({ fill: colors.part, stroke: colors.ink }, 'M', -8, 10, 'Q', -8, -3, 0, -3, 'Q', 8, -3, 8, 10, 'Z'),
  );
}
