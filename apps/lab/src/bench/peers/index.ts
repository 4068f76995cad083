import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describeKernels, describeMachine, namedThreads, packageDirectory } from '../../machine.js';
import {
  type BenchAnswer,
  type Benchmark,
  BenchmarkFailedError,
  type BenchOptions,
  type BenchRow,
} from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { measuringCore, onCore } from './one-core.js';
import type { UpdateProfile, Work, WorkerDescription } from './protocol.js';
import { WorkerProcess } from './worker-process.js';

const PEER = 'stable-baselines3';
const ROUNDS = 7;
const WARM_SECONDS = 3;
const PROFILED_UPDATES = 100;

interface Measurement {
  readonly work: Work;
  readonly label: string;
  readonly unit: string;
  /** Pieces of work per run. */
  readonly count: number;
  readonly value: (seconds: number, count: number) => number;
}

const perSecond = (seconds: number, count: number): number => count / seconds;

const measurements: readonly Measurement[] = [
  {
    work: 'updates',
    label: 'SAC update',
    unit: 'ms/update',
    count: 50,
    value: (seconds, count) => (1000 * seconds) / count,
  },
  {
    work: 'environment',
    label: 'HalfCheetah-v5, random actions',
    unit: 'steps/s',
    count: 5000,
    value: perSecond,
  },
  { work: 'training', label: 'training loop', unit: 'steps/s', count: 50, value: perSecond },
];

/** A process that works, and how it is seen. */
interface Side {
  readonly label: string;
  readonly peer: boolean;
  readonly threads: number;
  /** Ours without the addon. */
  readonly wasm?: boolean;
  readonly worker: WorkerProcess;
}

export interface PeersAnswer extends BenchAnswer {
  readonly hyperparameters: WorkerDescription['hyperparameters'];
  /** Where the time of our update goes, by side. */
  readonly profiles: Readonly<Record<string, UpdateProfile>>;
  /** Peers that could not be measured here, with Python's message. */
  readonly missing: readonly { readonly peer: string; readonly reason: string }[];
}

/** `lab bench peers`: HalfCheetah-v5 against Stable-Baselines3, on one core and on all of them. */
export const peers: Benchmark = {
  description: 'SAC updates, HalfCheetah-v5 steps and the training loop: ours against Stable-Baselines3',
  run,
};

async function run({ python, progress }: BenchOptions): Promise<PeersAnswer> {
  const core = measuringCore();
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  progress?.('starting all sides: each collects 10,000 steps first');
  const all = startSides(core, interpreter);
  try {
    const own = await all[0]!.worker.requireDescription<WorkerDescription>();
    const missing: PeersAnswer['missing'][number][] = [];
    const present: Side[] = [];
    let theirs: WorkerDescription | undefined;
    let { kernels } = own;
    const kernelsOf: string[] = [];
    for (const side of all) {
      const description = await side.worker.describe<WorkerDescription>();
      if ('missing' in description) {
        missing.push({ peer: side.label, reason: description.missing });
        continue;
      }
      assertSameHyperparameters(own, description);
      present.push(side);
      if (side.peer) theirs = description;
      else {
        kernels = description.kernels;
        kernelsOf.push(`${side.label}: ${describeKernels({ threads: 1, ...kernels! })}`);
      }
    }
    const contenders = measurements.flatMap((measurement) =>
      present
        .filter(({ threads }) => measurement.work !== 'environment' || threads === 1)
        .map((side) => contender(side, measurement)),
    );
    const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
    const profiles: Record<string, UpdateProfile> = {};
    for (const { label, worker } of present.filter(({ peer }) => !peer)) {
      profiles[label] = await worker.request<UpdateProfile>({ command: 'profile', count: PROFILED_UPDATES });
    }
    return {
      name: 'peers',
      machine: describeMachine(kernels),
      versions: { ...own.versions, ...(theirs && prefixed(PEER, theirs.versions)) },
      rows,
      ratios: ratiosOf(rows, present, profiles),
      hyperparameters: own.hyperparameters,
      profiles,
      missing,
      notes: [
        `HalfCheetah-v5; sides with one thread on core ${core} alone, the others on all cores; medians of ${ROUNDS} alternating runs`,
        'environment steps: gymnasium.make with all its wrappers there, the environment with its time limit here',
        'ratios above 1 are in our favor; productsOverPeak and othersOverUpdate are shares of ours on one thread',
        `kernels of ${kernelsOf.join('; ')}`,
        ...missing.map(({ peer, reason }) => `${peer} is missing: ${reason}`),
      ],
    };
  } finally {
    await Promise.all(all.map(({ worker }) => worker.close()));
  }
}

