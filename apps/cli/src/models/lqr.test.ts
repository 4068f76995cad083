import { expect, test } from 'vitest';
import { expectClose, infer } from '../test-support/infer.js';
import { scalarRegulator } from '../test-support/models.js';

test('a linear-quadratic regulator', async () => {
  const faithful = await infer(scalarRegulator);
  expectClose(faithful.P, [[[8 / 5]], [[3 / 2]], [[1]], [[0]]], 1e-12);
  expectClose(faithful.K, [[[3 / 5]], [[1 / 2]], [[0]]], 1e-12);
  expectClose(faithful.policyCovariance, [[[2 / 5]], [[1 / 2]], [[1]]], 1e-12);
  expect(faithful.valueConstant[3]).toBe(0);
  const optimistic = await infer({ ...scalarRegulator, inference: 'exact' });
  expectClose(optimistic.P, [[[15 / 11]], [[4 / 3]], [[1]], [[0]]], 1e-12);
});

test('an endless linear-quadratic regulator', async () => {
  const answer = await infer({ ...scalarRegulator, horizon: null });
  expectClose(answer.P, [[(1 + Math.sqrt(5)) / 2]], 1e-12);
  expectClose(answer.K, [[(Math.sqrt(5) - 1) / 2]], 1e-12);
  expect(answer.valueConstant).toBeNull();
  expect(answer.averageReward).toEqual(expect.any(Number));
  const discounted = await infer({ ...scalarRegulator, horizon: null, discount: 0.9 });
  expect(discounted.valueConstant).toEqual(expect.any(Number));
  const optimistic = await infer({ ...scalarRegulator, horizon: null, inference: 'exact' });
  expectClose(optimistic.K, [[(Math.sqrt(3) - 1) / 2]], 1e-12);
});
