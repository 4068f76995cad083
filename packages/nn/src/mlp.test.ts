import { polyakStep, readTensor, selectBackend } from '@maxent/backend';
import { testBackends } from '@maxent/backend/testing';
import { decodeSafetensors, encodeSafetensors, Rng, type ShapedArray } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  Adam,
  constant,
  lossAndGradients,
  Mlp,
  MlpEnsemble,
  type MlpEnsembleOptions,
  type MlpOptions,
} from './index.js';

const SHAPE = { inputSize: 3, hiddenSizes: [5, 4], outputSize: 2 } as const;

function mlp(options: Partial<MlpOptions> = {}, seed = 7): Mlp {
  return new Mlp({ ...SHAPE, rng: Rng.fromSeed(seed), ...options });
}

function ensemble(options: Partial<MlpEnsembleOptions> = {}, seed = 7): MlpEnsemble {
  return new MlpEnsemble({ ...SHAPE, members: 2, rng: Rng.fromSeed(seed), ...options });
}

/** The network's formula in plain numbers, from its named arrays. */
function forward(
  arrays: Record<string, ShapedArray>,
  prefix: string,
  x: readonly number[],
  hidden: (value: number) => number,
): number[] {
  let values = [...x];
  for (let layer = 0; layer < 3; layer++) {
    const { data: weight, shape } = arrays[`${prefix}layer.${layer}.weight`]!;
    const { data: bias } = arrays[`${prefix}layer.${layer}.bias`]!;
    const [inputs, outputs] = shape as [number, number];
    values = Array.from({ length: outputs }, (_, j) => {
      let sum = bias[j]!;
      for (let i = 0; i < inputs; i++) sum += values[i]! * weight[i * outputs + j]!;
      return sum;
    });
    const scale = arrays[`${prefix}layer.${layer}.scale`];
    const shift = arrays[`${prefix}layer.${layer}.shift`];
    if (scale !== undefined) {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      values = values.map(
        (value, j) => (scale.data[j]! * (value - mean)) / Math.sqrt(variance + 1e-5) + shift!.data[j]!,
      );
    }
    if (layer < 2) values = values.map(hidden);
  }
  return values;
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
}

const X = [
  [0.5, -1, 2],
  [-0.25, 0.75, 1],
  [3, 1, -2],
  [0, 0, 0],
];

