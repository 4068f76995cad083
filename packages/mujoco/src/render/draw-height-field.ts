import type { Vector3 } from '../mjcf/elements.js';
import { dot, type Frame, toWorld } from './frame.js';
import type { Geom } from './geoms.js';
import { cross, difference, type Projection, unit } from './projection.js';
import { LIGHT, type Stage } from './stage.js';

/** How many cells a picture has along each side of a height field, and as many around the robot. */
const CELLS = 24;
/** How far around the robot there are small cells, in its radii. */
const NEARBY = 5;

/** A part of a height field's surface, which is drawn as one polygon. */
export interface Cell {
  readonly corners: readonly [Vector3, Vector3, Vector3, Vector3];
  /** From 0.2 to 1, brighter toward the light. */
  readonly brightness: number;
  /** Distance from the eye of its farthest corner: what stands on a cell is drawn over it. */
  readonly depth: number;
}

/** A range of a height field's points, with steps between those that are drawn. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Returns the cells of a height field: small ones around the robot, and large ones elsewhere. */
export function cellsOf(geom: Geom, frame: Frame, stage: Stage, projection: Projection): Cell[] {
  const { rows, columns } = geom.surface!.grid!;
  const coarse = [rows, columns].map((count) => rangeOver(0, count - 1));
  const target = difference(stage.target, frame.position);
  const fine = ([0, 1] as const).map((axis) => {
    const count = axis === 0 ? columns : rows;
    const half = geom.surface!.points.at(axis - 3)!;
    const scale = (count - 1) / (2 * half);
    const center = (dot(target, frame.axes[axis]) + half) * scale;
    // Whole large cells, so that the large ones around them fit.
    const { step } = coarse[1 - axis]!;
    const reach = NEARBY * stage.radius * scale;
    const from = Math.min(Math.max(step * Math.floor((center - reach) / step), 0), count - 1);
    const to = Math.min(Math.max(step * Math.ceil((center + reach) / step), 0), count - 1);
    return rangeOver(from, to);
  });
  const [fineColumns, fineRows] = fine as [Range, Range];
  const isCovered = (row: number, column: number) =>
    isWithin(fineRows, coarse[0]!, row) && isWithin(fineColumns, coarse[1]!, column);
  return [
    ...cellsIn(coarse[0]!, coarse[1]!, (row, column) => !isCovered(row, column)),
    ...cellsIn(fineRows, fineColumns, () => true),
  ].map((corners) => {
    const placed = corners.map(([row, column]) => toWorld(frame, pointAt(geom, row, column)));
    const [a, b, c, d] = placed as [Vector3, Vector3, Vector3, Vector3];
    const normal = unit(cross(difference(c, a), difference(d, b)));
    return {
      corners: [a, b, c, d],
      brightness: 0.6 + 0.4 * dot(normal, LIGHT),
      depth: Math.max(...placed.map((corner) => projection.depth(corner))),
    };
  });
}

function rangeOver(from: number, to: number): Range {
  return { from, to, step: Math.max(1, Math.ceil((to - from) / CELLS)) };
}

/** Returns whether a large cell is left out. They reach under the small ones, because heights differ where they meet. */
function isWithin(fine: Range, { to, step }: Range, start: number): boolean {
  const margin = step > 1 ? step : 0;
  return (
    start >= (fine.from === 0 ? 0 : fine.from + margin) && start < (fine.to === to ? to : fine.to - margin)
  );
}

type Corner = readonly [row: number, column: number];

function cellsIn(rows: Range, columns: Range, keep: (row: number, column: number) => boolean): Corner[][] {
  const cells: Corner[][] = [];
  for (let row = rows.from; row < rows.to; row += rows.step) {
    for (let column = columns.from; column < columns.to; column += columns.step) {
      if (!keep(row, column)) continue;
      const [above, right] = [
        Math.min(row + rows.step, rows.to),
        Math.min(column + columns.step, columns.to),
      ];
      cells.push([
        [row, column],
        [row, right],
        [above, right],
        [above, column],
      ]);
    }
  }
  return cells;
}

function pointAt({ surface }: Geom, row: number, column: number): Vector3 {
  const { points, grid } = surface!;
  const start = 3 * (row * grid!.columns + column);
  return [points[start]!, points[start + 1]!, points[start + 2]!];
}
