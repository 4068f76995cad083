import { readTensor, selectBackend } from '@maxent/backend';
import { Rng } from '@maxent/core';
import { VariationalAutoencoder } from '@maxent/pgm/variational';
import * as tf from '@tensorflow/tfjs-core';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, test } from 'vitest';
import { binarize, type Digits, decodeDigits, loadDigits, PIXELS, SIDE } from './digits.js';
import { COLUMNS, priorSamples, reconstructions } from './draw-autoencoder.js';
import { evaluateAutoencoder } from './evaluate-autoencoder.js';
import { imageGrid } from './image-grid.js';
import { trainAutoencoder } from './train-autoencoder.js';

beforeAll(() => selectBackend({ prefer: 'wasm' }));

describe('digits', () => {
  test('the training images are MNIST’s, by their well-known mean and standard deviation', () => {
    const { count, pixels } = loadDigits('train');
    expect([count, pixels.length]).toEqual([60_000, 60_000 * PIXELS]);
    let sum = 0;
    let squares = 0;
    for (const gray of pixels) {
      sum += gray / 255;
      squares += (gray / 255) ** 2;
    }
    const mean = sum / pixels.length;
    expect(mean).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(squares / pixels.length - mean ** 2)).toBeCloseTo(0.3081, 4);
    expect(loadDigits('t10k').count).toBe(10_000);
  });

  test('a damaged file is named', () => {
    const bytes = new Uint8Array(16 + PIXELS);
    const header = new DataView(bytes.buffer);
    [0x803, 1, SIDE, SIDE].forEach((word, i) => {
      header.setUint32(4 * i, word);
    });
    expect(decodeDigits(bytes, 'one').count).toBe(1);
    for (const damaged of [bytes.subarray(0, 15), bytes.subarray(0, -1), new Uint8Array(16 + PIXELS)]) {
      expect(() => decodeDigits(damaged, 'images')).toThrow(
        'images: expected an IDX file of images of 28 by 28',
      );
    }
  });

  test('ink with the probability of its gray', () => {
    const pixels = Uint8Array.from({ length: PIXELS }, (_, i) => [0, 51, 204, 255][i % 4]!);
    const draws = 200;
    const x = readTensor(binarize({ count: 1, pixels }, new Array<number>(draws).fill(0), Rng.fromSeed(1)));
    const ink = [0, 0, 0, 0];
    x.forEach((value, i) => {
      ink[i % 4]! += value;
    });
    const each = x.length / 4;
    expect([ink[0], ink[3]]).toEqual([0, each]);
    expect(Math.abs(ink[1]! / each - 0.2)).toBeLessThan(0.01);
    expect(Math.abs(ink[2]! / each - 0.8)).toBeLessThan(0.01);
  });
});

test('a picture holds each image in its place', () => {
  const images = new Float32Array(3 * PIXELS);
  images.fill(1, PIXELS, 2 * PIXELS);
  images.fill(0.2, 2 * PIXELS);
  const { width, height, channels, data } = decode(imageGrid(images, 2));
  expect([width, height, channels]).toEqual([118, 118, 1]);
  const at = (x: number, y: number): number => data[y * width + x]!;
  expect([at(0, 0), at(30, 30), at(90, 30), at(30, 90), at(90, 90)]).toEqual([200, 255, 0, 204, 200]);
});

test('a few steps of training raise the bound, with the same numbers for the same seed', () => {
  const { pixels } = loadDigits('train');
  const digits: Digits = { count: 1280, pixels: pixels.subarray(0, 1280 * PIXELS) };
  const run = (steps: number, images: number, gapSteps: number) => {
    const rng = Rng.fromSeed(1);
    const model = new VariationalAutoencoder({ inputSize: PIXELS, hiddenSizes: [32], latentSize: 8, rng });
    const progress: number[] = [];
    trainAutoencoder(model, digits, { steps, rng, onProgress: (_, elbo) => progress.push(elbo) });
    const evaluation = evaluateAutoencoder(model, digits, { images, gapImages: 10, gapSteps, rng });
    const pictures = [reconstructions(model, digits, rng), priorSamples(model, rng)];
    model.dispose();
    return { progress, evaluation, pictures };
  };
  const before = tf.memory().numTensors;
  const first = run(250, 100, 50);
  const { elbo, importanceWeightedBound, amortizationGap } = first.evaluation;
  // Coins at 1/2 give -543 nats.
  expect(first.progress).toHaveLength(1);
  expect(first.progress[0]).toBeGreaterThan(-300);
  expect(elbo).toBeGreaterThan(-220);
  expect(importanceWeightedBound).toBeGreaterThan(elbo + 0.5);
  expect(importanceWeightedBound).toBeLessThan(-80);
  expect(amortizationGap).toBeGreaterThan(0.1);
  expect(amortizationGap).toBeLessThan(50);
  for (const ink of first.pictures) {
    expect(ink.length).toBe(8 * COLUMNS * PIXELS);
    expect(ink.every((value) => value >= 0 && value <= 1)).toBe(true);
  }
  expect(tf.memory().numTensors).toBe(before);
  expect(run(5, 10, 2)).toEqual(run(5, 10, 2));
});
