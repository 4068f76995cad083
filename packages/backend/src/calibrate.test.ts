import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { calibrate, storedCalibrations, type UpdateWorkload } from './calibrate.js';

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

/** Work that takes so many milliseconds on each of two pretended backends. */
function pretend(milliseconds: { native: number; wasm: number }, name = 'pretended') {
  let current: 'native' | 'wasm' = 'wasm';
  const made: string[] = [];
  const disposed: string[] = [];
  const activate = async (backend: 'native' | 'wasm') => {
    current = backend;
  };
  const workload: UpdateWorkload = {
    name,
    make() {
      const own = current;
      made.push(own);
      return {
        run() {
          expect(current).toBe(own);
          clock += milliseconds[own];
        },
        dispose: () => void disposed.push(own),
      };
    },
  };
  return { workload, activate, made, disposed };
}

const avx2 = { build: 'avx2', threads: 2 } as const;

test('takes the faster backend, measured once per workload and number of threads', async () => {
  const { workload, activate, made, disposed } = pretend({ native: 2, wasm: 12 });
  const calibration = await calibrate(workload, undefined, avx2, activate);
  expect(calibration).toMatchObject({ workload: 'pretended', chosen: 'native', threads: null });
  expect(calibration.milliseconds).toEqual({ native: 2, wasm: 12 });
  expect(made).toEqual(['native', 'wasm']);
  expect(disposed).toEqual(['native', 'wasm']);
  expect(await calibrate(workload, undefined, avx2, activate)).toEqual(calibration);
  expect(made).toHaveLength(2);
  await calibrate(workload, 1, avx2, activate);
  expect(made).toHaveLength(4);
  expect(storedCalibrations().map(({ threads }) => threads)).toEqual([null, 1]);
});

test('other kernels and other numbers of their threads are measured anew', async () => {
  const { workload, activate, made } = pretend({ native: 2, wasm: 12 });
  const others = [avx2, { ...avx2, threads: 1 }, { build: 'relaxed-simd', threads: 1 }] as const;
  for (const kernels of [...others, ...others]) {
    const { simd, kernelThreads } = await calibrate(workload, undefined, kernels, activate);
    expect({ build: simd, threads: kernelThreads }).toEqual(kernels);
  }
  expect(made).toHaveLength(2 * others.length);
  expect(storedCalibrations()).toHaveLength(others.length);
});

test('a close call is wasm', async () => {
  for (const [native, expected] of [
    [9.6, 'wasm'],
    [9.4, 'native'],
    [12, 'wasm'],
  ] as const) {
    const { workload, activate } = pretend({ native, wasm: 10 }, `close ${native}`);
    expect((await calibrate(workload, undefined, avx2, activate)).chosen).toBe(expected);
  }
});

test('other versions and damaged files count as nothing measured', async () => {
  const { workload, activate, made } = pretend({ native: 1, wasm: 1 });
  await calibrate(workload, undefined, avx2, activate);
  const file = join(directory, 'calibration.json');
  const stored = JSON.parse(readFileSync(file, 'utf8'));
  stored[0].machine.node = '1.2.3';
  writeFileSync(file, JSON.stringify(stored));
  expect(storedCalibrations()).toEqual([]);
  await calibrate(workload, undefined, avx2, activate);
  expect(made).toHaveLength(4);
  const { simd, kernelThreads, ...earlier } = JSON.parse(readFileSync(file, 'utf8'))[1];
  expect([simd, kernelThreads]).toEqual(['avx2', 2]);
  writeFileSync(file, JSON.stringify([earlier]));
  expect(storedCalibrations()).toEqual([]);
  writeFileSync(file, '[{"workload": "half a');
  expect(storedCalibrations()).toEqual([]);
});
