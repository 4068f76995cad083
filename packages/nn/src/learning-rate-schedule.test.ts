import { expect, test } from 'vitest';
import { type LearningRateSchedule, learningRateFactor } from './learning-rate-schedule.js';

test.each<[LearningRateSchedule['kind'], number, number[]]>([
  ['constant', 0, [1, 1, 1, 1, 1, 1]],
  ['linear', 0, [1, 0.75, 0.5, 0.25, 0, 0]],
  ['linear', 0.1, [1, 0.775, 0.55, 0.325, 0.1, 0.1]],
  ['cosine', 0, [1, 0.853553, 0.5, 0.146447, 0, 0]],
  ['cosine', 0.5, [1, 0.926777, 0.75, 0.573223, 0.5, 0.5]],
])('%s, down to %d', (kind, final, expected) => {
  const schedule = { kind, steps: 200, final };
  [0, 50, 100, 150, 200, 1000].forEach((taken, i) => {
    expect(learningRateFactor(schedule, taken)).toBeCloseTo(expected[i]!, 6);
  });
});
