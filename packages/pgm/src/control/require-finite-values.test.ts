import { expect, test } from 'vitest';
import { inferControl } from './infer-control.js';

const process = (...reward: number[]) => ({
  stateCount: 1,
  actionCount: reward.length,
  transition: {
    rowCount: reward.length,
    columnCount: 1,
    rowOffsets: Uint32Array.from({ length: reward.length + 1 }, (_, i) => i),
    columns: new Uint32Array(reward.length),
    values: new Float64Array(reward.length).fill(1),
  },
  reward: Float64Array.from(reward),
  initial: Float64Array.of(1),
  terminal: Uint8Array.of(0),
});

test.each([
  [[0, 1e308], {}, 'reward[0][1]: 1e+308 in each of 3 steps overflows'],
  [[-1e308, 0], { inference: 'hard' }, 'reward[0][0]: -1e+308 in each of 3 steps overflows'],
  [[0, 1], { temperature: 5e-324 }, 'temperature: expected at least 1e-307, got 5e-324'],
  [[0, 1], { temperature: 1e308 }, 'temperature: 1e+308 in each of 3 steps overflows'],
  [[0, 1e10], { temperature: 1e-300 }, 'temperature: values of up to 30000000000 divided by 1e-300 overflow'],
] as const)('rewards %j with %j are refused by name', (reward, options, message) => {
  expect(() => inferControl(process(...reward), { inference: 'exact', horizon: 3, ...options })).toThrow(
    message,
  );
});

test('rewards near the limit and forbidden actions have their answer', () => {
  const { V } = inferControl(process(1e306, -Infinity), { inference: 'hard', horizon: 3 });
  expect(V[0]).toBeCloseTo(3e306, -293);
});
