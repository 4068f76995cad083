import { readTensor, selectBackend, useFusedKernels } from '@maxent/backend';
import { testVariants } from '@maxent/backend/testing';
import { snapshotsEqual } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Adam, type AdamOptions } from './index.js';

const START = [
  [1, -2, 0.5],
  [3, -0.25],
];

const GRADIENTS = [
  [
    [0.5, -4, 0.001],
    [2, -1],
  ],
  [
    [-0.25, 3, 0.002],
    [1.5, 0.5],
  ],
  [
    [1, 0, -0.003],
    [-4, 0.125],
  ],
];

/**
 * Parameters after each of the three steps from START with GRADIENTS, by torch.optim.Adam (and
 * torch.nn.utils.clip_grad_norm_ for the last case) of PyTorch 2.13.0, float32.
 */
const CASES: { name: string; options: AdamOptions; expected: number[][][] }[] = [
  {
    name: 'the default decay rates',
    options: { learningRate: 1e-3 },
    expected: [
      [
        [0.9990000128746033, -1.9989999532699585, 0.49900001287460327],
        [2.999000072479248, -0.24899999797344208],
      ],
      [
        [0.9987336993217468, -1.998910665512085, 0.49803483486175537],
        [2.9980175495147705, -0.24873365461826324],
      ],
      [
        [0.9980756044387817, -1.998841643333435, 0.49810144305229187],
        [2.998157024383545, -0.2486000955104828],
      ],
    ],
  },
  {
    name: 'other decay rates and an epsilon that matters',
    options: { learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 1e-4 },
    expected: [
      [
        [0.9500100016593933, -1.9500012397766113, 0.45454543828964233],
        [2.950002431869507, -0.20000499486923218],
      ],
      [
        [0.9500100016593933, -1.9594993591308594, 0.4056956470012665],
        [2.9025135040283203, -0.20000499486923218],
      ],
      [
        [0.9080936908721924, -1.9646236896514893, 0.42720577120780945],
        [2.9305615425109863, -0.20573998987674713],
      ],
    ],
  },
  {
    name: 'a global norm of at most 2',
    options: { learningRate: 1e-3, maxGradientNorm: 2 },
    expected: [
      [
        [0.9990000128746033, -1.9989999532699585, 0.49900001287460327],
        [2.999000072479248, -0.24899999797344208],
      ],
      [
        [0.9988631010055542, -1.999060869216919, 0.4980700612068176],
        [2.997999668121338, -0.2488631010055542],
      ],
      [
        [0.9982507228851318, -1.9991079568862915, 0.4980848431587219],
        [2.998122453689575, -0.24883142113685608],
      ],
    ],
  },
];

const owned: { dispose(): void }[] = [];

function variables(): tf.Variable[] {
  const made = START.map((values) => tf.tidy(() => tf.variable(tf.tensor1d(values))));
  owned.push(...made);
  return made;
}

function adamOver(parameters: tf.Variable[], options: AdamOptions): Adam {
  const adam = new Adam(parameters, options);
  owned.push(adam);
  return adam;
}

function stepWith(adam: Adam, gradients: readonly (readonly number[])[]): void {
  tf.tidy(() => adam.step(gradients.map((values) => tf.tensor1d([...values]))));
}

afterEach(() => {
  for (const object of owned.splice(0)) object.dispose();
});

