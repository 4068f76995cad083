import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { platform } from '#platform';
import { describeAddon, describeBackends, selectBackend, useFusedKernels } from './index.js';
import { supportedBuilds } from './kernels/kernel-builds.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  useFusedKernels(true);
});

test('auto takes wasm with the best build of the fused kernels', async () => {
  vi.stubEnv('MAXENT_BACKEND', '');
  const report = await selectBackend();
  expect(report).toMatchObject({ name: 'wasm', version: '4.22.0', fused: true, simd: supportedBuilds()[0] });
  expect(report.candidates.map(({ name }) => name)).toEqual(['wasm', 'native', 'cpu']);
  expect(tf.getBackend()).toBe('wasm');
});

test('MAXENT_BACKEND decides for auto, and an explicit preference over it', async () => {
  vi.stubEnv('MAXENT_BACKEND', 'cpu');
  expect(await selectBackend()).toMatchObject({ name: 'cpu', simd: 'none', fused: false });
  expect(tf.getBackend()).toBe('cpu');
  expect((await selectBackend({ prefer: 'wasm' })).name).toBe('wasm');
  expect((await selectBackend({ prefer: 'wasm', askedBy: '--backend' })).reason).toBe(
    'asked for by --backend',
  );
  vi.stubEnv('MAXENT_BACKEND', 'wasn');
  await expect(selectBackend()).rejects.toThrow(
    'MAXENT_BACKEND: expected auto, native, wasm or cpu, but got "wasn"',
  );
});

test('fused kernels turned off are reported as such', async () => {
  useFusedKernels(false);
  expect((await selectBackend({ prefer: 'wasm' })).fused).toBe(false);
});

test('a missing native backend is an error where it was asked for, and a line where it was not', async (context) => {
  const native = describeBackends().find(({ name }) => name === 'native')!;
  if (native.available) context.skip('the native backend is installed here');
  expect(native.reason).toContain('@tensorflow/tfjs-node');
  await expect(selectBackend({ prefer: 'native' })).rejects.toThrow(
    `native was asked for by prefer and cannot be used: ${native.reason}`,
  );
  vi.stubEnv('MAXENT_BACKEND', 'native');
  await expect(selectBackend()).rejects.toThrow('native was asked for by MAXENT_BACKEND');
  vi.stubEnv('MAXENT_BACKEND', '');
  const report = await selectBackend();
  expect(report.name).toBe('wasm');
  expect(report.reason).toBe('first of wasm, native, cpu that runs here; native is absent');
  expect(report.candidates.find(({ name }) => name === 'native')).toEqual(native);
});

test('what is not a number of threads is named', async () => {
  await expect(selectBackend({ threads: 0 })).rejects.toThrow('threads: expected a positive integer');
});

test('kernels, or else MAXENT_KERNELS, choose between the addon and wasm', async (context) => {
  expect(await selectBackend({ prefer: 'wasm', kernels: 'wasm' })).toMatchObject({ kernels: 'wasm' });
  vi.stubEnv('MAXENT_KERNELS', 'wasm');
  expect(await selectBackend({ prefer: 'wasm' })).toMatchObject({ kernels: 'wasm' });
  if (!describeAddon().available) return context.skip('the addon is absent');
  expect(await selectBackend({ prefer: 'wasm', kernels: 'addon', threads: 1 })).toMatchObject({
    ...{ kernels: 'addon', rounding: 'fused', threads: 1 },
  });
});

test('the addon is taken if it is there, and its absence is an error only where it was asked for', async () => {
  const status = { available: false, reason: 'there is no prebuilt addon for os-cpu' };
  vi.spyOn(platform, 'kernelAddon').mockReturnValue({ status });
  expect(describeAddon()).toEqual(status);
  expect(await selectBackend({ prefer: 'wasm' })).toMatchObject({ kernels: 'wasm' });
  const problem = `the addon's kernels were asked for and cannot be used: ${status.reason}`;
  await expect(selectBackend({ prefer: 'wasm', kernels: 'addon' })).rejects.toThrow(problem);
  vi.stubEnv('MAXENT_BACKEND', '');
  vi.stubEnv('MAXENT_KERNELS', 'addon');
  await expect(selectBackend()).rejects.toThrow(problem);
  expect(await selectBackend({ prefer: 'cpu' })).toMatchObject({ name: 'cpu', kernels: 'none' });
});

test('describing the backends leaves the current one alone', async () => {
  await selectBackend({ prefer: 'cpu' });
  expect(describeBackends()).toHaveLength(3);
  expect(tf.getBackend()).toBe('cpu');
});

test('importing the package registers the gradients', async () => {
  await selectBackend({ prefer: 'wasm' });
  expect(
    tf
      .grad((x: tf.Tensor) => tf.sum(tf.square(x)))(tf.tensor1d([3]))
      .dataSync()[0],
  ).toBe(6);
});
