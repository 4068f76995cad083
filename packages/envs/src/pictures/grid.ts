import type { Grid, TabularMdp } from '@maxent/core';
import { colors, label, path, picture, rectangle } from './drawing.js';
import { bricks, cliff, flag, hole, lava, start, walker } from './symbols.js';

/** The side of a cell in pixels. */
const CELL = 60;
/** How many cells are drawn in each direction at most: of a larger world, those around the agent. */
const MOST = 24;

/** A gridworld with the agent in the cell of `state`. */
export function grid(mdp: TabularMdp, { rows, columns, tiles }: Grid, state: number): string {
  const column = state % columns;
  const row = (state - column) / columns;
  const [left, across] = windowAround(column, columns);
  const [top, down] = windowAround(row, rows);
  const bonus = arrivalBonuses(mdp);
  const cells: string[] = [];
  for (let i = top; i < top + down; i++) {
    for (let j = left; j < left + across; j++) {
      const cell = i * columns + j;
      const looks = { tile: tiles?.[cell] ?? '.', bonus: bonus[cell]!, terminal: mdp.terminal[cell] === 1 };
      cells.push(drawCell(looks, (j - left) * CELL, (i - top) * CELL));
    }
  }
  const [width, height] = [across * CELL, down * CELL];
  const inner = (count: number) => Array.from({ length: count - 1 }, (_, i) => (i + 1) * CELL);
  return picture(
    width,
    height,
    `A grid of ${rows} by ${columns} cells`,
    rectangle(0, 0, width, height, { fill: colors.ground }),
    ...cells,
    path(
      { stroke: colors.line, fill: 'none' },
      ...['M', 0.5, 0.5, 'h', width - 1, 'v', height - 1, 'h', 1 - width, 'Z'],
      ...inner(across).flatMap((x) => ['M', x, 0, 'v', height]),
      ...inner(down).flatMap((y) => ['M', 0, y, 'h', width]),
    ),
    walker([(column - left + 0.5) * CELL, (row - top + 0.5) * CELL], CELL * 0.28),
  );
}

/** The first index and the number of those to draw, near `index`. */
function windowAround(index: number, count: number): readonly [number, number] {
  const shown = Math.min(count, MOST);
  return [Math.min(Math.max(index - Math.floor(shown / 2), 0), count - shown), shown];
}

interface Looks {
  readonly tile: string;
  readonly bonus: number;
  readonly terminal: boolean;
}

/** What a cell is follows from what a step onto it pays and ends, and then from the character on the map. */
function drawCell({ tile, bonus, terminal }: Looks, x: number, y: number): string {
  const center = [x + CELL / 2, y + CELL / 2] as const;
  if (tile === '#') return bricks(x, y, CELL, CELL, CELL / 4);
  if (bonus > 0) return flag(center, CELL);
  if (tile === 'H') return hole(center, CELL);
  if (tile === 'C') return cliff(x, y, CELL);
  if (bonus < 0) return lava(x, y, CELL);
  if (terminal) return flag(center, CELL);
  if (tile === 'S' || tile === 'x') return start(center, CELL);
  return '.Fo'.includes(tile) ? '' : label(center, CELL * 0.4, escaped(tile));
}

function escaped(tile: string): string {
  return `&#${tile.codePointAt(0)};`;
}

const known = new WeakMap<TabularMdp, Float64Array>();

/** How much more a step onto each cell pays than a step onto a usual one. */
function arrivalBonuses(mdp: TabularMdp): Float64Array {
  const found = known.get(mdp);
  if (found !== undefined) return found;
  const { stateCount, actionCount, transition, reward, transitionReward, terminal } = mdp;
  const paid = new Float64Array(stateCount).fill(Number.NaN);
  for (let pair = 0; pair < stateCount * actionCount; pair++) {
    const state = Math.floor(pair / actionCount);
    if (terminal[state] === 1) continue;
    for (let entry = transition.rowOffsets[pair]!; entry < transition.rowOffsets[pair + 1]!; entry++) {
      const next = transition.columns[entry]!;
      // Steps that stay where they are pay as the cell does; those that fall back to the start do not.
      if (Number.isNaN(paid[next]!)) paid[next] = transitionReward?.[entry] ?? reward[pair]!;
      else paid[next] = Math.max(paid[next]!, transitionReward?.[entry] ?? reward[pair]!);
    }
  }
  const sorted = paid.filter((value) => !Number.isNaN(value)).sort();
  const usual = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const bonuses = paid.map((value) => (Number.isNaN(value) ? 0 : value - usual));
  known.set(mdp, bonuses);
  return bonuses;
}
