import type { Series } from '@maxent/training/report';
import type { Figure } from '../figures/figure.js';
import { linesOverTime, seriesOverTime } from '../figures/over-time.js';
import { type Story, timelineOf } from '../figures/story.js';
import type { NestedArray } from '../output/nested-array.js';
import { shownNumber } from '../output/summary.js';
import type { LgssmModel, LgssmPosterior } from './lgssm.js';

const MOST_FIGURES = 6;

/**
 * For each component of the state, filtered against smoothed means with bands of two standard deviations, and its
 * observations as points if a row of H reads it alone; for each other row, its observations with what was expected.
 */
export function lgssmFigures(posterior: LgssmPosterior, model: LgssmModel): Figure[] {
  const n = model.initialMean.length;
  const { filteredMeans, filteredCovariances, smoothedMeans, smoothedCovariances } = posterior;
  const components = Array.from({ length: Math.min(n, MOST_FIGURES) }, (_, i) => {
    const unit = Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
    const rows = model.H.flatMap((row, j) => (row.every((value, k) => value === unit[k]) ? [j] : []));
    return linesOverTime(`Component ${i}, ± 2 standard deviations`, [
      bandOf('filtered', filteredMeans, filteredCovariances, unit),
      bandOf('smoothed', smoothedMeans, smoothedCovariances, unit),
      ...rows.map((row) => observed(model, row, `observation ${row}`)),
    ]);
  });
  const mixed = model.H.flatMap((row, j) => (isUnit(row) ? [] : [{ row, j }])).slice(0, MOST_FIGURES);
  return [
    ...components,
    ...mixed.map(({ row, j }) =>
      linesOverTime(`Observation ${j}, ± 2 standard deviations`, [
        bandOf('H z, smoothed', smoothedMeans, smoothedCovariances, row),
        observed(model, j, 'observation'),
      ]),
    ),
  ];
}

function isUnit(row: readonly number[]): boolean {
  return row.filter((value) => value !== 0).length === 1 && row.includes(1);
}

/** Mean and two standard deviations of a weighted sum of the state's components. */
function bandOf(
  label: string,
  means: NestedArray,
  covariances: NestedArray,
  weights: readonly number[],
): Series {
  return seriesOverTime(label, means.shape[0]!, (t) => {
    let [y, variance] = [0, 0];
    weights.forEach((weight, i) => {
      if (weight === 0) return;
      y += weight * means.at(t, i);
      weights.forEach((other, j) => {
        if (other !== 0) variance += weight * other * covariances.at(t, i, j);
      });
    });
    const width = 2 * Math.sqrt(Math.max(0, variance));
    return { y, low: y - width, high: y + width };
  });
}

/** The observations of one row of H; gaps where they are missing. */
function observed({ observations }: LgssmModel, row: number, label: string): Series {
  const points = observations.flatMap((values, x) => {
    const y = values?.[row] ?? null;
    return y === null ? [] : [{ x, y }];
  });
  return { label, points, shape: 'points' };
}

/** What the formulas say, and the numbers at each time. */
export function lgssmStory(
  { filteredMeans, filteredCovariances, smoothedMeans, smoothedCovariances }: LgssmPosterior,
  { observations }: LgssmModel,
  figures: readonly Figure[],
): Story {
  const [steps, n] = filteredMeans.shape as [number, number];
  const shown = Math.min(n, MOST_FIGURES);
  const row = (means: NestedArray, covariances: NestedArray, t: number): string =>
    Array.from({ length: shown }, (_, i) => {
      const std = Math.sqrt(Math.max(0, covariances.at(t, i, i)));
      return `${shownNumber(means.at(t, i))} ± ${shownNumber(std)}`;
    }).join(', ');
  return {
    formulas: [
      [
        'z_t+1 = F z_t + N(0, Q),  y_t = H z_t + N(0, R)',
        'the state moves linearly with noise and is seen linearly with noise',
      ],
      [
        'filtered: p(z_t | y_0 .. y_t)',
        'what is known by then: the prediction, moved towards the observation by the Kalman gain',
      ],
      [
        "K = P H' (H P H' + R)^-1",
        'the gain: the less certain the prediction P and the more exact the observation, the larger the move',
      ],
      [
        'smoothed: p(z_t | y_0 .. y_T-1)',
        'the same with hindsight. Its band is never wider, and at the last time both are equal',
      ],
      ['a missing observation', 'moves nothing: the filter keeps its prediction and its band widens'],
    ],
    timeline: timelineOf(figures, steps, [
      {
        name: 'observation',
        at: (t) => observations[t]?.map((y) => (y === null ? 'missing' : String(y))).join(', ') ?? 'missing',
      },
      { name: 'filtered', at: (t) => row(filteredMeans, filteredCovariances, t) },
      { name: 'smoothed', at: (t) => row(smoothedMeans, smoothedCovariances, t) },
    ]),
  };
}
