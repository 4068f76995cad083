import { InvalidInputError, isRecord } from '@maxent/core';
import { platform } from '#platform';
import type { KernelBuild } from './kernels/kernel-builds.js';

/** A real update of the agent that is about to learn, made on the backend that is current when it is created. */
export interface WorkloadUpdate {
  /** Makes one update and waits for its results. */
  run(): void;
  dispose(): void;
}

/** The work that `auto` times before it decides. */
export interface UpdateWorkload {
  /** Says what the time of an update depends on: algorithm, network sizes, batch. Times are stored under this name. */
  readonly name: string;
  make(): WorkloadUpdate | Promise<WorkloadUpdate>;
}

/** What is measured: the wasm backend with the addon's kernels, wasm with the kernels in WebAssembly, and TensorFlow. */
export type Contender = 'addon' | 'wasm' | 'native';

/** How long an update takes on each contender: median milliseconds, measured side by side. */
export interface Calibration {
  readonly workload: string;
  /** Only of contenders that could be used: there is no `addon` if it is absent or `kernels` is "wasm", for example. */
  readonly milliseconds: { readonly [Name in Contender]?: number };
  readonly chosen: 'native' | 'wasm';
  /** The faster kernels on wasm. */
  readonly kernels: 'addon' | 'wasm';
  /** How many threads TensorFlow was given; null if it chose by itself. */
  readonly threads: number | null;
  /** Instructions and threads of the best kernels on wasm. */
  readonly simd: KernelBuild;
  readonly kernelThreads: number;
  /** When it was measured, in ISO 8601. */
  readonly measuredAt: string;
}

/**
 * In a close call the first of these wins: a later one must be faster than each before it by ADVANTAGE. The addon's numbers
 * do not depend on the engine, and TensorFlow's process is larger.
 */
const PREFERENCE: readonly Contender[] = ['addon', 'wasm', 'native'];
const ADVANTAGE = 1.05;

const WARM_UP = { calls: 3, milliseconds: 300 };
const ROUNDS = 5;
const ROUND_MILLISECONDS = 60;

/** This user's measurements on this machine with these versions, newest last. */
export function storedCalibrations(): Calibration[] {
  const cache = platform.calibrationCache();
  return readAll(cache.read())
    .filter(({ machine }) => sameMachine(machine, cache.machine))
    .map(({ machine: _, ...calibration }) => calibration);
}

/**
 * Times a workload on each contender, or returns what was measured before with the same versions, kernels and threads.
 *
 * @param contenders at least two.
 * @param threads of native; undefined if TensorFlow chooses.
 * @param kernels the best ones among the contenders'.
 * @param activate makes a contender current.
 */
export async function calibrate(
  workload: UpdateWorkload,
  contenders: readonly Contender[],
  threads: number | undefined,
  kernels: { readonly build: KernelBuild; readonly threads: number },
  activate: (name: Contender) => Promise<unknown>,
): Promise<Calibration> {
  if (workload.name === '')
    throw new InvalidInputError('workload.name', 'expected a name, got an empty string');
  const key = {
    workload: workload.name,
    threads: threads ?? null,
    simd: kernels.build,
    kernelThreads: kernels.threads,
  };
  const names = PREFERENCE.filter((name) => contenders.includes(name));
  const same = (each: Calibration): boolean =>
    Object.entries(key).every(([name, value]) => each[name as keyof Calibration] === value) &&
    PREFERENCE.every((name) => names.includes(name) === (each.milliseconds[name] !== undefined));
  const known = storedCalibrations().filter(same).at(-1);
  if (known !== undefined) return known;

  const milliseconds = await measure(workload, names, activate);
  const onWasm = fastest(
    names.filter((name) => name !== 'native'),
    milliseconds,
  );
  const calibration: Calibration = {
    ...key,
    milliseconds,
    chosen: fastest(names, milliseconds) === 'native' ? 'native' : 'wasm',
    kernels: onWasm === 'addon' ? 'addon' : 'wasm',
    measuredAt: new Date().toISOString(),
  };
  const { read, write, machine } = platform.calibrationCache();
  const others = readAll(read()).filter((each) => !(same(each) && sameMachine(each.machine, machine)));
  write(`${JSON.stringify([...others, { ...calibration, machine }], null, 2)}\n`);
  return calibration;
}

function fastest(names: readonly Contender[], milliseconds: Calibration['milliseconds']): Contender {
  return names.reduce((best, name) => (milliseconds[name]! * ADVANTAGE < milliseconds[best]! ? name : best));
}

async function measure(
  workload: UpdateWorkload,
  names: readonly Contender[],
  activate: (name: Contender) => Promise<unknown>,
): Promise<Calibration['milliseconds']> {
  const updates = new Map<Contender, WorkloadUpdate>();
  try {
    for (const name of names) {
      await activate(name);
      const update = await workload.make();
      updates.set(name, update);
      const end = performance.now() + WARM_UP.milliseconds;
      for (let i = 0; i < WARM_UP.calls || performance.now() < end; i++) update.run();
    }
    const rounds = new Map(names.map((name) => [name, [] as number[]]));
    // They take turns, so that whatever else slows the machine down affects all of them.
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) {
        await activate(name);
        const update = updates.get(name)!;
        const start = performance.now();
        let calls = 0;
        for (; calls === 0 || performance.now() < start + ROUND_MILLISECONDS; calls++) update.run();
        rounds.get(name)!.push((performance.now() - start) / calls);
      }
    }
    return Object.fromEntries(Array.from(rounds, ([name, times]) => [name, median(times)]));
  } finally {
    for (const [name, update] of updates) {
      await activate(name);
      update.dispose();
    }
  }
}

type Stored = Calibration & { readonly machine: Readonly<Record<string, string>> };

/** A file that is damaged or was written by another version counts as no measurements. */
function readAll(text: string | undefined): Stored[] {
  if (text === undefined) return [];
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? entries.filter(isStored) : [];
  } catch {
    return [];
  }
}

function isStored(entry: Partial<Stored> | null): entry is Stored {
  return (
    typeof entry?.workload === 'string' &&
    isRecord(entry.milliseconds) &&
    Object.values(entry.milliseconds).every((value) => typeof value === 'number') &&
    (entry.chosen === 'native' || entry.chosen === 'wasm') &&
    (entry.kernels === 'addon' || entry.kernels === 'wasm') &&
    typeof entry.simd === 'string' &&
    typeof entry.kernelThreads === 'number' &&
    isRecord(entry.machine)
  );
}

function sameMachine(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(b).every((key) => a[key] === b[key]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
