// Operations that move rows: fused and composed give the same bits.
import { InvalidInputError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { useFusedKernels } from '../kernels/fused-kernels.js';
import { selectBackend } from '../select-backend.js';
import { tensorFrom } from '../testing/close.js';
import { expectSame } from '../testing/expect-same.js';
import { implementations, useImplementation } from '../testing/kernel-builds.js';
import { joinColumns } from './join-columns.js';
import { repeatRows } from './repeat-rows.js';

afterEach(() => useFusedKernels(true));

const sizes = fc.record({
  groups: fc.integer({ min: 1, max: 9 }),
  each: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 19 }),
  added: fc.integer({ min: 1, max: 9 }),
});

describe.each(implementations)('%s', (implementation) => {
  test('fused and composed agree, in gradients too', async (context) => {
    await useImplementation(implementation, context);
    fc.assert(
      fc.property(sizes, ({ groups, each, width, added }) => {
        tf.tidy(() => {
          const first = tensorFrom<tf.Rank.R2>(1, [groups * each, width]);
          const second = tensorFrom<tf.Rank.R2>(2, [groups, added]);
          expectSame(() => [joinColumns(first, second), repeatRows(second, each)], 0);
          const dy = tensorFrom<tf.Rank.R2>(3, [groups * each, width + added]);
          expectSame(() => tf.grads((a, b) => tf.sum(tf.mul(joinColumns(a!, b!), dy)))([first, second]), 0);
        });
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('each row is repeated next to the rows of its group', async (context) => {
    await useImplementation(implementation, context);
    const second = tf.tensor2d([
      [10, 11],
      [20, 21],
    ]);
    expect(repeatRows(second, 2).arraySync()).toEqual([
      [10, 11],
      [10, 11],
      [20, 21],
      [20, 21],
    ]);
    expect(joinColumns(tf.tensor2d([[1], [2], [3], [4]]), second).arraySync()).toEqual([
      [1, 10, 11],
      [2, 10, 11],
      [3, 20, 21],
      [4, 20, 21],
    ]);
  });
});

test.each<[string, () => unknown]>([
  ['rows', () => repeatRows(tf.zeros([3]), 2)],
  ['times', () => repeatRows(tf.zeros([3, 1]), 1.5)],
  ['first', () => joinColumns(tf.zeros([4, 1], 'int32'), tf.zeros([2, 1]))],
  ['second', () => joinColumns(tf.zeros([4, 1]), tf.zeros([3, 1]))],
])('unusable input is named: %s', async (field, call) => {
  await selectBackend({ prefer: 'cpu' });
  expect(call).toThrow(InvalidInputError);
  expect(call).toThrow(field);
});