describe.each(testVariants)('on %s, fused kernels: %s', (prefer, fused) => {
  beforeAll(async () => {
    await selectBackend({ prefer });
    useFusedKernels(fused);
  });
  afterAll(() => useFusedKernels(true));

  test('takes the learning rate that the schedule has at each step, also after loading', () => {
    const schedule = { kind: 'linear', steps: 2, final: 0.5 } as const;
    const options = { learningRate: 0.1, beta1: 0, beta2: 0 };
    let adam = adamOver([variables()[0]!], { ...options, schedule });
    const [parameters] = variables() as [tf.Variable];
    const moves: number[] = [];
    for (let step = 0; step < 4; step++) {
      const next = adamOver([parameters], { ...options, schedule });
      next.load(adam.save());
      adam = next;
      const [before] = readTensor(parameters);
      stepWith(adam, [[1, -2, 3]]);
      moves.push(before! - readTensor(parameters)[0]!);
    }
    [0.1, 0.075, 0.05, 0.05].forEach((value, i) => {
      expect(moves[i]).toBeCloseTo(value, 6);
    });
  });

  test.each(CASES)('steps as PyTorch does with $name', ({ options, expected }) => {
    const parameters = variables();
    const adam = adamOver(parameters, options);
    for (const [i, gradients] of GRADIENTS.entries()) {
      stepWith(adam, gradients);
      for (const [j, variable] of parameters.entries()) {
        for (const [k, value] of readTensor(variable).entries())
          expect(value).toBeCloseTo(expected[i]![j]![k]!, 6);
      }
    }
    expect(adam.steps).toBe(3);
  });

  test('continues bit for bit after save and load', () => {
    const options = { learningRate: 0.01, maxGradientNorm: 3 };
    const whole = variables();
    const first = adamOver(whole, options);
    stepWith(first, GRADIENTS[0]!);
    stepWith(first, GRADIENTS[1]!);
    const resumed = variables();
    for (const [i, variable] of resumed.entries()) variable.assign(whole[i]!);
    const second = adamOver(resumed, options);
    const saved = first.save();
    second.load(saved);
    expect(snapshotsEqual(second.save(), saved)).toBe(true);
    const start = resumed.map(readTensor);
    // Steps work in place. `assign` made both sets one memory; neither optimizer may reach the other through it.
    stepWith(first, GRADIENTS[2]!);
    expect(resumed.map(readTensor)).toEqual(start);
    expect(snapshotsEqual(second.save(), saved)).toBe(true);
    const end = whole.map(readTensor);
    stepWith(second, GRADIENTS[2]!);
    expect(whole.map(readTensor)).toEqual(end);
    expect(end).not.toEqual(start);
    expect(snapshotsEqual(second.save(), first.save())).toBe(true);
    expect(resumed.map(readTensor)).toEqual(end);
  });

  test('a saved snapshot does not change with later steps', () => {
    const adam = adamOver(variables(), { learningRate: 0.01 });
    stepWith(adam, GRADIENTS[0]!);
    const saved = adam.save();
    const before = [...saved.arrays['firstMoment.0']!.data];
    stepWith(adam, GRADIENTS[1]!);
    expect([...saved.arrays['firstMoment.0']!.data]).toEqual(before);
  });

  test('keeps the number of tensors constant and frees its own', () => {
    const parameters = variables();
    const before = tf.memory().numTensors;
    const adam = new Adam(parameters, { learningRate: 0.01, maxGradientNorm: 1 });
    const made = tf.memory().numTensors;
    for (const gradients of GRADIENTS) {
      stepWith(adam, gradients);
      expect(tf.memory().numTensors).toBe(made);
    }
    adam.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('leaves gradients to their owner', () => {
    const adam = adamOver(variables(), { learningRate: 0.01 });
    const gradients = GRADIENTS[0]!.map((values) => tf.tensor1d(values));
    owned.push(...gradients);
    adam.step(gradients);
    expect(gradients.every(({ isDisposed }) => !isDisposed)).toBe(true);
    expect([...readTensor(gradients[1]!)]).toEqual([2, -1]);
  });
});

describe('refuses', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));

  test.each([
    [{ learningRate: 0 }, 'learningRate: expected a positive number, got 0'],
    [{ learningRate: Number.NaN }, 'learningRate: expected a positive number, got NaN'],
    [{ learningRate: 1, beta1: 1 }, 'beta1: expected a number in [0, 1), got 1'],
    [{ learningRate: 1, beta2: -0.1 }, 'beta2: expected a number in [0, 1), got -0.1'],
    [{ learningRate: 1, epsilon: 0 }, 'epsilon: expected a positive number, got 0'],
    [
      { learningRate: 1, schedule: { kind: 'linear' as const, steps: 0, final: 0 } },
      'schedule.steps: expected a positive number, got 0',
    ],
    [{ learningRate: 1, maxGradientNorm: 0 }, 'maxGradientNorm: expected a positive number, got 0'],
  ])('the options %j', (options, message) => {
    const parameters = variables();
    expect(() => new Adam(parameters, options)).toThrow(message);
  });

  test('an empty list of variables', () => {
    expect(() => new Adam([], { learningRate: 1 })).toThrow('variables: expected at least one');
  });

  test('gradients that do not fit, and changes nothing', () => {
    const parameters = variables();
    const adam = adamOver(parameters, { learningRate: 1 });
    expect(() => stepWith(adam, [[1, 2, 3]])).toThrow('gradients: expected 2 of them, got 1');
    expect(() => stepWith(adam, [[1, 2, 3], [1]])).toThrow('gradients[1]: expected shape [2], got [1]');
    expect(adam.steps).toBe(0);
    expect([...readTensor(parameters[0]!)]).toEqual(START[0]);
  });

  test('snapshots of other shapes', () => {
    const adam = adamOver(variables(), { learningRate: 1 });
    const other = adamOver(variables().slice(0, 1), { learningRate: 1 });
    expect(() => adam.load(other.save())).toThrow('secondMoment.1 [2]');
    expect(() => adam.load({ ...adam.save(), metadata: {} })).toThrow('steps must be a whole number');
  });
});
