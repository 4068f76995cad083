import { cellsRange, type Figure } from '../figures/figure.js';
import { linesOverTime, overTime, seriesOverTime } from '../figures/over-time.js';
import { type Story, timelineOf } from '../figures/story.js';
import { shownNumber } from '../output/summary.js';
import type { HmmModel, HmmPosterior } from './hmm.js';

const MOST_STATES = 40;

/**
 * Observations as points with the most probable path as steps, and filtered against smoothed probabilities on one
 * scale; nothing if the observations are impossible.
 */
export function hmmFigures(
  { filtered, smoothed, viterbi: { path } }: HmmPosterior,
  model: HmmModel,
): Figure[] {
  if (filtered === null || smoothed === null || path === null) return [];
  const stateCount = smoothed.shape[1]!;
  const shown = Math.min(stateCount, MOST_STATES);
  const names = Array.from({ length: shown }, (_, state) => `state ${state}`);
  const part = shown < stateCount ? `, first ${shown} of ${stateCount} states` : '';
  const cells = [
    overTime(`Filtered probabilities${part}`, filtered.values, stateCount, names, true),
    overTime(`Smoothed probabilities${part}`, smoothed.values, stateCount, names, true),
  ];
  const range = cellsRange(cells);
  const likeliest = seriesOverTime('likeliest at each time', path.length, (t) => ({
    y: indexOfMost(smoothed.part(t).values),
  }));
  return [
    ...observationFigure(model, path),
    ...cells.map((figure) => ({ ...figure, range })),
    linesOverTime('Viterbi path, likeliest states', [
      { ...seriesOverTime('most probable path', path.length, (t) => ({ y: path[t]! })), shape: 'steps' },
      { ...likeliest, shape: 'points' },
    ]),
  ];
}

/** What was observed, and for numbers what the states of the path would show on average. */
function observationFigure({ emission, observations }: HmmModel, path: Int32Array): Figure[] {
  if (observations === undefined) return [];
  const seen = observations.flatMap((y, x) => (y === null ? [] : [{ x, y }]));
  const points = {
    label: emission.kind === 'categorical' ? 'symbol' : 'observation',
    points: seen,
    shape: 'points',
  } as const;
  if (emission.kind !== 'gaussian') return [linesOverTime('Observations', [points])];
  const expected = seriesOverTime('mean of the path', path.length, (t) => ({ y: emission.means[path[t]!]! }));
  return [linesOverTime('Observations, mean of the path', [points, { ...expected, shape: 'steps' }])];
}

/** What the formulas say, and the numbers at each time. */
export function hmmStory(
  { filtered, predicted, smoothed, viterbi: { path } }: HmmPosterior,
  { observations }: HmmModel,
  figures: readonly Figure[],
): Story {
  const formulas: Story['formulas'] = [
    ['filtered: p(z_t | y_0 .. y_t)', 'how probable each state is given what had been seen by then'],
    [
      'p(z_t | y_0 .. y_t) ∝ p(y_t | z_t) sum_z p(z_t | z) p(z | y_0 .. y_t-1)',
      'predict with the transitions, then weigh by how well each state explains the new observation',
    ],
    [
      'smoothed: p(z_t | y_0 .. y_T-1)',
      'the same with hindsight: later observations count, too. At the last time both are equal',
    ],
    [
      'Viterbi: argmax p(z_0 .. z_T-1 | y)',
      'the one most probable path as a whole. It may pass through states that are not the most probable at their time',
    ],
    [
      'log p(y_0 .. y_T-1)',
      'the log-likelihood: how well the model predicted each observation from those before it',
    ],
  ];
  if (filtered === null || predicted === null || smoothed === null || path === null) return { formulas };
  const row = (probs: Float64Array): string => Array.from(probs.subarray(0, 8), shownNumber).join(', ');
  return {
    formulas,
    timeline: timelineOf(figures, path.length, [
      ...(observations === undefined
        ? []
        : [
            {
              name: 'observation',
              at: (t: number) => (observations[t] === null ? 'missing' : String(observations[t])),
            },
          ]),
      { name: 'predicted', at: (t) => row(predicted.part(t).values) },
      { name: 'filtered', at: (t) => row(filtered.part(t).values) },
      { name: 'smoothed', at: (t) => row(smoothed.part(t).values) },
      { name: 'path', at: (t) => `state ${path[t]}` },
    ]),
  };
}

function indexOfMost(values: Float64Array): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}
