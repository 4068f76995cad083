import type { Belief, MetaAgent, Rng, Transition } from '@maxent/core';
import type { Series } from '@maxent/training/report';
import type { Figure } from '../../figures/figure.js';
import { spread } from '../../figures/story.js';
import type { AdaptAnswer } from './answer.js';
import type { AdaptationPlane, PlanePoint } from './planes.js';

/** The belief after some of the steps in a task; step 0 is the prior. */
export interface BeliefAt {
  readonly step: number;
  readonly belief: Belief;
}

/** Most beliefs inferred for a path. */
const MOST_BELIEFS = 80;
/** Most entries of the latent that are drawn. */
const MOST_ENTRIES = 6;

/** How the belief moves as the transitions come in, in an adaptation of its own; empty for agents that do not infer. */
export function beliefPath(
  agent: MetaAgent,
  {
    descriptor,
    episodes,
    rng,
  }: {
    readonly descriptor: readonly number[];
    readonly episodes: readonly (readonly Transition[])[];
    readonly rng: Rng;
  },
): BeliefAt[] {
  const adaptation = agent.adapt({ descriptor, rng });
  const transitions = episodes.flat();
  const shown = new Set(spread(transitions.length + 1, MOST_BELIEFS));
  const path: BeliefAt[] = [];
  for (let step = 0; step <= transitions.length; step++) {
    if (step > 0) adaptation.observe(transitions[step - 1]!);
    if (!shown.has(step)) continue;
    const belief = adaptation.belief();
    if (belief === undefined) return [];
    path.push({ step, belief });
  }
  return path;
}

/** Returns, the belief's path, and on a plane the distance to the task's goal. */
export function adaptationFigures(
  { episodes }: Pick<AdaptAnswer, 'episodes'>,
  path: readonly BeliefAt[],
  plane: AdaptationPlane | undefined,
): Figure[] {
  const returns = episodes.map((one, i) => ({ x: i + 1, y: Number(one.return) }));
  return [
    { kind: 'lines', title: 'Return', xLabel: 'episode', series: [{ label: 'return', points: returns }] },
    ...beliefFigure(path),
    ...distanceFigure(plane),
  ];
}

/** Mean and one standard deviation of the entries of the latent that move most, against steps in the task. */
function beliefFigure(path: readonly BeliefAt[]): Figure[] {
  if (path.length === 0) return [];
  const size = path[0]!.belief.mean.length;
  const moved = (entry: number): number => {
    const means = path.map(({ belief }) => belief.mean[entry]!);
    return Math.max(...means) - Math.min(...means);
  };
  const entries = Array.from({ length: size }, (_, entry) => entry)
    .sort((a, b) => moved(b) - moved(a))
    .slice(0, MOST_ENTRIES)
    .sort((a, b) => a - b);
  const series = entries.map((entry): Series => {
    const points = path.map(({ step, belief }) => {
      const [mean, deviation] = [belief.mean[entry]!, Math.sqrt(belief.variance[entry]!)];
      return { x: step, y: mean, low: mean - deviation, high: mean + deviation };
    });
    return { label: `entry ${entry + 1}`, points };
  });
  const widths = path.map(({ step, belief }) => ({
    x: step,
    y: belief.variance.reduce((sum, variance) => sum + Math.sqrt(variance), 0) / size,
  }));
  const part = size > MOST_ENTRIES ? `, ${MOST_ENTRIES} of ${size} entries` : '';
  return [
    { kind: 'lines', title: `Belief, ± 1 deviation${part}`, xLabel: 'steps in the task', series },
    {
      kind: 'lines',
      title: 'Uncertainty, mean deviation',
      xLabel: 'steps in the task',
      series: [{ label: 'mean deviation', points: widths }],
    },
  ];
}

/** How far from the goal draws from the belief lead the agent: mean and range, before the first episode and after each. */
function distanceFigure(plane: AdaptationPlane | undefined): Figure[] {
  const goal = plane?.goal;
  if (plane === undefined || goal === undefined) return [];
  const led = [plane.prior, ...plane.episodes.map((episode) => episode.led)];
  if (led.some((points) => points.length === 0)) return [];
  const points = led.map((places, episode) => {
    const distances = places.map((place) => distance(place, goal));
    return {
      x: episode,
      y: distances.reduce((sum, value) => sum + value, 0) / distances.length,
      low: Math.min(...distances),
      high: Math.max(...distances),
    };
  });
  return [
    {
      kind: 'lines',
      title: 'Distance to the task',
      xLabel: 'episodes seen',
      series: [{ label: 'distance', points }],
    },
  ];
}

function distance([x, y]: PlanePoint, [goalX, goalY]: PlanePoint): number {
  return Math.hypot(x - goalX, y - goalY);
}
