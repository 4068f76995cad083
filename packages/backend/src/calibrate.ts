import { InvalidInputError } from '@maxent/core';
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

/** How long an update takes on each backend: median milliseconds, measured side by side. */
export interface Calibration {
  readonly workload: string;
  readonly milliseconds: { readonly native: number; readonly wasm: number };
  readonly chosen: 'native' | 'wasm';
  /** How many threads TensorFlow was given; null if it chose by itself. */
  readonly threads: number | null;
  /** Instructions and threads of the kernels on wasm. */
  readonly simd: KernelBuild;
  readonly kernelThreads: number;
  /** When it was measured, in ISO 8601. */
  readonly measuredAt: string;
}

/** Native must be faster by this factor: in a close call wasm wins, because its process is smaller. */
const NATIVE_ADVANTAGE = 1.05;

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
 * Times a workload on native and on wasm, or returns what was measured before with the same versions, kernels and threads.
 *
 * @param threads of native; undefined if TensorFlow chooses.
 * @param kernels that `activate` loads on wasm.
 * @param activate makes a backend current.
 */
export async function calibrate(
  workload: UpdateWorkload,
  threads: number | undefined,
  kernels: { readonly build: KernelBuild; readonly threads: number },
  activate: (name: 'native' | 'wasm') => Promise<unknown>,
): Promise<Calibration> {
  if (workload.name === '')
    throw new InvalidInputError('workload.name', 'expected a name, got an empty string');
  const key = {
    workload: workload.name,
    threads: threads ?? null,
    simd: kernels.build,
    kernelThreads: kernels.threads,
  };
  const same = (each: Calibration): boolean =>
    Object.entries(key).every(([name, value]) => each[name as keyof Calibration] === value);
  const known = storedCalibrations().filter(same).at(-1);
  if (known !== undefined) return known;

  const milliseconds = await measure(workload, activate);
  const calibration: Calibration = {
    ...key,
    milliseconds,
    chosen: milliseconds.native * NATIVE_ADVANTAGE < milliseconds.wasm ? 'native' : 'wasm',
    measuredAt: new Date().toISOString(),
  };
  const { read, write, machine } = platform.calibrationCache();
  const others = readAll(read()).filter((each) => !(same(each) && sameMachine(each.machine, machine)));
  write(`${JSON.stringify([...others, { ...calibration, machine }], null, 2)}\n`);
  return calibration;
}

async function measure(
  workload: UpdateWorkload,
  activate: (name: 'native' | 'wasm') => Promise<unknown>,
): Promise<{ native: number; wasm: number }> {
  const names = ['native', 'wasm'] as const;
  const updates = new Map<(typeof names)[number], WorkloadUpdate>();
  try {
    for (const name of names) {
      await activate(name);
      const update = await workload.make();
      updates.set(name, update);
      const end = performance.now() + WARM_UP.milliseconds;
      for (let i = 0; i < WARM_UP.calls || performance.now() < end; i++) update.run();
    }
    const rounds = { native: [] as number[], wasm: [] as number[] };
    // They take turns, so that whatever else slows the machine down affects both.
    for (let round = 0; round < ROUNDS; round++) {
      for (const name of names) {
        await activate(name);
        const update = updates.get(name)!;
        const start = performance.now();
        let calls = 0;
        for (; calls === 0 || performance.now() < start + ROUND_MILLISECONDS; calls++) update.run();
        rounds[name].push((performance.now() - start) / calls);
      }
    }
    return { native: median(rounds.native), wasm: median(rounds.wasm) };
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
    typeof entry.milliseconds?.native === 'number' &&
    typeof entry.milliseconds.wasm === 'number' &&
    (entry.chosen === 'native' || entry.chosen === 'wasm') &&
    typeof entry.simd === 'string' &&
    typeof entry.kernelThreads === 'number' &&
    typeof entry.machine === 'object'
  );
}

function sameMachine(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  return Object.keys(b).every((key) => a[key] === b[key]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
