import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describeMachine, packageDirectory } from '../../machine.js';
import {
  type BenchAnswer,
  type Benchmark,
  BenchmarkFailedError,
  type BenchOptions,
  type BenchRow,
} from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { measuringCore, onCore } from './one-core.js';
import type { Work, WorkerDescription } from './protocol.js';
import { WorkerProcess } from './worker-process.js';

const PEER = 'stable-baselines3';
const ROUNDS = 7;
const WARM_SECONDS = 3;

interface Measurement {
  readonly work: Work;
  readonly label: string;
  readonly unit: string;
  /** Pieces of work per run. */
  readonly count: number;
  readonly value: (seconds: number, count: number) => number;
  /** Name and value of the ratio; above 1 is in our favor. */
  readonly ratio: (ours: number, theirs: number) => readonly [string, number];
}

const perSecond = (seconds: number, count: number): number => count / seconds;

const measurements: readonly Measurement[] = [
  {
    work: 'updates',
    label: 'SAC update',
    unit: 'ms/update',
    count: 50,
    value: (seconds, count) => (1000 * seconds) / count,
    ratio: (ours, theirs) => ['updateTimeSb3OverOurs', theirs / ours],
  },
  {
    work: 'environment',
    label: 'HalfCheetah-v5, random actions',
    unit: 'steps/s',
    count: 5000,
    value: perSecond,
    ratio: (ours, theirs) => ['environmentStepsPerSecondOursOverSb3', ours / theirs],
  },
  {
    work: 'training',
    label: 'training loop',
    unit: 'steps/s',
    count: 50,
    value: perSecond,
    ratio: (ours, theirs) => ['trainingStepsPerSecondOursOverSb3', ours / theirs],
  },
];

export interface PeersAnswer extends BenchAnswer {
  readonly hyperparameters: WorkerDescription['hyperparameters'];
  /** Peers that could not be measured here, with Python's message. */
  readonly missing: readonly { readonly peer: string; readonly reason: string }[];
}

/** `lab bench peers`: HalfCheetah-v5 against Stable-Baselines3, both on the same core. */
export const peers: Benchmark = {
  description: 'SAC updates, HalfCheetah-v5 steps and the training loop: ours against Stable-Baselines3',
  run,
};

async function run({ python, progress }: BenchOptions): Promise<PeersAnswer> {
  const core = measuringCore();
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const start = (program: string, file: string): WorkerProcess =>
    WorkerProcess.start(onCore(core, [program, join(packageDirectory, file)]));
  progress?.('starting both sides: each collects 10,000 steps first');
  const ours = start(process.execPath, 'dist/maxent-worker.js');
  const theirs = start(interpreter, 'peers/sb3_worker.py');
  try {
    const [own, other] = await Promise.all([
      ours.requireDescription<WorkerDescription>(),
      theirs.describe<WorkerDescription>(),
    ]);
    const missing = 'missing' in other ? [{ peer: PEER, reason: other.missing }] : [];
    const sides = [{ name: 'maxent', worker: ours }];
    if (!('missing' in other)) {
      assertSameHyperparameters(own, other);
      sides.unshift({ name: PEER, worker: theirs });
    }
    const contenders = measurements.flatMap((measurement) =>
      sides.map(({ name, worker }) => contender(name, worker, measurement)),
    );
    const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
    return {
      name: 'peers',
      machine: describeMachine(own.simd!),
      versions: { ...own.versions, ...('missing' in other ? {} : prefixed(PEER, other.versions)) },
      rows,
      ratios: missing.length === 0 ? ratiosOf(rows) : {},
      hyperparameters: own.hyperparameters,
      missing,
      notes: [
        `HalfCheetah-v5, both sides on core ${core} alone, torch with one thread; medians of ${ROUNDS} alternating runs`,
        'environment steps: gymnasium.make with all its wrappers there, the environment with its time limit here',
        'ratios above 1 are in our favor',
        ...missing.map(({ peer, reason }) => `${peer} is missing (${interpreter}): ${reason}`),
      ],
    };
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
  }
}

/** Throws BenchmarkFailedError, which shows both sides, unless they are equal. */
export function assertSameHyperparameters(ours: WorkerDescription, theirs: WorkerDescription): void {
  if (isDeepStrictEqual(ours.hyperparameters, theirs.hyperparameters)) return;
  throw new BenchmarkFailedError(
    `the two sides have different hyperparameters: ours ${JSON.stringify(ours.hyperparameters)}, ` +
      `theirs ${JSON.stringify(theirs.hyperparameters)}`,
  );
}

function contender(side: string, worker: WorkerProcess, measurement: Measurement): Contender {
  const { work, count, unit, value } = measurement;
  return {
    label: labelOf(side, measurement),
    unit,
    warmUp: async () => {
      let seconds = 0;
      while (seconds < WARM_SECONDS) seconds += await worker.measure(work, count);
    },
    measure: async () => value(await worker.measure(work, count), count),
  };
}

function ratiosOf(rows: readonly BenchRow[]): Record<string, number> {
  const medianOf = (side: string, measurement: Measurement): number =>
    rows.find(({ label }) => label === labelOf(side, measurement))!.median;
  return Object.fromEntries(
    measurements.map((measurement) =>
      measurement.ratio(medianOf('maxent', measurement), medianOf(PEER, measurement)),
    ),
  );
}

const labelOf = (side: string, { label }: Measurement): string => `${side}: ${label}`;

function prefixed(side: string, versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [`${side}: ${name}`, version]));
}
