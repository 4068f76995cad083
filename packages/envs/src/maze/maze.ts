import { InvalidInputError, showValue } from '@maxent/core';

/** A point on the ground in m. */
export type Place = readonly [x: number, y: number];

/** A rectangle with sides along x and y, in m. */
export interface Rectangle {
  readonly center: Place;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

const MAPS: Readonly<Record<string, string>> = {
  simple: '#####/#S..#/###.#/###G#/#####',
  cross: '#######/###G###/###.###/#S...G#/###.###/###G###/#######',
  spiral: '#########/#S......#/#######.#/#G....#.#/#####.#.#/#####...#/#########',
};

/** The names of the maps that `Maze` knows. */
export const MAZE_NAMES = Object.keys(MAPS);

/**
 * Corridors between walls, drawn with characters: # wall, S start, G goal, . floor, with rows separated by "/" from the
 * top (largest y) down. The start is the origin; cells are squares with sides of `cellSize` m. With cells of 3 m,
 * "simple" is a bend with the goal at (6, -6), and "cross" is a crossing with goals at (6, 6), (12, 0) and (6, -6), as
 * in the ant mazes of Haarnoja et al. (2018). "spiral" is longer.
 */
export class Maze {
  /** The goals, in reading order. */
  readonly goals: readonly Place[];
  private readonly rows: readonly string[];
  private readonly start: readonly [row: number, column: number];

  /** Throws InvalidInputError for uneven rows, other characters, not exactly one start, no goal, or an open border. */
  constructor(
    map: string,
    readonly cellSize = 3,
  ) {
    this.rows = parse(map);
    this.start = this.cellsOf('S')[0]!;
    this.goals = this.cellsOf('G').map(([row, column]) => this.centerOf(row, column));
  }

  /** Whether a place is on the floor. */
  isOpen(x: number, y: number): boolean {
    const [row, column] = this.cellAt(x, y);
    return this.isFloor(row, column);
  }

  /** The walls that can be touched; each run of wall cells in a row is one rectangle. */
  walls(): Rectangle[] {
    return this.rows.flatMap((text, row) =>
      runsOf(text.length, (column) => !this.isFloor(row, column) && this.touchesFloor(row, column)).map(
        ([first, last]) => {
          const [left, y] = this.centerOf(row, first);
          const [right] = this.centerOf(row, last);
          return {
            center: [(left + right) / 2, y] as const,
            halfWidth: (right - left + this.cellSize) / 2,
            halfHeight: this.cellSize / 2,
          };
        },
      ),
    );
  }

  /**
   * The length in m of the way from a place to a goal, through the centers of the cells in between; Infinity if there
   * is no way.
   */
  distanceTo(goal: Place): (x: number, y: number) => number {
    const steps = this.stepsTo(this.cellAt(...goal));
    return (x, y) => {
      const [row, column] = this.cellAt(x, y);
      const here = steps[row]?.[column] ?? Infinity;
      if (here === 0) return length(x - goal[0], y - goal[1]);
      if (here === Infinity) return Infinity;
      let shortest = Infinity;
      for (const [nextRow, nextColumn] of neighbors(row, column)) {
        const next = steps[nextRow]?.[nextColumn] ?? Infinity;
        if (next >= here) continue;
        const [centerX, centerY] = this.centerOf(nextRow, nextColumn);
        shortest = Math.min(shortest, length(x - centerX, y - centerY) + next * this.cellSize);
      }
      return shortest;
    };
  }

  /** The number of cells on the way to one cell from every other cell, by breadth-first search. */
  private stepsTo([row, column]: readonly [number, number]): number[][] {
    const steps = this.rows.map((text) => new Array<number>(text.length).fill(Infinity));
    steps[row]![column] = 0;
    const queue: (readonly [number, number])[] = [[row, column]];
    for (const cell of queue) {
      for (const [nextRow, nextColumn] of neighbors(...cell)) {
        if (!this.isFloor(nextRow, nextColumn) || steps[nextRow]![nextColumn]! < Infinity) continue;
        steps[nextRow]![nextColumn] = steps[cell[0]]![cell[1]]! + 1;
        queue.push([nextRow, nextColumn]);
      }
    }
    return steps;
  }

  private isFloor(row: number, column: number): boolean {
    const tile = this.rows[row]?.[column];
    return tile !== undefined && tile !== '#';
  }

  private touchesFloor(row: number, column: number): boolean {
    for (let i = row - 1; i <= row + 1; i++) {
      for (let j = column - 1; j <= column + 1; j++) if (this.isFloor(i, j)) return true;
    }
    return false;
  }

  private cellAt(x: number, y: number): readonly [number, number] {
    return [this.start[0] - Math.round(y / this.cellSize), this.start[1] + Math.round(x / this.cellSize)];
  }

  private centerOf(row: number, column: number): Place {
    return [(column - this.start[1]) * this.cellSize, (this.start[0] - row) * this.cellSize];
  }

  private cellsOf(tile: string): (readonly [number, number])[] {
    return this.rows.flatMap((text, row) =>
      [...text].flatMap((character, column) => (character === tile ? [[row, column] as const] : [])),
    );
  }
}

function parse(map: string): string[] {
  const rows = (MAPS[map] ?? map).split('/');
  const width = rows[0]!.length;
  const fail = (expected: string): never => {
    throw new InvalidInputError(
      'map',
      `expected ${MAZE_NAMES.join(', ')} or ${expected}, got ${showValue(map)}`,
    );
  };
  if (!rows.every((row) => /^[#SG.]+$/.test(row) && row.length === width)) {
    fail('equally long rows of #, S, G and . separated by "/"');
  }
  const count = (tile: string) => rows.join('').split(tile).length - 1;
  if (count('S') !== 1) fail('rows with one start S');
  if (count('G') === 0) fail('rows with a goal G');
  const border = [rows[0]!, rows.at(-1)!, ...rows.map((row) => row[0]! + row.at(-1)!)].join('');
  if (/[^#]/.test(border)) fail('rows with walls all around');
  return rows;
}

/** The first and last index of every run of indices for which `isIn` holds. */
function runsOf(count: number, isIn: (index: number) => boolean): [number, number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    if (!isIn(i)) continue;
    if (i > 0 && isIn(i - 1)) runs.at(-1)![1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

function neighbors(row: number, column: number): (readonly [number, number])[] {
  return [
    [row - 1, column],
    [row + 1, column],
    [row, column - 1],
    [row, column + 1],
  ];
}

function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
