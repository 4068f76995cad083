/** A change in row and column. */
export type Move = readonly [down: number, right: number];

/** The cell that a move from `state` reaches on a grid whose edges stop it. */
export function neighbor(state: number, move: Move, rows: number, columns: number): number {
  const column = state % columns;
  const row = (state - column) / columns;
  const nextRow = Math.min(Math.max(row + move[0], 0), rows - 1);
  const nextColumn = Math.min(Math.max(column + move[1], 0), columns - 1);
  return nextRow * columns + nextColumn;
}