describe.each(testBackends)('on %s', (prefer) => {
  beforeAll(() => selectBackend({ prefer }));
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  test('an Mlp computes its formula from the named arrays', () => {
    const network = mlp({ hiddenActivation: 'tanh' });
    const y = network.apply(tf.tensor2d(X));
    expect(y.shape).toEqual([4, 2]);
    const arrays = network.namedArrays();
    expectClose(
      readTensor(y),
      X.flatMap((x) => forward(arrays, '', x, Math.tanh)),
    );
    network.dispose();
  });

  test('an MlpEnsemble computes each member’s formula, on shared and on own inputs', () => {
    const networks = ensemble();
    const arrays = networks.namedArrays();
    const relu = (value: number) => Math.max(value, 0);
    const y = networks.apply(tf.tensor2d(X));
    expect(y.shape).toEqual([2, 4, 2]);
    expectClose(
      readTensor(y),
      [0, 1].flatMap((m) => X.flatMap((x) => forward(arrays, `member.${m}.`, x, relu))),
    );
    const own = networks.apply(tf.tensor3d([X.slice(0, 2), X.slice(2)]));
    expectClose(
      readTensor(own),
      [0, 1].flatMap((m) =>
        X.slice(2 * m, 2 * m + 2).flatMap((x) => forward(arrays, `member.${m}.`, x, relu)),
      ),
    );
    networks.dispose();
  });

  test('layer normalization comes before the activation of each hidden layer, with scales of 1 and shifts of 0', () => {
    const relu = (value: number) => Math.max(value, 0);
    const networks = ensemble({ layerNormalization: true });
    const arrays = networks.namedArrays();
    for (const [name, array] of Object.entries(ensemble().namedArrays())) expect(arrays[name]).toEqual(array);
    const own = Object.keys(arrays).filter((name) => /scale|shift/.test(name));
    expect(own).toHaveLength(2 * 2 * 2);
    for (const name of own) {
      const { data } = arrays[name]!;
      expect(new Set(data)).toEqual(new Set([name.endsWith('scale') ? 1 : 0]));
      data.forEach((_, i) => {
        data[i] = 0.5 + i;
      });
    }
    networks.loadNamedArrays(arrays);
    const expected = [0, 1].flatMap((m) => X.flatMap((x) => forward(arrays, `member.${m}.`, x, relu)));
    expectClose(readTensor(networks.apply(tf.tensor2d(X))), expected);
    const target = networks.createTarget();
    expectClose(readTensor(target.apply(tf.tensor2d(X))), expected);
    expect(() => ensemble().loadNamedArrays(arrays)).toThrow('"member.0.layer.0.scale" is not a parameter');
    expect(() => networks.copyFrom(ensemble())).toThrow('expected a network like');
    expect(() => networks.loadNamedArrays(ensemble().namedArrays())).toThrow(
      'member.0.layer.0.scale" is missing',
    );
  });

  test('gradients come in the order of the variables and for them alone', () => {
    const actor = mlp({ outputSize: 1 });
    const critic = mlp({ inputSize: 1, outputSize: 1 }, 8);
    const { loss, gradients } = lossAndGradients(
      () => tf.mean(critic.apply(actor.apply(tf.tensor2d(X)))) as tf.Scalar,
      [critic.parameters, actor.parameters],
    );
    expect(loss.shape).toEqual([]);
    expect(gradients.map(({ size }) => size)).toEqual([critic.parameterCount, actor.parameterCount]);
    const values = readTensor(critic.parameters);
    const index = values.length - 1;
    // The loss is affine in the last bias.
    expect(readTensor(gradients[0]!)[index]).toBeCloseTo(1, 6);
    actor.dispose();
    critic.dispose();
  });

  test('a target starts equal, shares no memory, follows, and is not trained', () => {
    const network = ensemble();
    const adam = new Adam([network.parameters], { learningRate: 0.1 });
    const train = (): void => adam.step([tf.onesLike(network.parameters)]);
    const target = network.createTarget();
    const start = readTensor(network.parameters);
    expect(readTensor(target.parameters)).toEqual(start);
    // Steps work in place: each comes right after a copy, while the memory may still be one.
    train();
    const trained = readTensor(network.parameters);
    expectClose(
      trained,
      [...start].map((value) => value - 0.1),
    );
    expect(readTensor(target.parameters)).toEqual(start);
    polyakStep(target.parameters, network.parameters, 0.25);
    expectClose(
      readTensor(target.parameters),
      [...start].map((value) => value - 0.025),
    );
    expect(readTensor(network.parameters)).toEqual(trained);
    expect(() =>
      lossAndGradients(() => tf.sum(target.apply(tf.tensor2d(X))) as tf.Scalar, [target.parameters]),
    ).toThrow('variables[0]: expected a trainable variable');
    adam.dispose();
    network.dispose();
    target.dispose();
  });

  test('copies share no memory, whichever side then steps in place', () => {
    const [source, copy, ones] = [mlp(), mlp({}, 8), tf.ones([54])];
    const start = readTensor(source.parameters);
    copy.copyFrom(source);
    expect(readTensor(copy.parameters)).toEqual(start);
    polyakStep(copy.parameters, ones, 0.5);
    expect(readTensor(source.parameters)).toEqual(start);
    expect(readTensor(copy.parameters)).not.toEqual(start);
    copy.copyFrom(source);
    polyakStep(source.parameters, ones, 0.5);
    expect(readTensor(copy.parameters)).toEqual(start);
    expect(readTensor(source.parameters)).not.toEqual(start);
    const target = source.createTarget();
    const middle = readTensor(source.parameters);
    polyakStep(target.parameters, ones, 0.5);
    expect(readTensor(source.parameters)).toEqual(middle);
    expect(readTensor(target.parameters)).not.toEqual(middle);
    for (const network of [source, copy, target]) network.dispose();
  });

  test('named arrays survive a safetensors file and give the same outputs', () => {
    const source = ensemble();
    const file = encodeSafetensors({ tensors: source.namedArrays(), metadata: {} });
    const copy = ensemble({}, 99);
    copy.loadNamedArrays(decodeSafetensors(file).tensors);
    expect(readTensor(copy.parameters)).toEqual(readTensor(source.parameters));
    expect(readTensor(copy.apply(tf.tensor2d(X)))).toEqual(readTensor(source.apply(tf.tensor2d(X))));
    source.dispose();
    copy.dispose();
  });

  test('owns exactly one tensor', () => {
    const before = tf.memory().numTensors;
    const network = mlp();
    expect(tf.memory().numTensors).toBe(before + 1);
    const target = network.createTarget();
    target.copyFrom(network);
    network.loadNamedArrays(network.namedArrays());
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.tidy(() => {
      const { loss } = lossAndGradients(
        () => tf.mean(network.apply(tf.tensor2d(X))) as tf.Scalar,
        [network.parameters],
      );
      return loss.dispose();
    });
    expect(tf.memory().numTensors).toBe(before + 2);
    network.dispose();
    target.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('parameters', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));

  test('have names and shapes by layer', () => {
    const network = mlp();
    const shapes = Object.entries(network.namedArrays()).map(([name, { shape }]) => [name, [...shape]]);
    expect(shapes).toEqual([
      ['layer.0.weight', [3, 5]],
      ['layer.0.bias', [5]],
      ['layer.1.weight', [5, 4]],
      ['layer.1.bias', [4]],
      ['layer.2.weight', [4, 2]],
      ['layer.2.bias', [2]],
    ]);
    expect(network.parameterCount).toBe(20 + 24 + 10);
    expect([network.inputSize, network.outputSize]).toEqual([3, 2]);
    network.dispose();
  });

  test('have a member prefix in an ensemble, even of one', () => {
    const network = ensemble({ members: 1, hiddenSizes: [] });
    expect(Object.keys(network.namedArrays())).toEqual(['member.0.layer.0.weight', 'member.0.layer.0.bias']);
    network.dispose();
  });

  test('depend on the seed alone; members and successive networks differ', () => {
    const rng = Rng.fromSeed(3);
    const [first, second] = [mlp({ rng }), mlp({ rng })];
    const again = mlp({ rng: Rng.fromSeed(3) });
    const twins = ensemble({ rng: Rng.fromSeed(3) });
    const values = readTensor(first.parameters);
    expect(readTensor(again.parameters)).toEqual(values);
    expect(readTensor(second.parameters)).not.toEqual(values);
    const both = readTensor(twins.parameters);
    expect(both.slice(0, values.length)).toEqual(values);
    expect(both.slice(values.length)).toEqual(readTensor(second.parameters));
    for (const network of [first, second, again, twins]) network.dispose();
  });

  test('of the output layer have their own initializer', () => {
    const network = mlp({ outputInitializer: constant(0, 0.5) });
    const arrays = network.namedArrays();
    expect([...arrays['layer.2.weight']!.data]).toEqual(new Array(8).fill(0));
    expect([...arrays['layer.2.bias']!.data]).toEqual([0.5, 0.5]);
    expect(Math.max(...arrays['layer.1.weight']!.data)).toBeGreaterThan(0);
    network.dispose();
  });
});

describe('refuses', () => {
  beforeAll(() => selectBackend({ prefer: 'cpu' }));

  test.each([
    [{ inputSize: 0 }, 'inputSize: expected a positive integer, got 0'],
    [{ hiddenSizes: [4, 2.5] }, 'hiddenSizes[1]: expected a positive integer, got 2.5'],
    [{ hiddenSizes: 4 as unknown as number[] }, 'hiddenSizes: expected a list of widths'],
    [{ outputSize: -1 }, 'outputSize: expected a positive integer, got -1'],
    [
      { hiddenActivation: 'gelu' as 'relu' },
      'hiddenActivation: expected one of linear, relu, tanh, elu, got gelu',
    ],
    [{ outputActivation: 'soft' as 'relu' }, 'outputActivation: expected one of'],
  ])('the option %j', (options, message) => {
    expect(() => mlp(options)).toThrow(message);
  });

  test('an ensemble without members', () => {
    expect(() => ensemble({ members: 0 })).toThrow('members: expected a positive integer, got 0');
  });

  test('another architecture’s parameters, and stays as it was', () => {
    const network = mlp();
    const before = readTensor(network.parameters);
    const other = mlp({ hiddenSizes: [5, 3] });
    expect(() => network.copyFrom(other)).toThrow('source: expected a network like');
    expect(() => network.loadNamedArrays(other.namedArrays())).toThrow(
      '"layer.1.weight" must be float32 of shape [5,4], got Float32Array of shape [5,3]',
    );
    const { 'layer.2.bias': _, ...incomplete } = network.namedArrays();
    expect(() => network.loadNamedArrays(incomplete)).toThrow('"layer.2.bias" is missing');
    expect(() =>
      network.loadNamedArrays({ ...network.namedArrays(), more: incomplete['layer.0.bias']! }),
    ).toThrow('"more" is not a parameter of this network');
    const double = { shape: [2], data: new Float64Array(2) };
    expect(() => network.loadNamedArrays({ ...network.namedArrays(), 'layer.2.bias': double })).toThrow(
      'got Float64Array',
    );
    expect(readTensor(network.parameters)).toEqual(before);
    network.dispose();
    other.dispose();
  });

  test('a loss that leaves a variable out', () => {
    const [used, unused] = [mlp(), mlp()];
    expect(() =>
      lossAndGradients(
        () => tf.sum(used.apply(tf.tensor2d(X))) as tf.Scalar,
        [used.parameters, unused.parameters],
      ),
    ).toThrow('variables[1]: the loss does not depend on it');
    used.dispose();
    unused.dispose();
  });
});
