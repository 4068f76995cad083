import { Rng } from '@maxent/core';
import { describe, expect, test } from 'vitest';
import {
  constant,
  fanInUniform,
  glorotUniform,
  heNormal,
  type Initializer,
  type LayerParameters,
  lecunNormal,
  orthogonal,
  uniform,
} from './index.js';

function fill(initializer: Initializer, inputs: number, outputs: number, seed = 1): LayerParameters {
  const layer = {
    inputs,
    outputs,
    weight: new Float32Array(inputs * outputs).fill(Number.NaN),
    bias: new Float32Array(outputs).fill(Number.NaN),
  };
  initializer(layer, Rng.fromSeed(seed));
  return layer;
}

function moments(values: Float32Array): { mean: number; variance: number; largest: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

// 200 x 150 weights: the relative standard error of a variance is below 1 %.
const INPUTS = 200;
const OUTPUTS = 150;

describe('the weights have the stated distribution', () => {
  test.each([
    ['fanInUniform', fanInUniform(), 1 / Math.sqrt(INPUTS)],
    ['glorotUniform', glorotUniform(), Math.sqrt(6 / (INPUTS + OUTPUTS))],
    ['uniform', uniform(0.003), 0.003],
  ])('%s', (_, initializer, limit) => {
    const { mean, variance, largest } = moments(fill(initializer, INPUTS, OUTPUTS).weight);
    expect(Math.abs(mean) / limit).toBeLessThan(0.015);
    expect(variance / (limit ** 2 / 3)).toBeCloseTo(1, 1.5);
    expect(largest / limit).toBeGreaterThan(0.999);
    expect(largest / limit).toBeLessThanOrEqual(1 + 1e-7);
  });

  test.each([
    ['heNormal', heNormal(), 2],
    ['lecunNormal', lecunNormal(), 1],
  ])('%s', (_, initializer, gain) => {
    const { weight } = fill(initializer, INPUTS, OUTPUTS);
    const { mean, variance } = moments(weight);
    const deviation = Math.sqrt(gain / INPUTS);
    expect(Math.abs(mean) / deviation).toBeLessThan(0.025);
    expect(variance / deviation ** 2).toBeCloseTo(1, 1.5);
    const within = weight.filter((value) => Math.abs(value) < deviation).length / weight.length;
    expect(within).toBeCloseTo(0.6827, 1.7);
  });
});

describe('the biases', () => {
  test.each([
    ['fanInUniform', fanInUniform(), 1 / Math.sqrt(INPUTS)],
    ['uniform', uniform(0.003), 0.003],
  ])('of %s share the weights’ range', (_, initializer, limit) => {
    const { largest } = moments(fill(initializer, INPUTS, OUTPUTS).bias);
    expect(largest / limit).toBeGreaterThan(0.9);
    expect(largest / limit).toBeLessThanOrEqual(1 + 1e-7);
  });

  test.each([
    ['glorotUniform', glorotUniform()],
    ['heNormal', heNormal()],
    ['lecunNormal', lecunNormal()],
    ['orthogonal', orthogonal()],
  ])('of %s are 0', (_, initializer) => {
    expect([...fill(initializer, 4, 3).bias]).toEqual([0, 0, 0]);
  });
});

test('constant fills both', () => {
  const { weight, bias } = fill(constant(0, 0.5), 2, 2);
  expect([...weight, ...bias]).toEqual([0, 0, 0, 0, 0.5, 0.5]);
});

describe('orthogonal', () => {
  test.each([
    [7, 7],
    [5, 11],
    [13, 4],
    [1, 3],
  ])('%i x %i: orthonormal times the gain along the shorter side', (inputs, outputs) => {
    const gain = 1.5;
    const { weight } = fill(orthogonal(gain), inputs, outputs);
    const wide = inputs < outputs;
    const at = (vector: number, k: number) =>
      wide ? weight[vector * outputs + k]! : weight[k * outputs + vector]!;
    for (let i = 0; i < Math.min(inputs, outputs); i++) {
      for (let j = 0; j < Math.min(inputs, outputs); j++) {
        let product = 0;
        for (let k = 0; k < Math.max(inputs, outputs); k++) product += at(i, k) * at(j, k);
        expect(product).toBeCloseTo(i === j ? gain ** 2 : 0, 6);
      }
    }
  });

  test('both signs of the determinant occur', () => {
    const signs = Array.from({ length: 20 }, (_, seed) => {
      const { weight } = fill(orthogonal(), 2, 2, seed);
      return Math.sign(weight[0]! * weight[3]! - weight[1]! * weight[2]!);
    });
    expect(new Set(signs)).toEqual(new Set([-1, 1]));
  });
});

test('a seed gives the same float32 values, another seed others', () => {
  for (const initializer of [fanInUniform(), glorotUniform(), heNormal(), orthogonal()]) {
    expect(fill(initializer, 5, 3)).toEqual(fill(initializer, 5, 3));
    expect(fill(initializer, 5, 3).weight).not.toEqual(fill(initializer, 5, 3, 2).weight);
  }
});

test.each([
  [() => uniform(0), 'limit: expected a positive number, got 0'],
  [() => orthogonal(Infinity), 'gain: expected a positive number, got Infinity'],
  [() => constant(Number.NaN, 0), 'weightValue: expected a finite number, got NaN'],
  [() => constant(0, Infinity), 'biasValue: expected a finite number, got Infinity'],
])('refuses an argument that is not usable', (make, message) => {
  expect(make).toThrow(message);
});
