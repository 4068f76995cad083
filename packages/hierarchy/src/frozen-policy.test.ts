import { joinSnapshots } from '@maxent/core';
import { expect, it } from 'vitest';
import { FrozenPolicy } from './frozen-policy.js';

it.each([
  [{}, 'the snapshot does not hold one (description.observationSize: is missing)'],
  [
    { observationSize: 0.5 },
    'the snapshot does not hold one (description.observationSize: expected integer, got 0.5)',
  ],
])('says why %j does not describe a policy', (metadata, message) => {
  const snapshot = joinSnapshots({ description: { arrays: {}, metadata } });
  expect(() => FrozenPolicy.load(snapshot)).toThrow(message);
});
