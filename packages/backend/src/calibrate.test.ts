import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Contender, calibrate, storedCalibrations, type UpdateWorkload } from './calibrate.js';
import type { KernelBuild } from './kernels/kernel-builds.js';

let directory: string;
/** Milliseconds that have passed: work alone makes time pass, however busy this machine is. */
let clock: number;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'calibration-'));
  vi.stubEnv('MAXENT_CACHE_DIR', directory);
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

type Times = { readonly [Name in Contender]?: number };

/** Work that takes so many milliseconds on each of the pretended contenders. */
function pretend(milliseconds: Times, name = 'pretended') {
  let current: Contender = 'wasm';
  const made: string[] = [];
  const disposed: string[] = [];
  const activate = async (contender: Contender) => {
    current = contender;
  };
  const workload: UpdateWorkload = {
    name,
    make() {
      const own = current;
      made.push(own);
      return {
        run() {
          expect(current).toBe(own);
          clock += milliseconds[own]!;
        },
        dispose: () => void disposed.push(own),
      };
    },
  };
  const contenders = Object.keys(milliseconds) as Contender[];
  const measured = (threads: number | undefined, kernels: { build: KernelBuild; threads: number } = avx2) =>
    calibrate(workload, contenders, threads, kernels, activate);
  return { measured, made, disposed };
}

const avx2 = { build: 'avx2', threads: 2 } as const;

test('takes the fastest, measured once per workload and number of threads', async () => {
  const { measured, made, disposed } = pretend({ native: 2, wasm: 12, addon: 5 });
  const calibration = await measured(undefined);
  expect(calibration).toMatchObject({
    ...{ workload: 'pretended', chosen: 'native', kernels: 'addon', threads: null },
  });
  expect(calibration.milliseconds).toEqual({ addon: 5, wasm: 12, native: 2 });
  expect(made).toEqual(['addon', 'wasm', 'native']);
  expect(disposed).toEqual(made);
  expect(await measured(undefined)).toEqual(calibration);
  expect(made).toHaveLength(3);
  await measured(1);
  expect(made).toHaveLength(6);
  expect(storedCalibrations().map(({ threads }) => threads)).toEqual([null, 1]);
});

test('other kernels, other numbers of their threads and other contenders are measured anew', async () => {
  const times = { addon: 5, wasm: 12, native: 2 };
  const { measured, made } = pretend(times);
  const others = [avx2, { ...avx2, threads: 1 }, { build: 'relaxed-simd', threads: 1 }] as const;
  for (const kernels of [...others, ...others]) {
    const { simd, kernelThreads } = await measured(undefined, kernels);
    expect({ build: simd, threads: kernelThreads }).toEqual(kernels);
  }
  expect(made).toHaveLength(3 * others.length);
  expect(storedCalibrations()).toHaveLength(others.length);
  const { wasm: _, ...withoutWasm } = times;
  const fewer = pretend(withoutWasm);
  expect((await fewer.measured(undefined)).milliseconds).toEqual(withoutWasm);
  expect(fewer.made).toEqual(['addon', 'native']);
  expect(storedCalibrations()).toHaveLength(others.length + 1);
});

test.each<[Times, string, string]>([
  // A close call is the addon, then wasm.
  [{ addon: 10, wasm: 9.6, native: 9.6 }, 'wasm', 'addon'],
  [{ addon: 10, wasm: 9.4, native: 9.1 }, 'wasm', 'wasm'],
  [{ addon: 10, wasm: 9.4, native: 8.9 }, 'native', 'wasm'],
  [{ addon: 10, wasm: 12, native: 9.4 }, 'native', 'addon'],
  [{ addon: 10, wasm: 12, native: 9.6 }, 'wasm', 'addon'],
  [{ wasm: 10, native: 9.6 }, 'wasm', 'wasm'],
  [{ wasm: 10, native: 9.4 }, 'native', 'wasm'],
  [{ wasm: 10, native: 12 }, 'wasm', 'wasm'],
  // Large batches and wide layers, as they were measured.
  [{ addon: 90, wasm: 210, native: 120 }, 'wasm', 'addon'],
  // Small networks, for which a call of the addon costs more than what it saves.
  [{ addon: 0.3, wasm: 0.2, native: 2 }, 'wasm', 'wasm'],
])('%o is taken to be %s, with the kernels of %s', async (times, chosen, kernels) => {
  const { measured } = pretend(times, JSON.stringify(times));
  expect(await measured(undefined)).toMatchObject({ chosen, kernels });
});

test('other versions and damaged files count as nothing measured', async () => {
  const { measured, made } = pretend({ native: 1, wasm: 1 });
  await measured(undefined);
  const file = join(directory, 'calibration.json');
  const stored = JSON.parse(readFileSync(file, 'utf8'));
  stored[0].machine.node = '1.2.3';
  writeFileSync(file, JSON.stringify(stored));
  expect(storedCalibrations()).toEqual([]);
  await measured(undefined);
  expect(made).toHaveLength(4);
  const valid = JSON.parse(readFileSync(file, 'utf8'))[1];
  const { simd, kernelThreads, ...earlier } = valid;
  expect([simd, kernelThreads]).toEqual(['avx2', 2]);
  writeFileSync(file, JSON.stringify([earlier]));
  expect(storedCalibrations()).toEqual([]);
  for (const damage of [{ milliseconds: null }, { milliseconds: { wasm: null } }, { machine: null }]) {
    writeFileSync(file, JSON.stringify([{ ...valid, ...damage }]));
    expect(storedCalibrations()).toEqual([]);
  }
  writeFileSync(file, '[{"workload": "half a');
  expect(storedCalibrations()).toEqual([]);
});
