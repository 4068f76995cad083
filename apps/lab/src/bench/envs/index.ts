import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { broken, type Check } from '../../checks.js';
import { describeMachine, packageDirectory } from '../../machine.js';
import { median } from '../../statistics.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { measureInterleaved } from '../interleave.js';
import { measuringCore, onCore } from '../peers/one-core.js';
import { WorkerProcess } from '../peers/worker-process.js';
import { mujocoTasks, otherTasks } from '../tasks.js';
import type { Arrangement, EnvsDescription, EnvsRequest, Overhead } from './protocol.js';
import { measureSpeedup, SPEEDUP_ROUNDS } from './speedup.js';
import { stepping } from './stepping.js';

const PEER = 'gymnasium';
const ROUNDS = 5;
/** Environments in a vector. */
const VECTOR = 8;

/** Time of a whole step divided by the time of MuJoCo's own functions. */
const LARGEST_OVERHEAD = 1.1;
/** Tasks on which threads are judged: others step so fast that handing them the work takes most of the time. */
const judgedSpeedups: readonly string[] = ['HalfCheetah-v5', 'Ant-v5', 'Humanoid-v5'];

/** Numbers of environments, and tasks from the cheapest step to the dearest, whose vectors are measured at each. */
const SCALING_SIZES = [1, 2, 4, 8];
const scaledTasks = ['CartPole-v1', 'HalfCheetah-v5', 'Humanoid-v5'];

/** Our ways to step a vector, and their labels. */
const ownVectors: readonly (readonly [Arrangement, string])[] = [
  ['sync', 'one thread'],
  ['two threads', 'two threads'],
];

export interface EnvsAnswer extends BenchAnswer {
  readonly checks: readonly Check[];
  /** Peers that could not be measured here, with Python's message. */
  readonly missing: readonly { readonly peer: string; readonly reason: string }[];
}

/** `lab bench envs`: steps per second of environments, alone and in vectors, against Gymnasium. */
export const envs: Benchmark = {
  description:
    'environment steps, alone and in vectors, against Gymnasium; our whole step against MuJoCo alone',
  run,
};

interface Measured {
  readonly rows: BenchRow[];
  readonly ratios: Record<string, number>;
  readonly checks: Check[];
}

/** The two sides, limited to the same cores. */
interface Sides {
  readonly ours: WorkerProcess;
  readonly theirs: WorkerProcess | undefined;
  readonly progress: BenchOptions['progress'];
}

async function run({ python, progress }: BenchOptions): Promise<EnvsAnswer> {
  const core = measuringCore();
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const versions: Record<string, string> = {};
  let reason: string | undefined;

  const withSides = async (
    limit: (command: readonly string[]) => string[],
    work: (sides: Sides) => Promise<Measured>,
  ): Promise<Measured> => {
    const start = (program: string, file: string): WorkerProcess =>
      WorkerProcess.start(limit([program, join(packageDirectory, file)]));
    const ours = start(process.execPath, 'dist/envs-worker.js');
    const theirs = start(interpreter, 'peers/envs_worker.py');
    try {
      Object.assign(versions, (await ours.requireDescription<EnvsDescription>()).versions);
      const other = await theirs.describe<EnvsDescription>();
      if ('missing' in other) reason = other.missing;
      else {
        for (const [name, version] of Object.entries(other.versions)) versions[`${PEER}: ${name}`] = version;
      }
      return await work({ ours, theirs: 'missing' in other ? undefined : theirs, progress });
    } finally {
      await Promise.all([ours.close(), theirs.close()]);
    }
  };

  const alone = await withSides((command) => onCore(core, command), measureSingles);
  const together = await withSides((command) => [...command], measureVectors);
  const scaling = await withSides((command) => [...command], measureScaling);
  const checks = [...alone.checks, ...together.checks];
  return {
    name: 'envs',
    machine: describeMachine(),
    versions,
    rows: [...alone.rows, ...together.rows, ...scaling.rows],
    ratios: { ...alone.ratios, ...together.ratios },
    checks,
    failures: broken(checks),
    missing: reason === undefined ? [] : [{ peer: PEER, reason }],
    notes: [
      `one environment: every process on core ${core} alone; vectors of ${VECTOR}: on all cores`,
      `steps/s: medians of ${ROUNDS} alternating runs, actions drawn beforehand, time limits and resets included; a step of a vector counts ${VECTOR}`,
      'processor time: our whole step, and the same steps by direct calls of mj_step, and of mj_rnePostConstraint where contact forces are needed; medians of pairs of runs',
      '"stepOverMujoco": our processor time divided by MuJoCo\'s alone; "...Over..." of speeds is above 1 in our favor',
      `"two threads": of one process, the main one and a worker thread, with half of the environments each`,
      `"twoThreadsOverTwoProcesses" of ${judgedSpeedups.join(', ')}: median quotient of ${SPEEDUP_ROUNDS} pairs of runs; the two processes need not wait for each other, so "twoProcessesOverOne" is what this machine has to give`,
      `rows of ${SCALING_SIZES.join(', ')} environments: "a thread per core", at most one per environment, the main one included`,
      ...(canUseTwoThreads ? [] : ['two threads are not judged: this process may use only one core']),
      ...(reason === undefined ? [] : [`${PEER} is missing (${interpreter}): ${reason}`]),
    ],
  };
}

