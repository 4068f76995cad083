import { Box, type BoxArray, copySnapshot, SnapshotMismatchError } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { UnsquashedActions } from '../meow/unsquashed-actions.js';
import { DrawnActions } from './drawn-actions.js';

const space = new Box({ low: [-2, 0], high: [2, 1] });
const actions = UnsquashedActions.of(space, 'test');
const make = () => new DrawnActions(space, actions);

/** Three draws of which the first two give the same action in float32. */
const [first, second, third] = [
  [12, -0.3],
  [15, -0.3],
  [-0.7, 9.5],
].map((u) => Float32Array.from(u)) as [Float32Array, Float32Array, Float32Array];

/** What is recalled for an action, or else the coordinates that it has by itself. */
function recalled(drawn: DrawnActions<BoxArray>, action: ArrayLike<number>, environment?: number) {
  const out = new Float32Array(2);
  actions.encode(action as BoxArray, out);
  drawn.recall(action as BoxArray, out, environment);
  return out;
}

describe('the actions drawn last', () => {
  it('are recalled in their environment, as often as asked', () => {
    const drawn = make();
    drawn.remember(first, 0);
    drawn.remember(second, 1);
    drawn.remember(third, 7);
    expect(actions.decode(first)).toEqual(actions.decode(second));
    for (let i = 0; i < 2; i++) {
      expect(recalled(drawn, actions.decode(second), 1)).toEqual(second);
      expect(recalled(drawn, actions.decode(first))).toEqual(first);
      expect(recalled(drawn, [...actions.decode(third)], 7)).toEqual(third);
    }
  });

  it('are those of the last draw, and say nothing of other actions and environments', () => {
    const drawn = make();
    const coordinates = first.slice();
    drawn.remember(coordinates);
    coordinates.fill(3);
    expect(recalled(drawn, actions.decode(first))).toEqual(first);
    expect(recalled(drawn, [2, 0.5])[0]).toBeCloseTo(6.103, 3);
    expect(recalled(drawn, actions.decode(first), 1)[0]).toBeCloseTo(6.103, 3);
    drawn.remember(third);
    expect(recalled(drawn, actions.decode(first))[0]).toBeCloseTo(6.103, 3);
  });

  it('go on from a snapshot, which replaces what was there', () => {
    const drawn = make();
    drawn.remember(first);
    drawn.remember(second, 12);
    const other = make();
    other.remember(third, 3);
    other.load(copySnapshot(drawn.save()));
    expect(recalled(other, actions.decode(second), 12)).toEqual(second);
    expect(other.save()).toEqual(drawn.save());
  });

  it.each([
    [
      'first',
      { data: Float32Array.of(1, 2), shape: [2] },
      'the index of an environment, got the name "first"',
    ],
    ['-1', { data: Float32Array.of(1, 2), shape: [2] }, 'got the name "-1"'],
    [
      '1',
      { data: Float32Array.of(1), shape: [1] },
      '2 float32 numbers for environment 1, got 1 of type Float32Array',
    ],
    ['1', { data: Float64Array.of(1, 2), shape: [2] }, 'got 2 of type Float64Array'],
  ])('refuse the array "%s" %o and stay as they were', (name, array, problem) => {
    const drawn = make();
    drawn.remember(first);
    const load = () => drawn.load({ arrays: { [name]: array }, metadata: {} });
    expect(load).toThrow(SnapshotMismatchError);
    expect(load).toThrow(problem);
    expect(recalled(drawn, actions.decode(first))).toEqual(first);
  });
});
