// What only the native backend has: calls counted, values changed in place, settings that are read once.
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { adamStep, countTensors, polyakStep, selectBackend, storedCalibrations } from '../index.js';
import { readTensor } from '../tensors.js';
import { currentNativeBackend } from './native-backend.js';

beforeAll(() => selectBackend({ prefer: 'native', threads: 1 }));

test('the report names threads, version and implementation', async () => {
  expect(await selectBackend({ prefer: 'native', threads: 1 })).toMatchObject({
    name: 'native',
    version: '4.22.0',
    tensorflow: expect.stringMatching(/^2\.\d+\.\d+/),
    fused: true,
    simd: 'none',
    threads: 1,
    reason: 'asked for by prefer',
  });
  expect(process.env.TF_NUM_INTRAOP_THREADS).toBe('1');
});

test('the number of threads cannot change once TensorFlow is loaded', async () => {
  await expect(selectBackend({ prefer: 'native', threads: 2 })).rejects.toThrow('cannot change to 2');
});

test('variables keep their values where they are, and no tensor is left behind', () => {
  const variables = [
    [1, 2],
    [0, 0],
    [0, 0],
  ].map((values) => tf.tidy(() => tf.variable(tf.add(tf.tensor1d(values), 0))));
  const [parameters, firstMoment, secondMoment] = variables as [tf.Variable, tf.Variable, tf.Variable];
  const gradient = tf.tensor1d([1, -1]);
  const dataIds = variables.map(({ dataId }) => dataId);
  const step = (number: number): void => {
    adamStep({ parameters, gradient, firstMoment, secondMoment, step: number, learningRate: 0.1 });
    polyakStep(parameters, gradient, 0);
  };
  step(1);
  const before = countTensors();
  const { numTensors } = tf.memory();
  for (let number = 2; number <= 20; number++) step(number);
  expect(countTensors()).toBe(before);
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(variables.map(({ dataId }) => dataId)).toEqual(dataIds);
  expect(readTensor(parameters)[0]).toBeCloseTo(1 - 20 * 0.1, 5);
});

test('a clone of a variable, and a tensor over the same buffer, survive a step in place', () => {
  const variable = tf.tidy(() => tf.variable(tf.add(tf.tensor1d([1, 2]), 0)));
  const clone = variable.clone();
  const reshaped = tf.reshape(variable, [2, 1]);
  polyakStep(variable, tf.tensor1d([3, 6]), 0.5);
  polyakStep(variable, tf.tensor1d([2, 4]), 1);
  expect([...readTensor(variable)]).toEqual([2, 4]);
  expect([...readTensor(clone)]).toEqual([1, 2]);
  expect([...readTensor(reshaped)]).toEqual([1, 2]);
});

test('an operation that TensorFlow refuses leaves the variable usable', () => {
  const backend = currentNativeBackend()!;
  const { binding } = backend;
  const variable = tf.tidy(() => tf.variable(tf.add(tf.tensor1d([1, 2]), 0)));
  Object.assign(backend, {
    binding: new Proxy(Object.create(binding) as typeof binding, {
      get: (_, key) =>
        key !== 'executeOp'
          ? Reflect.get(binding, key)
          : (...call: Parameters<typeof binding.executeOp>) => {
              if (call[0] === 'ResourceApplyGradientDescent') throw new Error('refused');
              return binding.executeOp(...call);
            },
    }),
  });
  try {
    expect(() => polyakStep(variable, tf.tensor1d([0, 0]), 1)).toThrow(/^refused$/);
  } finally {
    Object.assign(backend, { binding });
  }
  expect([...readTensor(variable)]).toEqual([1, 2]);
});

test('auto measures a workload on both backends and reports it', { timeout: 120_000 }, async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  vi.stubEnv('MAXENT_CACHE_DIR', mkdtempSync(`${tmpdir()}/calibration-`));
  vi.stubEnv('MAXENT_BACKEND', '');
  const workload = {
    name: 'a product',
    make() {
      const x = tf.tidy(() => tf.add(tf.ones([64, 64]), 0)) as tf.Tensor2D;
      return {
        run: () => tf.tidy(() => void tf.matMul(x, x).dataSync()),
        dispose: () => x.dispose(),
      };
    },
  };
  const report = await selectBackend({ threads: 1, workload });
  expect(report.calibration).toMatchObject({ workload: 'a product', threads: 1, chosen: report.name });
  expect(report.reason).toContain('measured for a product');
  expect(storedCalibrations()).toEqual([report.calibration]);
  expect((await selectBackend({ threads: 1, workload })).calibration).toEqual(report.calibration);
  await selectBackend({ prefer: 'native' });
});