const canUseTwoThreads = availableParallelism() >= 2;

async function measureSingles({ ours, theirs, progress }: Sides): Promise<Measured> {
  const measured: Measured = { rows: [], ratios: {}, checks: [] };
  for (const id of [...mujocoTasks, ...otherTasks]) {
    const single = { id, arrangement: 'single', environments: 1 } as const;
    const contenders = [stepping([ours], `${id}: maxent`, single)];
    if (theirs !== undefined) contenders.unshift(stepping([theirs], `${id}: ${PEER}`, single));
    const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
    measured.rows.push(...rows);
    if (theirs !== undefined) {
      measured.ratios[`${id} singleOverGymnasium`] = rows[1]!.median / rows[0]!.median;
    }
    await closeAll(ours, theirs);
  }
  for (const id of mujocoTasks) await measureOverhead(measured, { ours, theirs, progress }, id);
  return measured;
}

async function measureOverhead(measured: Measured, { ours, progress }: Sides, id: string): Promise<void> {
  const { whole, mujoco } = await ours.request<Overhead>({ command: 'overhead', id } satisfies EnvsRequest);
  const row = (label: string, seconds: readonly number[]): BenchRow => {
    const runs = seconds.map((time) => 1e6 * time);
    return { label: `${id}: ${label}, processor time`, median: median(runs), unit: 'us/step', runs };
  };
  measured.rows.push(row('whole step', whole), row('MuJoCo alone', mujoco));
  // A quotient for each pair, because what disturbs one of the two also disturbs the other.
  const value = median(whole.map((time, i) => time / mujoco[i]!));
  const name = `${id} stepOverMujoco`;
  progress?.(`${name} ${value.toPrecision(4)}`);
  measured.ratios[name] = value;
  measured.checks.push({ name, value, limit: LARGEST_OVERHEAD, must: 'be at most' });
}

async function measureVectors({ ours, theirs, progress }: Sides): Promise<Measured> {
  const measured: Measured = { rows: [], ratios: {}, checks: [] };
  for (const id of [...mujocoTasks, ...otherTasks]) {
    const task = `${VECTOR} x ${id}`;
    const contenders = ownVectors.map(([arrangement, name]) =>
      stepping([ours], `${task}: maxent, ${name}`, { id, arrangement, environments: VECTOR }),
    );
    if (theirs !== undefined) {
      const vector = { id, arrangement: 'async', environments: VECTOR } as const;
      contenders.unshift(stepping([theirs], `${task}: ${PEER}, AsyncVectorEnv`, vector));
    }
    const rows = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
    await closeAll(ours, theirs);
    measured.rows.push(...rows);
    const medians = rows.map((row) => row.median);
    const [one, two] = medians.slice(-ownVectors.length) as [number, number];
    if (!judgedSpeedups.includes(id)) measured.ratios[`${id} twoThreadsOverOne`] = two / one;
    if (theirs === undefined) continue;
    measured.ratios[`${id} oneThreadOverAsyncVectorEnv`] = one / medians[0]!;
    measured.ratios[`${id} twoThreadsOverAsyncVectorEnv`] = two / medians[0]!;
  }
  for (const id of canUseTwoThreads ? judgedSpeedups : []) {
    const { rows, ratios, check } = await measureSpeedup(id, VECTOR, progress);
    measured.rows.push(...rows);
    Object.assign(measured.ratios, ratios);
    measured.checks.push(check);
  }
  return measured;
}

/** Vectors of several sizes, next to Gymnasium's two. */
async function measureScaling({ ours, theirs, progress }: Sides): Promise<Measured> {
  const rows: BenchRow[] = [];
  for (const id of scaledTasks) {
    for (const environments of SCALING_SIZES) {
      const task = `${environments} x ${id}`;
      const own = (['sync', 'threads'] as const).map((arrangement) => {
        const label = `scaling, ${task}: maxent, ${arrangement === 'sync' ? 'one thread' : 'a thread per core'}`;
        return stepping([ours], label, { id, arrangement, environments });
      });
      const other = (['sync', 'async'] as const).flatMap((arrangement) => {
        const label = `scaling, ${task}: ${PEER}, ${arrangement === 'sync' ? 'SyncVectorEnv' : 'AsyncVectorEnv'}`;
        return theirs === undefined ? [] : [stepping([theirs], label, { id, arrangement, environments })];
      });
      rows.push(...(await measureInterleaved([...other, ...own], { rounds: ROUNDS, progress })));
      await closeAll(ours, theirs);
    }
  }
  return { rows, ratios: {}, checks: [] };
}

async function closeAll(...workers: readonly (WorkerProcess | undefined)[]): Promise<void> {
  const request: EnvsRequest = { command: 'close' };
  await Promise.all(workers.map((worker) => worker?.request(request)));
}
