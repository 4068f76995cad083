import type { TabularMdp } from '@maxent/core';
import type { ControlPosterior } from '@maxent/pgm';
import type { Figure, World } from '../figures/figure.js';
import { overTime } from '../figures/over-time.js';

/** The arrays drawn for a control problem; they begin with a time index if there is a horizon. */
type Drawn = Pick<ControlPosterior, 'V' | 'policy' | 'stateMarginals'>;

/** Most states drawn of a process without a grid. */
const MOST_STATES = 40;

/** Sizes of a process, and the layout of its states if they form a grid. */
type Process = Pick<TabularMdp, 'stateCount' | 'actionCount' | 'terminal' | 'grid'>;

/** Values, policy and state marginals of a control problem. */
export function controlFigures(process: Process, drawn: Drawn, horizon: number | null): Figure[] {
  const { grid, terminal } = process;
  return grid === undefined
    ? tableFigures(process, drawn, horizon)
    : worldFigures({ grid, terminal }, drawn, horizon);
}

function worldFigures(world: World, { V, policy, stateMarginals }: Drawn, horizon: number | null): Figure[] {
  const { grid } = world;
  const stateCount = grid.rows * grid.columns;
  const { rows, columns } = grid;
  const V0: Figure = {
    kind: 'cells',
    title: `V and policy${horizon === null ? '' : ' at t = 0'}`,
    rows,
    columns,
    values: V.subarray(0, stateCount),
    probabilities: false,
    world: { ...world, policy },
  };
  const marginals = (title: string, values: Float64Array): Figure => {
    return { kind: 'cells', title, rows, columns, values, probabilities: true, world };
  };
  if (stateMarginals === null) return [V0];
  if (horizon === null) return [V0, marginals('Discounted occupancy', stateMarginals)];
  const mean = new Float64Array(stateCount);
  stateMarginals.forEach((probability, i) => {
    mean[i % stateCount]! += probability / horizon;
  });
  const last = stateMarginals.subarray((horizon - 1) * stateCount);
  return [
    V0,
    marginals('State marginals, mean over time', mean),
    marginals(`State marginals at t = ${horizon - 1}`, last),
  ];
}

function tableFigures(
  { stateCount, actionCount }: Process,
  { V, policy, stateMarginals }: Drawn,
  horizon: number | null,
): Figure[] {
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
  return [
    overStates('V', V, false),
    {
      kind: 'cells',
      title: `Policy${horizon === null ? '' : ' at t = 0'}${part}`,
      rows: shown,
      columns: actionCount,
      values: policy.subarray(0, shown * actionCount),
      probabilities: true,
      rowLabels: names,
      columnName: 'action',
    },
    ...(stateMarginals === null
      ? []
      : [overStates(horizon === null ? 'Discounted occupancy' : 'State marginals', stateMarginals, true)]),
  ];
}
