import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, test, vi } from 'vitest';
import { describeBackends, selectBackend, useFusedKernels } from './index.js';
import { supportedBuilds } from './kernels/kernel-builds.js';

afterEach(() => {
  vi.unstubAllEnvs();
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
