import { Box, Dict, Discrete, type Environment, SpaceMismatchError } from '@maxent/core';
import { expect, it } from 'vitest';
import { FlattenObservation } from './flatten-observation.js';
import { NormalizeObservation } from './normalize-observation.js';

/** Gives a good observation at reset, and another one at each step. */
function giving(observationSpace: Environment['observationSpace'], good: unknown, bad: unknown): Environment {
  return {
    observationSpace,
    actionSpace: new Discrete(1),
    reset: () => ({ observation: good, info: {} }),
    step: () => ({ observation: bad, reward: 0, terminated: false, truncated: false, info: {} }),
    close: () => {},
  };
}

const box = new Box({ low: -1, high: 1, shape: [2] });

it.each([[Float32Array.of(1)], [Float32Array.of(1, 2, 3)], [[[1, 2]]], [0.5], [undefined]])(
  'normalization learns nothing from %o',
  (bad) => {
    const wrapper = new NormalizeObservation(giving(box, Float32Array.of(1, 2), bad));
    wrapper.reset();
    const before = JSON.stringify(wrapper.statistics.save());
    expect(() => wrapper.step(0)).toThrow(SpaceMismatchError);
    expect(() => wrapper.step(0)).toThrow(/^NormalizeObservation: observation: expected a flat list of 2/);
    expect(JSON.stringify(wrapper.statistics.save())).toBe(before);
  },
);

it.each([
  [new Discrete(2), 1, 2, 'expected an integer from 0 to 1'],
  [new Dict({ place: box }), { place: [0, 0] }, { place: [0] }, 'part "place": expected a flat list of 2'],
  [new Dict({ place: box }), { place: [0, 0] }, { places: [0, 0] }, 'the key "place" of Dict('],
])('flattening %s refuses what does not fit', (space, good, bad, problem) => {
  const wrapper = new FlattenObservation(giving(space as Environment['observationSpace'], good, bad));
  wrapper.reset();
  expect(() => wrapper.step(0)).toThrow(`FlattenObservation: observation: ${problem}`);
});
