import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { selectBackend } from '../select-backend.js';
import { countTensors, readScalar } from '../tensors.js';
import { isRecording, isRecordingHigherOrder, withoutGradient } from './differentiable.js';

beforeAll(() => selectBackend({ prefer: 'cpu' }));

test('what it computes is a constant, and has first-order gradients of its own', () => {
  const x = tf.scalar(3);
  const before = countTensors();
  const gradient = tf.grad((a: tf.Tensor) => {
    const constant = withoutGradient(() => {
      expect(isRecording()).toBe(false);
      return tf.grad((b: tf.Tensor) => {
        expect(isRecordingHigherOrder()).toBe(false);
        return tf.mul(b, tf.mul(b, b));
      })(a);
    });
    expect(isRecording()).toBe(true);
    return tf.mul(tf.square(a), constant);
  })(x);
  // With 3 x^2 = 27 as a constant, the derivative of 27 x^2; else it would be 12 x^3.
  expect(readScalar(gradient)).toBe(2 * 3 * 27);
  gradient.dispose();
  expect(countTensors()).toBe(before);
});

test('recording goes on after an error', () => {
  const gradient = tf.grad((a: tf.Tensor) => {
    expect(() =>
      withoutGradient(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    return tf.square(a);
  })(tf.scalar(3));
  expect(readScalar(gradient)).toBe(6);
});
