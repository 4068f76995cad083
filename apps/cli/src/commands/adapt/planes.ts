import { escapeMarkup, round } from '@maxent/training/report';
import type { AdaptAnswer } from './answer.js';

export type PlanePoint = readonly [x: number, y: number];

/** The drawing for a world in which observations are places on a plane. */
export interface AdaptationPlane {
  /** The task's goal, if its descriptor is a place. */
  readonly goal: PlanePoint | undefined;
  /** Where draws from the prior lead the agent. */
  readonly prior: readonly PlanePoint[];
  readonly episodes: readonly {
    readonly path: readonly PlanePoint[];
    /** Where draws from the belief after the episode lead the agent. */
    readonly led: readonly PlanePoint[];
  }[];
}

type Episode = AdaptAnswer['episodes'][number];

const SIZE = 264;
const MARGIN = 12;
const TITLE = 26;
const INK = '#1F2933';
const PALE = '#E4E7EB';
const PATH = '#0072B2';
const BELIEF = '#D55E00';
const GOAL = '#009E73';

/** The paths of the episodes on the plane as SVG elements, with where draws from the belief after each lead. */
export function drawPlanes(
  episodes: readonly Episode[],
  { goal, episodes: drawn }: AdaptationPlane,
): string[] {
  const all = [...drawn.flatMap(({ path, led }) => [...path, ...led]), ...(goal === undefined ? [] : [goal])];
  const reach = Math.max(1, ...all.flatMap(([x, y]) => [Math.abs(x), Math.abs(y)])) * 1.05;
  const scale = (SIZE - 2 * MARGIN) / (2 * reach);
  const place = ([x, y]: PlanePoint): PlanePoint => [
    round(SIZE / 2 + x * scale),
    round(TITLE + SIZE / 2 - y * scale),
  ];
  const dot = (point: PlanePoint, radius: number, color: string, opacity = 1) => {
    const [x, y] = place(point);
    return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${color}" fill-opacity="${opacity}"/>`;
  };
  const ring = (point: PlanePoint) => {
    const [x, y] = place(point);
    return `<circle cx="${x}" cy="${y}" r="7" fill="none" stroke="${GOAL}" stroke-width="3"/>`;
  };
  return drawn.map(({ path, led }, i) => {
    const line = path.map((point) => place(point).join(',')).join(' ');
    return svg(
      `episode ${i + 1}, from ${episodes[i]!.latentFrom}`,
      SIZE,
      TITLE + SIZE,
      `<rect x="${MARGIN}" y="${TITLE + MARGIN}" width="${SIZE - 2 * MARGIN}" height="${SIZE - 2 * MARGIN}" fill="none" stroke="${PALE}"/>` +
        led.map((point) => dot(point, 4, BELIEF, 0.35)).join('') +
        `<polyline points="${line}" fill="none" stroke="${PATH}" stroke-width="2"/>` +
        dot(path[0]!, 3, PATH) +
        (goal === undefined ? '' : ring(goal)),
    );
  });
}

function svg(title: string, width: number, height: number, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-label="${escapeMarkup(title)}" font-family="system-ui, sans-serif"><rect width="${width}" height="${height}" fill="#fff"/>` +
    `<text x="${MARGIN}" y="18" fill="${INK}" font-size="13" font-weight="600">${escapeMarkup(title)}</text>${body}</svg>`
  );
}
