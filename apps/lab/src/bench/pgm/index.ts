import { loadKernels } from '@maxent/pgm/kernels';
import { broken, type Check } from '../../checks.js';
import { describeMachine } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions } from '../benchmark.js';
import { measuringCore } from '../peers/one-core.js';
import { type Curve, costCurve } from './cost-curve.js';
import type { MissingPeer, Part, Setting } from './part.js';
import { type Comparison, sideBySide } from './side-by-side.js';
import { sweeps } from './sweeps.js';

const STEPS = 10_000;

const comparisons: readonly Comparison[] = [
  {
    label: 'forward-backward',
    problem: 'hmm',
    size: STEPS,
    work: 'solve',
    // Several, because what allocation and garbage collection cost differs from call to call.
    count: 5,
    peers: [
      {
        peer: 'hmmlearn',
        works: [
          { work: 'log', label: 'hmmlearn, log', name: 'hmmlearnLog', atLeast: 3, agreement: 1e-8 },
          {
            work: 'scaling',
            label: 'hmmlearn, scaling',
            name: 'hmmlearnScaling',
            atLeast: 1.5,
            agreement: 1e-8,
          },
        ],
      },
    ],
  },
  {
    label: 'Kalman filter',
    problem: 'kalman',
    size: STEPS,
    work: 'solve',
    count: 10,
    peers: [
      {
        peer: 'dynamax',
        environment: ['JAX_ENABLE_X64=1'],
        works: [{ work: 'filter', label: 'dynamax, float64', name: 'dynamax', atLeast: 2, agreement: 1e-6 }],
      },
      {
        peer: 'dynamax',
        environment: ['JAX_ENABLE_X64=0'],
        works: [{ work: 'filter', label: 'dynamax, float32 (its default)', name: 'dynamaxFloat32' }],
      },
    ],
  },
];

/** All so large that the results are in new memory and in no cache: both would make the small sizes cheaper. */
const SERIES = [5000, 10_000, 20_000, 40_000, 80_000];
const HORIZONS = [1250, 2500, 5000, 10_000, 20_000];

const curves: readonly Curve[] = [
  {
    label: 'forward-backward',
    problem: 'hmm',
    work: 'solve',
    axis: 'steps',
    sizes: SERIES,
    exponent: 'forwardBackwardCostExponent',
  },
  {
    label: 'Kalman filter',
    problem: 'kalman',
    work: 'solve',
    axis: 'steps',
    sizes: SERIES,
    exponent: 'kalmanCostExponent',
  },
  {
    label: 'control as inference, 100 states',
    problem: 'horizon',
    work: 'solve',
    axis: 'steps',
    sizes: HORIZONS,
    exponent: 'horizonCostExponent',
  },
  {
    label: 'sweep',
    problem: 'grid',
    work: 'sweep',
    axis: 'transitions',
    // About 1.5, 3, 6, 12 and 24 million transitions.
    sizes: [354, 500, 707, 1000, 1414],
    exponent: 'sweepCostExponent',
  },
];

export interface PgmAnswer extends BenchAnswer {
  readonly checks: readonly Check[];
  /** Peers that could not be measured here. */
  readonly missing: readonly MissingPeer[];
}

/** `lab bench pgm`: exact inference against hmmlearn, dynamax and scipy, all on the same core. */
export const pgm: Benchmark = {
  description:
    'Forward-backward, Kalman filter and soft value iteration: ours against hmmlearn, dynamax and scipy',
  run,
};

async function run({ python, progress }: BenchOptions): Promise<PgmAnswer> {
  const core = measuringCore();
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const setting: Setting = { core, interpreter, progress };
  const parts: Part[] = [];
  for (const comparison of comparisons) parts.push(await sideBySide(setting, comparison));
  parts.push(await sweeps(setting));
  for (const curve of curves) parts.push(await costCurve(setting, curve));

  const checks = parts.flatMap((part) => part.checks);
  const missing = new Map(parts.flatMap((part) => part.missing).map((entry) => [entry.peer, entry]));
  return {
    name: 'pgm',
    machine: describeMachine(await loadKernels()),
    versions: Object.assign({}, ...parts.map((part) => part.versions)) as Record<string, string>,
    rows: parts.flatMap((part) => part.rows),
    ratios: Object.assign({}, ...parts.map((part) => part.ratios)) as Record<string, number>,
    checks,
    failures: broken(checks),
    missing: [...missing.values()],
    notes: [
      'rows of maxent: with the kernels of @maxent/pgm/kernels, to the last bit what plain JavaScript computes; the ' +
        'addon has sweeps, WebAssembly the rest',
      `every process on core ${core} alone; medians of 7 alternating runs, of 3 for the curves`,
      `forward-backward: T = ${STEPS}, 64 states, from observations to log-likelihood and posteriors`,
      `Kalman filter: T = ${STEPS}, 8 state and 4 observed components, dynamax after its compilation`,
      'sweep: a gridworld of a million states and 12 million transitions, variational backup',
      '"...OverOurs" is above 1 if we are faster; "...Difference" is the largest between the answers; exponents k ' +
        'fit cost ~ size^k',
      ...[...missing.values()].map(({ peer, reason }) => `${peer} is missing (${interpreter}): ${reason}`),
    ],
  };
}
