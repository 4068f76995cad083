import type { Point, Series } from '@maxent/training/report';
import type {
  FactorGraphAnswer,
  FiniteLqrAnswer,
  HmmAnswer,
  LgssmAnswer,
  StationaryLqrAnswer,
} from '../commands/infer/answer.js';
import { evenly, type Figure } from '../figures/figure.js';
import { overTime } from './mdp-figures.js';

const MOST_STATES = 40;
const MOST_SERIES = 6;
const MOST_POINTS = 400;
const MOST_MARGINALS = 20;

/** Smoothed state probabilities and the most probable path over time; nothing when the observations are impossible. */
export function hmmFigures({ smoothed, viterbi: { path } }: HmmAnswer): Figure[] {
  if (smoothed === null || path === null) return [];
  const stateCount = smoothed[0]!.length;
  const shown = Math.min(stateCount, MOST_STATES);
  const names = Array.from({ length: shown }, (_, state) => `state ${state}`);
  const part = shown < stateCount ? `, first ${shown} of ${stateCount} states` : '';
  const marginals = Float64Array.from(smoothed.flat(), Number);
  return [
    overTime(`Smoothed probabilities${part}`, marginals, stateCount, names, true),
    lines('Most probable path', [series('state', path, (state) => ({ y: state }))]),
  ];
}

/** Smoothed means with bands of two standard deviations over time, one figure for each component. */
export function lgssmFigures({ smoothedMeans, smoothedCovariances }: LgssmAnswer): Figure[] {
  return evenly(Math.min(smoothedMeans[0]!.length, MOST_SERIES), MOST_SERIES).map((i) => {
    const points = series('mean', smoothedMeans, (mean, t) => {
      const y = Number(mean[i]);
      const width = 2 * Math.sqrt(Number(smoothedCovariances[t]![i]![i]));
      return { y, low: y - width, high: y + width };
    });
    return lines(`Smoothed component ${i}, with two standard deviations`, [points]);
  });
}

/** The entries of P and K, over time where there is a horizon. */
export function lqrFigures(answer: FiniteLqrAnswer | StationaryLqrAnswer): Figure[] {
  if (!('averageReward' in answer)) {
    return [entriesOverTime('P', answer.P, true), entriesOverTime('K', answer.K, false)];
  }
  return (['P', 'K'] as const).map((name) => ({
    kind: 'bars',
    title: name,
    bars: answer[name].flatMap((row, i) =>
      row.map((value, j) => ({ label: `${name}[${i}][${j}]`, value: Number(value) })),
    ),
    probabilities: false,
  }));
}

/** The probabilities of each query. */
export function factorGraphFigures({ marginals }: FactorGraphAnswer): Figure[] {
  return (marginals ?? []).slice(0, MOST_MARGINALS).map(({ variables, values }) => ({
    kind: 'bars',
    title: variables.join(', '),
    bars: jointStates(values, []).map(([states, value]) => ({
      label: states.map((state, i) => `${variables[i]}=${state}`).join(' '),
      value,
    })),
    probabilities: true,
  }));
}

type NestedValues = NonNullable<FactorGraphAnswer['marginals']>[number]['values'];

/** The states that each number belongs to. */
export function jointStates(
  values: NestedValues,
  states: readonly number[],
): (readonly [readonly number[], number])[] {
  if (typeof values === 'number') return [[states, values]];
  return values.flatMap((part, state) => jointStates(part, [...states, state]));
}

type Matrices = FiniteLqrAnswer['P'];

function entriesOverTime(name: string, matrices: Matrices, symmetric: boolean): Figure {
  const all = matrices[0]!.flatMap((row, i) => row.map((_, j) => [i, j] as const));
  const entries = all.filter(([i, j]) => !symmetric || i <= j);
  const shown = entries.slice(0, MOST_SERIES);
  const part = shown.length < entries.length ? `, first ${shown.length} of ${entries.length} entries` : '';
  return lines(
    name + part,
    shown.map(([i, j]) =>
      series(`${name}[${i}][${j}]`, matrices, (matrix) => ({ y: Number(matrix[i]![j]) })),
    ),
  );
}

function lines(title: string, all: readonly Series[]): Figure {
  return { kind: 'lines', title, xLabel: 't', series: all };
}

function series<T>(
  label: string,
  values: readonly T[],
  pointOf: (value: T, t: number) => Omit<Point, 'x'>,
): Series {
  return {
    label,
    points: evenly(values.length, MOST_POINTS).map((t) => ({ x: t, ...pointOf(values[t]!, t) })),
  };
}
