import { escapeMarkup, formatNumber, lineChartSvg } from '@maxent/training/report';
import { htmlPage } from '../../figures/page.js';
import { formatTask } from '../../output/task.js';
import type { AdaptAnswer } from './answer.js';

export type PlanePoint = readonly [x: number, y: number];

/** The drawing for a world in which observations are places on a plane. */
export interface AdaptationPlane {
  /** The task's goal, if its descriptor is a place. */
  readonly goal: PlanePoint | undefined;
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

/**
 * The adaptation to a task as one HTML page: returns, the belief after each episode and, on a plane, where it points.
 */
export function adaptationPage(answer: AdaptAnswer, plane: AdaptationPlane | undefined): string {
  const { family, task, step, episodes } = answer;
  const returns = lineChartSvg({
    title: 'Return by episode',
    xLabel: 'episode',
    series: [{ label: 'return', points: episodes.map((one, i) => ({ x: i + 1, y: Number(one.return) })) }],
    width: 860,
    height: 260,
  });
  const planes = plane === undefined ? [] : drawPlanes(episodes, plane);
  const beliefs = episodes.flatMap((episode, i) =>
    episode.belief === undefined ? [] : [drawBelief(`belief after episode ${i + 1}`, episode.belief)],
  );
  return htmlPage(
    `${family}: ${formatTask(task)}`,
    [
      ['agent of step', String(step)],
      ...episodes.map(
        (episode, i) =>
          [
            `episode ${i + 1}, from ${episode.latentFrom}`,
            `return ${formatNumber(Number(episode.return))}${episode.success === 1 ? ', goal reached' : ''}`,
          ] as const,
      ),
      ...(plane === undefined
        ? []
        : [
            [
              'on the plane',
              'blue: the path of the episode; orange: where draws from the belief after it lead; green: the goal',
            ] as const,
          ]),
    ],
    [returns, ...planes, ...beliefs],
  );
}

function drawPlanes(episodes: readonly Episode[], { goal, episodes: drawn }: AdaptationPlane): string[] {
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
        (goal === undefined ? '' : dot(goal, 6, GOAL)),
    );
  });
}

/** Mean and one standard deviation to both sides for every entry of the latent, with the prior's in gray. */
function drawBelief(title: string, { mean, deviation }: NonNullable<Episode['belief']>): string {
  const lows = mean.map((value, d) => Number(value) - Number(deviation[d]));
  const highs = mean.map((value, d) => Number(value) + Number(deviation[d]));
  const reach = Math.max(1, ...[...lows, ...highs].map(Math.abs)) * 1.05;
  const width = Math.max(SIZE, 2 * MARGIN + 40 * mean.length);
  const [top, height] = [TITLE + 6, 120];
  const y = (value: number) => round(top + (height * (reach - value)) / (2 * reach));
  const bars = mean.map((value, d) => {
    const x = MARGIN + ((width - 2 * MARGIN) * (d + 0.5)) / mean.length;
    const name = `entry ${d + 1}: ${formatNumber(Number(value))} \u00b1 ${formatNumber(Number(deviation[d]))}`;
    return (
      `<rect x="${round(x - 12)}" y="${y(1)}" width="24" height="${round(y(-1) - y(1))}" fill="${PALE}"/>` +
      `<line x1="${round(x)}" x2="${round(x)}" y1="${y(highs[d]!)}" y2="${y(lows[d]!)}" stroke="${BELIEF}" stroke-width="4"/>` +
      `<circle cx="${round(x)}" cy="${y(Number(value))}" r="4" fill="${BELIEF}"><title>${escapeMarkup(name)}</title></circle>`
    );
  });
  const axis = `<line x1="${MARGIN}" x2="${width - MARGIN}" y1="${y(0)}" y2="${y(0)}" stroke="${INK}" stroke-width="0.5"/>`;
  return svg(title, width, top + height + 8, bars.join('') + axis);
}

function svg(title: string, width: number, height: number, body: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `aria-label="${escapeMarkup(title)}" font-family="system-ui, sans-serif"><rect width="${width}" height="${height}" fill="#fff"/>` +
    `<text x="${MARGIN}" y="18" fill="${INK}" font-size="13" font-weight="600">${escapeMarkup(title)}</text>${body}</svg>`
  );
}

/** Rounds coordinates to a hundredth: finer digits only make the file larger. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
