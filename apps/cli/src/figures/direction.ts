/** Where a move on a grid goes. */
export interface Direction {
  readonly arrow: string;
  readonly name: string;
}

/** Left to right, top to bottom. */
const DIRECTIONS: readonly Direction[] = [
  { arrow: '↖', name: 'up left' },
  { arrow: '↑', name: 'up' },
  { arrow: '↗', name: 'up right' },
  { arrow: '←', name: 'left' },
  { arrow: '·', name: 'stay' },
  { arrow: '→', name: 'right' },
  { arrow: '↙', name: 'down left' },
  { arrow: '↓', name: 'down' },
  { arrow: '↘', name: 'down right' },
];

/** The direction of a move, by the sign of its change in row and column. */
export function directionOf([down, right]: readonly [down: number, right: number]): Direction {
  return DIRECTIONS[(Math.sign(down) + 1) * 3 + Math.sign(right) + 1]!;
}
