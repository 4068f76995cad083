import { selectBackend } from '@maxent/backend';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { logTemperatureGradient, Temperature } from './temperature.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));

describe('logTemperatureGradient', () => {
  it('lowers the temperature while entropy is above its target, and raises it below', () => {
    // Entropy 3 nats against a target of -2: descending a positive gradient lowers log alpha.
    expect(logTemperatureGradient(tf.scalar(-3), -2).dataSync()[0]).toBeCloseTo(5, 5);
    expect(logTemperatureGradient(tf.scalar(4), -2).dataSync()[0]).toBeCloseTo(-2, 5);
  });
});

describe('Temperature', () => {
  const make = (temperature: number | 'auto') =>
    new Temperature({ temperature, initialTemperature: 0.5, temperatureLearningRate: 0.1 }, -2, 'test');

  it('learns toward the target entropy only if it is set to be learned', () => {
    const learned = make('auto');
    // The first step of Adam has the size of the learning rate.
    learned.learn(tf.scalar(3));
    expect(learned.read()).toBeCloseTo(0.5 * Math.exp(-0.1), 5);
    learned.learn(-30);
    expect(learned.read()).toBeGreaterThan(0.5 * Math.exp(-0.1));
    const fixed = make(0.3);
    fixed.learn(3);
    expect(fixed.read()).toBeCloseTo(0.3, 6);
    for (const temperature of [learned, fixed]) temperature.dispose();
  });

  it('goes on from what it saved', () => {
    const [first, second] = [make('auto'), make('auto')];
    first.learn(1);
    second.load(first.save());
    for (const temperature of [first, second]) temperature.learn(2);
    expect(second.save()).toEqual(first.save());
    expect(() => second.load({ arrays: {}, metadata: {} })).toThrow(
      'test: the snapshot has no float32 scalar',
    );
    for (const temperature of [first, second]) temperature.dispose();
  });
});
