import type { TabularMdp } from '@maxent/core';
import type { ControlPosterior } from '@maxent/pgm';
import { type CellsFigure, cellsRange, type Figure, type Film, type World } from '../figures/figure.js';
import { overTime } from '../figures/over-time.js';
import { spread } from '../figures/story.js';
import { actionNames } from './names.js';

/** The arrays drawn for a control problem; they begin with a time index if there is a horizon. */
type Drawn = Pick<ControlPosterior, 'V' | 'policy' | 'stateMarginals'>;

/** Most states drawn of a process without a grid. */
const MOST_STATES = 40;

/** Sizes of a process, and the layout of its states if they form a grid. */
type Process = Pick<TabularMdp, 'stateCount' | 'actionCount' | 'terminal' | 'grid' | 'actionNames'>;

/** Values, policy and state marginals of a control problem. */
export function controlFigures(process: Process, drawn: Drawn, horizon: number | null): Figure[] {
  const { grid, terminal } = process;
  return grid === undefined
    ? tableFigures(process, drawn, horizon)
    : worldFigures({ grid, terminal }, drawn, horizon);
}

function worldFigures(world: World, { V, policy, stateMarginals }: Drawn, horizon: number | null): Figure[] {
  const { grid } = world;
  const { rows, columns } = grid;
  const cells = (title: string, values: Float64Array, probabilities: boolean, drawn: World): CellsFigure => {
    return { kind: 'cells', title, rows, columns, values, probabilities, world: drawn };
  };
  if (horizon === null) {
    return [
      cells('V and policy', V, false, { ...world, policy }),
      ...(stateMarginals === null ? [] : [cells('Discounted occupancy', stateMarginals, true, world)]),
    ];
  }
  const stateCount = rows * columns;
  const times = filmTimes(horizon, stateCount, grid.moves.length);
  const values = framesAt(V, stateCount, times);
  const chosen = framesAt(policy, stateCount * grid.moves.length, times);
  const first = cells('V and policy', V.subarray(0, stateCount), false, { ...world, policy });
  const filmed = withFilm(first, { times, values, policy: chosen });
  if (stateMarginals === null) return [filmed];
  const mean = new Float64Array(stateCount);
  stateMarginals.forEach((probability, i) => {
    mean[i % stateCount]! += probability / horizon;
  });
  const start = cells('State marginals', stateMarginals.subarray(0, stateCount), true, world);
  // A terminal state may hold nearly all of the probability, which is no reason to leave it off the scale of a film.
  const range = [0, stateMarginals.reduce((most, p) => Math.max(most, p), 0) || 1] as const;
  return [
    filmed,
    { ...withFilm(start, { times, values: framesAt(stateMarginals, stateCount, times) }), range },
    cells('State marginals, mean over time', mean, true, world),
  ];
}

/** Where the agent is after each step, [times, states], of a process with an infinite horizon. */
export function pathFigure(process: Process, path: Float64Array): CellsFigure {
  const { stateCount, grid, terminal } = process;
  const steps = path.length / stateCount;
  const title = 'Where it is after t steps';
  if (grid === undefined) {
    const shown = Math.min(stateCount, MOST_STATES);
    const names = Array.from({ length: shown }, (_, state) => `state ${state}`);
    return overTime(title, path, stateCount, names, true);
  }
  const times = filmTimes(steps, stateCount, 0);
  const { rows, columns } = grid;
  const values = framesAt(path, stateCount, times);
  const first = {
    kind: 'cells',
    title,
    rows,
    columns,
    values: path.subarray(0, stateCount),
    probabilities: true,
  } as const;
  const range = [0, path.reduce((most, p) => Math.max(most, p), 0) || 1] as const;
  return { ...first, world: { grid, terminal }, film: { times, values }, range };
}

const MOST_FRAMES = 60;
/** Numbers in the films of one figure: a page has several, and stays below 600 kB. */
const MOST_NUMBERS = 20_000;

/** The times at which a film shows values and policy. */
function filmTimes(horizon: number, stateCount: number, actionCount: number): number[] {
  const room = Math.max(2, Math.floor(MOST_NUMBERS / (stateCount * (1 + actionCount))));
  return spread(horizon, Math.min(MOST_FRAMES, room));
}

/** The parts of `values` for the given times, each of `size` numbers. */
function framesAt(values: Float64Array, size: number, times: readonly number[]): Float64Array {
  const frames = new Float64Array(times.length * size);
  times.forEach((t, i) => {
    frames.set(values.subarray(t * size, (t + 1) * size), i * size);
  });
  return frames;
}

/** A figure with a film, on a scale that all frames share. */
function withFilm(figure: CellsFigure, film: Film): CellsFigure {
  const cells = figure.rows * figure.columns;
  const frames = film.times.map((_, i) => ({
    ...figure,
    values: film.values.subarray(i * cells, (i + 1) * cells),
  }));
  return { ...figure, film, range: cellsRange(frames) };
}

function tableFigures(
  process: Process,
  { V, policy, stateMarginals }: Drawn,
  horizon: number | null,
): Figure[] {
  const { stateCount, actionCount } = process;
  const shown = Math.min(stateCount, MOST_STATES);
  const part = shown < stateCount ? `, first ${shown} of ${stateCount} states` : '';
  const names = Array.from({ length: shown }, (_, state) => `state ${state}`);
  const overStates = (title: string, values: Float64Array, probabilities: boolean): Figure =>
    horizon === null
      ? {
          kind: 'bars',
          title: title + part,
          bars: names.map((label, state) => ({ label, value: values[state]! })),
          probabilities,
        }
      : overTime(title + part, values, stateCount, names, probabilities);
  const chosen: CellsFigure = {
    kind: 'cells',
    title: `Policy${part}`,
    rows: shown,
    columns: actionCount,
    values: policy.subarray(0, shown * actionCount),
    probabilities: true,
    rowLabels: names,
    columnLabels: actionNames(process),
  };
  const size = stateCount * actionCount;
  const times = horizon === null ? [] : filmTimes(horizon, shown, actionCount);
  const frames = framesAt(policy, size, times);
  const shownFrames = Float64Array.from({ length: times.length * shown * actionCount }, (_, i) => {
    const cells = shown * actionCount;
    return frames[Math.floor(i / cells) * size + (i % cells)]!;
  });
  const shownPolicy = horizon === null ? chosen : withFilm(chosen, { times, values: shownFrames });
  return [
    overStates('V', V, false),
    shownPolicy,
    ...(stateMarginals === null
      ? []
      : [overStates(horizon === null ? 'Discounted occupancy' : 'State marginals', stateMarginals, true)]),
  ];
}
