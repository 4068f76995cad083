import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunRow } from '@maxent/training';
import { readRun } from '@maxent/training/node';
import { readSb3Run } from '../../experiments/sb3-curves/read-sb3.js';
import {
  describeMachine,
  describeVersions,
  type MeasuredKernels,
  namedThreads,
  packageDirectory,
} from '../../machine.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { requireCommandLine } from '../command-line.js';
import { compareRows } from '../resume/compare-runs.js';

const ENVIRONMENT = 'HalfCheetah-v5';
const STEPS = 100_000;
const SEED = 1;
const EVALUATE_EVERY = 10_000;
const EPISODES = 10;
const runFile = promisify(execFile);

/** The evaluation returns of a run, by side, in order. */
export interface WholeRunAnswer extends BenchAnswer {
  readonly evaluations: Readonly<Record<string, readonly number[]>>;
}

/**
 * `lab bench whole-run`: `maxent train sac` with the addon on one thread and on all cores, which must write the same
 * rows, and Stable-Baselines3 with as many threads, one after the other.
 */
export const wholeRun: Benchmark = {
  description: `${STEPS.toLocaleString('en')} steps of SAC on ${ENVIRONMENT}: the same rows on any number of threads, and the time`,
  run,
};

interface Side {
  readonly label: string;
  readonly seconds: number;
  readonly returns: readonly number[];
}

async function run({ python, progress }: BenchOptions): Promise<WholeRunAnswer> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-whole-run-'));
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const cores = availableParallelism();
  const threads = cores > 1 ? [1, cores] : [1];
  try {
    const ours: OurRun[] = [];
    const theirs: Side[] = [];
    for (const count of threads) {
      progress?.(`maxent, ${namedThreads(count)}`);
      ours.push(await train(join(directory, `ours-${count}`), count));
      progress?.(`stable-baselines3, ${namedThreads(count)}`);
      theirs.push(await trainPeer(interpreter, join(directory, `theirs-${count}`), count));
    }
    const [first, ...others] = ours as [OurRun, ...OurRun[]];
    const failures = others.flatMap(({ label, rows }) => {
      const [difference] = compareRows(first.rows, rows);
      return difference === undefined ? [] : [`${first.label} and ${label}: ${difference}`];
    });
    const sides = [...ours, ...theirs];
    const best = (of: readonly Side[]): number => Math.min(...of.map(({ seconds }) => seconds));
    return {
      name: 'whole-run',
      machine: describeMachine(first.kernels),
      versions: describeVersions(),
      rows: sides.map(({ label, seconds }) => ({ label, median: seconds, unit: 's', runs: [seconds] })),
      ratios: {
        timeOneThreadTheirsOverOurs: theirs[0]!.seconds / first.seconds,
        timeBestTheirsOverOurs: best(theirs) / best(ours),
      },
      evaluations: Object.fromEntries(sides.map(({ label, returns }) => [label, returns])),
      failures,
      notes: [
        `${ENVIRONMENT}, ${STEPS} steps, seed ${SEED}, one update per step after 10,000; ${EPISODES} evaluation episodes every ` +
          `${EVALUATE_EVERY} steps on both sides; one run of each, one after the other`,
        'ours also writes checkpoints, metrics, TensorBoard events and a report',
        `all ${first.rows.length} rows of metrics.jsonl were compared, without wall-clock fields`,
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

interface OurRun extends Side {
  readonly rows: readonly RunRow[];
  readonly kernels: MeasuredKernels;
}

async function train(out: string, threads: number): Promise<OurRun> {
  const start = performance.now();
  await runFile(
    process.execPath,
    [
      requireCommandLine(),
      ...['train', 'sac', '--env', ENVIRONMENT, '--steps', String(STEPS), '--seed', String(SEED)],
      ...['--eval-every', String(EVALUATE_EVERY), '--eval-episodes', String(EPISODES)],
      ...['--backend', 'wasm', '--kernels', 'addon', '--threads', String(threads), '--out', out, '--json'],
    ],
    { maxBuffer: 2 ** 26 },
  );
  const seconds = (performance.now() - start) / 1000;
  const { config, readRows } = await readRun(out);
  const { rows } = await readRows();
  const simd = (config.provenance.versions.simd ?? 'none') as MeasuredKernels['simd'];
  return {
    label: `maxent, ${namedThreads(threads)}`,
    seconds,
    rows,
    returns: rows.flatMap((row) => (row.type === 'evaluation' ? [row.returnMean] : [])),
    kernels: { kernels: 'addon', simd, threads },
  };
}

/** Throws BenchmarkFailedError with Python's message if it ends with an error. */
async function trainPeer(python: string, out: string, threads: number): Promise<Side> {
  const start = performance.now();
  try {
    await runFile(python, [
      join(packageDirectory, 'peers/sb3_curve.py'),
      ...['--env', ENVIRONMENT, '--steps', String(STEPS), '--seed', String(SEED), '--out', out],
      ...[
        '--eval-every',
        String(EVALUATE_EVERY),
        '--episodes',
        String(EPISODES),
        '--threads',
        String(threads),
      ],
    ]);
  } catch (error) {
    throw new BenchmarkFailedError(`stable-baselines3: ${(error as Error).message}`);
  }
  const seconds = (performance.now() - start) / 1000;
  const { evaluations } = await readSb3Run(out);
  return {
    label: `stable-baselines3, ${namedThreads(threads)}`,
    seconds,
    returns: evaluations.map(({ returnMean }) => returnMean),
  };
}
