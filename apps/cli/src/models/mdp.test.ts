import { expect, test } from 'vitest';
import { expectClose, infer } from '../test-support/infer.js';
import { forest, lottery, smallGrid } from '../test-support/models.js';

test.each([
  ['exact', [4.1171434, 7.93024676, 11.92508034], [0.90964281, 0.9945769, 0.9997286]],
  ['variational', [3.81022134, 7.19239636, 11.18166213], [0.87832913, 0.98876376, 0.99943454]],
])('a decision process, %s', async (inference, values, growing) => {
  const answer = await infer({ ...forest, inference });
  expectClose(answer.V[0], values);
  expectClose(answer.V[3], [0, 0, 0], 0);
  expectClose(
    answer.policy[0].map(([grow]: number[]) => grow),
    growing,
  );
  expectClose([answer.logEvidence, answer.elbo, answer.kl], [10.845, 7.395, 3.45], 5e-4);
  expect([answer.Q.length, answer.stateMarginals.length]).toEqual([3, 3]);
});

test('a discount below 1 leaves no evidence', async () => {
  const answer = await infer({ ...forest, inference: 'variational', discount: 0.9 });
  expectClose(answer.V[0], [3.21400709, 6.17310594, 10.15012995]);
  expect([answer.logEvidence, answer.elbo, answer.kl]).toEqual([null, null, null]);
});

test('the lottery: the posterior is optimistic about the gamble', async () => {
  const fair = await infer(lottery);
  expectClose(fair.Q[0][0], [1, 0.5], 1e-12);
  expectClose([fair.policy[0][0][1], fair.V[0][0]], [0.37754067, 0.7809298]);
  const optimistic = await infer({ ...lottery, inference: 'exact' });
  expectClose(optimistic.Q[0][0], [1, 2.75628884]);
  expectClose([optimistic.policy[0][0][1], optimistic.V[0][0]], [0.85274425, 2.22243726]);
  expectClose(optimistic.stateMarginals[0], [1, 0, 0, 0], 1e-15);
});

test('an endless decision process', async () => {
  const answer = await infer({ ...forest, inference: 'hard', discount: 0.9, horizon: null });
  expectClose(answer.V, [26.244, 29.484, 33.484], 1e-8);
  expect(answer.policy).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  expectClose(
    answer.stateMarginals.reduce((sum: number, p: number) => sum + p, 0),
    1,
    1e-12,
  );
  expect(answer.iterations).toBeGreaterThan(0);
  expect(answer.residual).toBeLessThan(1e-9);
  expect([answer.logEvidence, answer.elbo, answer.kl]).toEqual([null, null, null]);
});

test('a forbidden action has the reward -Infinity, terminal states the value 0', async () => {
  const forbidding = { ...smallGrid, reward: [[-1, '-Infinity', -1, -1], ...smallGrid.reward.slice(1)] };
  const { V, Q, policy } = await infer(forbidding);
  expect(V[0]).toEqual([-2, -1, -1, 0]);
  expect(Q[0][0]).toEqual([-3, '-Infinity', -2, -3]);
  expect(policy[0][0]).toEqual([0, 0, 1, 0]);
});

test('an action prior may be given', async () => {
  const actionPrior = Array(4).fill([0.5, 0.5]);
  const given = await infer({ ...lottery, actionPrior });
  expectClose(given.V, (await infer(lottery)).V, 1e-12);
});