/** One and as many threads as cores on either side, and ours without the addon. */
function startSides(core: string, python: string): Side[] {
  const cores = availableParallelism();
  const start = (threads: number, command: readonly string[]): WorkerProcess =>
    WorkerProcess.start(threads === 1 ? onCore(core, command) : command);
  const ours = (threads: number, kernels: 'addon' | 'wasm'): WorkerProcess => {
    const file = join(packageDirectory, 'dist/maxent-worker.js');
    return start(threads, [process.execPath, file, kernels, String(threads)]);
  };
  const theirs = (threads: number): WorkerProcess =>
    start(threads, [python, join(packageDirectory, 'peers/sb3_worker.py'), String(threads)]);
  const counts = cores > 1 ? [1, cores] : [1];
  return [
    { label: 'maxent on wasm', peer: false, threads: 1, wasm: true, worker: ours(1, 'wasm') },
    ...counts.flatMap((threads): Side[] => [
      { label: labelOf(PEER, threads), peer: true, threads, worker: theirs(threads) },
      { label: labelOf('maxent', threads), peer: false, threads, worker: ours(threads, 'addon') },
    ]),
  ];
}

const labelOf = (name: string, threads: number): string => `${name}, ${namedThreads(threads)}`;

/** Throws BenchmarkFailedError, which shows both sides, unless they are equal. */
export function assertSameHyperparameters(ours: WorkerDescription, theirs: WorkerDescription): void {
  if (isDeepStrictEqual(ours.hyperparameters, theirs.hyperparameters)) return;
  throw new BenchmarkFailedError(
    `the two sides have different hyperparameters: ours ${JSON.stringify(ours.hyperparameters)}, ` +
      `theirs ${JSON.stringify(theirs.hyperparameters)}`,
  );
}

function contender({ label, worker }: Side, measurement: Measurement): Contender {
  const { work, count, unit, value } = measurement;
  return {
    label: `${label}: ${measurement.label}`,
    unit,
    warmUp: async () => {
      let seconds = 0;
      while (seconds < WARM_SECONDS) seconds += await worker.measure(work, count);
    },
    measure: async () => value(await worker.measure(work, count), count),
  };
}

/** Speeds, ours over theirs: with one thread each, and the best of ours over the best of theirs. */
function ratiosOf(
  rows: readonly BenchRow[],
  sides: readonly Side[],
  profiles: Readonly<Record<string, UpdateProfile>>,
): Record<string, number> {
  const ratios: Record<string, number> = {};
  const speeds = (work: Work, chosen: (side: Side) => boolean): number[] => {
    const { label: name, unit } = measurements.find((measurement) => measurement.work === work)!;
    return sides.filter(chosen).flatMap(({ label }) => {
      const row = rows.find((each) => each.label === `${label}: ${name}`);
      return row === undefined ? [] : [unit === 'ms/update' ? 1 / row.median : row.median];
    });
  };
  const add = (name: string, work: Work, chosen: (side: Side) => boolean): void => {
    const ours = speeds(work, (side) => !side.peer && chosen(side));
    const theirs = speeds(work, (side) => side.peer && (chosen(side) || side.threads === 1));
    if (ours.length > 0 && theirs.length > 0) ratios[name] = Math.max(...ours) / Math.max(...theirs);
  };
  const single = ({ threads, wasm }: Side): boolean => threads === 1 && wasm !== true;
  add('updateSpeedOneThread', 'updates', single);
  add('updateSpeedBest', 'updates', () => true);
  add('updateSpeedWasm', 'updates', ({ wasm }) => wasm === true);
  add('trainingSpeedOneThread', 'training', single);
  add('trainingSpeedBest', 'training', () => true);
  add('environmentSpeed', 'environment', single);
  const profile = profiles[labelOf('maxent', 1)];
  if (profile?.peak !== undefined) {
    ratios.productsOverPeak = profile.rate / profile.peak;
    ratios.othersOverUpdate = 1 - profile.products / profile.update;
  }
  return ratios;
}

function prefixed(side: string, versions: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [`${side}: ${name}`, version]));
}
