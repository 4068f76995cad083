import type { GoalMark } from '@maxent/core';
import { circle, colors, label, line, type Point, path, picture } from './drawing.js';
import { target, walker } from './symbols.js';

export interface PlanePicture {
  readonly label: string;
  /** The largest coordinate shown, in each direction from 0. */
  readonly reach: number;
  /** The distance between lines of the grid. */
  readonly spacing: number;
  readonly goals: readonly GoalMark[];
}

const SIZE = 480;

/** A plane around the origin, seen from above, with the agent at a place; outside the plane it stands at the edge. */
export function plane({ label: text, reach, spacing, goals }: PlanePicture, [x, y]: Float64Array): string {
  const scale = SIZE / 2 / reach;
  const at = (px: number, py: number): Point => [SIZE / 2 + px * scale, SIZE / 2 - py * scale];
  const count = Math.floor(reach / spacing);
  const lines = Array.from({ length: 2 * count + 1 }, (_, i) => SIZE / 2 + (i - count) * spacing * scale);
  const inside = (value: number) => Math.min(Math.max(value, -reach), reach);
  return picture(
    SIZE,
    SIZE,
    text,
    path(
      { stroke: colors.line, 'stroke-width': 0.7, fill: 'none' },
      ...lines.flatMap((d) => ['M', d, 0, 'v', SIZE, 'M', 0, d, 'h', SIZE]),
    ),
    line(at(-reach, 0), at(reach, 0), { stroke: colors.line, 'stroke-width': 2 }),
    line(at(0, -reach), at(0, reach), { stroke: colors.line, 'stroke-width': 2 }),
    ...goals.map((goal) => target(at(...goal.at), goal.radius * scale)),
    walker(at(inside(x!), inside(y!)), 13),
  );
}

/** The state of a system that should be at 0: on a plane if it has two entries, else as bars up to `reach`. */
export function regulated(reach: number, state: Float64Array): string {
  if (state.length !== 2) return bars('The state as bars around 0', state, reach);
  const goals = [{ at: [0, 0] as const, radius: reach / 10 }];
  return plane({ label: 'The state on a plane', reach, spacing: reach / 6, goals }, state);
}

const ROW = 34;
/** How many entries are drawn at most. */
const MOST = 24;

/**
 * Each entry of a vector as a bar to the right or the left of 0, and as a number. A bar is cut off at `reach`; without
 * it, x is drawn at x / (1 + |x|) of the way.
 */
export function bars(text: string, state: Float64Array, reach?: number): string {
  const shown = state.subarray(0, MOST);
  const half = 170;
  const zero = 20 + half;
  const part = (x: number) =>
    reach === undefined ? x / (1 + Math.abs(x)) : Math.min(Math.max(x / reach, -1), 1);
  return picture(
    SIZE,
    Math.max(shown.length, 1) * ROW + 16,
    text,
    ...Array.from(shown, (value, i) => {
      const y = 8 + (i + 0.5) * ROW;
      const end = zero + half * part(value);
      return (
        line([zero - half, y], [zero + half, y], { stroke: colors.line }) +
        line([zero, y], [end, y], { stroke: colors.agent, 'stroke-width': 12 }) +
        circle([end, y], 8, { fill: colors.agent, stroke: colors.shine, 'stroke-width': 2 }) +
        label([SIZE - 16, y], 15, value.toPrecision(3), { 'text-anchor': 'end' })
      );
    }),
    line([zero, 4], [zero, shown.length * ROW + 12], { stroke: colors.goal, 'stroke-width': 2 }),
  );
}
