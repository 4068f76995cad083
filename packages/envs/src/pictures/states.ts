import type { TabularMdp } from '@maxent/core';
import { circle, colors, label, type Point, path, picture } from './drawing.js';

/** With more states than this, only those around the current one are drawn. */
const MOST = 60;
const GAP = 84;
const RADIUS = 22;

/** The states of a process as numbered discs, the current one filled, and which of them can follow which. */
export function states(mdp: TabularMdp, state: number): string {
  const count = Math.min(mdp.stateCount, MOST);
  const first = Math.min(Math.max(state - Math.floor(count / 2), 0), mdp.stateCount - count);
  const columns = count <= 8 ? count : Math.ceil(Math.sqrt(count * 1.6));
  const rows = Math.ceil(count / columns);
  const at = (index: number): Point => [
    GAP * ((index % columns) + 0.5),
    GAP * (Math.floor(index / columns) + 0.5) + (rows === 1 ? arcSpace(columns) : 0),
  ];
  const height = rows * GAP + (rows === 1 ? 2 * arcSpace(columns) : 0);
  const indices = Array.from({ length: count }, (_, i) => i);
  return picture(
    columns * GAP,
    height,
    `${mdp.stateCount} states`,
    ...indices.flatMap((i) =>
      successors(mdp, first + i)
        .filter((next) => next !== first + i && next >= first && next < first + count)
        .map((next) => arrow(at(i), at(next - first))),
    ),
    ...indices.map((i) => disc(mdp, first + i, at(i), first + i === state)),
  );
}

/** Room above and below a single row for arrows that leap over states. */
function arcSpace(columns: number): number {
  return columns > 2 ? 14 * Math.min(columns, 6) : 0;
}

function disc(mdp: TabularMdp, state: number, at: Point, current: boolean): string {
  const end = mdp.terminal[state] === 1;
  return (
    circle(at, RADIUS, {
      fill: current ? colors.agent : colors.ground,
      stroke: current ? colors.shine : colors.ink,
      'stroke-width': current ? 3 : 1.5,
    }) +
    (end ? circle(at, RADIUS - 5, { fill: 'none', stroke: colors.ink, 'stroke-width': 1.5 }) : '') +
    label(at, 15, String(state), {
      'font-weight': 600,
      fill: current ? colors.shine : colors.ink,
    })
  );
}

function successors({ actionCount, transition }: TabularMdp, state: number): number[] {
  const { rowOffsets, columns } = transition;
  const [from, to] = [rowOffsets[state * actionCount]!, rowOffsets[(state + 1) * actionCount]!];
  return [...new Set(columns.subarray(from, to))];
}

/** An arrow from the edge of one disc to that of another, bent so that arrows between the same two differ. */
function arrow([x1, y1]: Point, [x2, y2]: Point): string {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = Math.hypot(dx, dy);
  const bend = Math.min(length <= GAP * 1.5 ? length * 0.12 : length * 0.32, 130);
  const [mx, my] = [(x1 + x2) / 2 + (dy / length) * bend, (y1 + y2) / 2 - (dx / length) * bend];
  const toward = (x: number, y: number, distance: number): Point => {
    const far = Math.hypot(mx - x, my - y);
    return [x + ((mx - x) / far) * distance, y + ((my - y) / far) * distance];
  };
  const [sx, sy] = toward(x1, y1, RADIUS + 2);
  const [ex, ey] = toward(x2, y2, RADIUS + 4);
  const [ux, uy] = [(ex - mx) / Math.hypot(ex - mx, ey - my), (ey - my) / Math.hypot(ex - mx, ey - my)];
  const wing = (side: number) => [ex - 8 * ux + side * 4 * uy, ey - 8 * uy - side * 4 * ux];
  return path(
    { fill: 'none', stroke: colors.line, 'stroke-width': 1.8 },
    ...['M', sx, sy, 'Q', mx, my, ex, ey, 'M', ...wing(1), 'L', ex, ey, 'L', ...wing(-1)],
  );
}
