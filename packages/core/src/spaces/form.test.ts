import { describe, expect, it } from 'vitest';
import { SpaceMismatchError } from '../errors.js';
import { Box } from './box.js';
import { Dict } from './dict.js';
import { Discrete } from './discrete.js';
import { formProblem } from './form.js';
import { MultiDiscrete } from './multi-discrete.js';
import type { Space } from './space.js';

const one = new Box({ low: -1, high: 1, shape: [1] });
const three = new Box({ low: -1, high: 1, shape: [3] });
const image = new Box({ low: 0, high: 255, shape: [2, 2] });
const four = new Discrete(4);
const gears = new MultiDiscrete([2, 3]);
const record = new Dict({ goal: new Discrete(2), position: new Box({ low: -1, high: 1, shape: [2] }) });
const nested = new Dict({ outer: record });
const good = { goal: 1, position: Float32Array.of(0, 0) };

const taken: [Space<unknown>, unknown, number[]][] = [
  [one, Float32Array.of(0.5), [0.5]],
  [one, [0.5], [0.5]],
  [three, Float64Array.of(1, 2, 30), [1, 2, 30]],
  [three, new Float32Array(new SharedArrayBuffer(12)), [0, 0, 0]],
  [image, Uint8Array.of(0, 10, 200, 255), [0, 10, 200, 255]],
  [four, 2, [0, 0, 1, 0]],
  [gears, Int32Array.of(1, 2), [0, 1, 0, 0, 1]],
  [gears, [0, 1], [1, 0, 0, 1, 0]],
  [record, good, [0, 1, 0, 0]],
  [nested, { outer: good }, [0, 1, 0, 0]],
];

const refused: [Space<unknown>, unknown, string][] = [
  [one, 0.5, 'expected a flat list of 1 number for Box(1, float32), got 0.5; write Float32Array.of(0.5)'],
  [one, undefined, 'expected a flat list of 1 number for Box(1, float32), got undefined'],
  [one, null, 'got null'],
  [one, '5', 'got "5"'],
  [one, {}, 'got {}'],
  [one, [undefined], 'entry 0 is undefined'],
  [one, [[0.5]], 'write Float32Array.from(value.flat(Infinity))'],
  [
    three,
    Float32Array.of(1, 2),
    'expected a flat list of 3 numbers for Box(3, float32), got Float32Array(2) [1, 2]',
  ],
  [three, new Float32Array(4), 'got Float32Array(4) [0, 0, 0, 0]'],
  [three, new Float32Array(6), 'that looks like a batch of 2: pass one at a time'],
  [
    three,
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    'that looks like a batch of 2: pass one at a time',
  ],
  [three, [Float32Array.of(1, 2, 3)], 'write Float32Array.from(value.flat(Infinity))'],
  [three, [1, '2', 3], 'entry 1 is "2"'],
  // biome-ignore lint/suspicious/noSparseArray: what a hole does is the question.
  [three, [1, , 3], 'entry 1 is undefined'],
  [three, BigInt64Array.of(1n, 2n, 3n), 'write Float32Array.from(value, Number)'],
  [three, new DataView(new ArrayBuffer(12)), 'got a DataView; write new Float32Array(buffer)'],
  [three, new ArrayBuffer(12), 'got a ArrayBuffer; write new Float32Array(buffer)'],
  [three, 'abc', 'got "abc"'],
  [three, new Set([1, 2, 3]), 'got a Set'],
  [four, 4, 'expected an integer from 0 to 3 for Discrete(4), got 4'],
  [four, -1, 'got -1'],
  [four, 1.5, 'got 1.5'],
  [four, Number.NaN, 'got NaN'],
  [four, undefined, 'got undefined'],
  [four, '2', 'got "2"; write 2'],
  [four, 2n, 'got 2n; write Number(value)'],
  [four, true, 'got true; write Number(value)'],
  [four, [0, 0, 1, 0], 'a one-hot list; write the index itself, 2'],
  [four, Float32Array.of(0, 1, 0, 0), 'a one-hot list; write the index itself, 1'],
  [four, Int32Array.of(2), 'write the number itself, 2'],
  [gears, 1, 'expected a flat list of 2 numbers for MultiDiscrete(2, 3), got 1'],
  [gears, Int32Array.of(1), 'got Int32Array(1) [1]'],
  [gears, [0, 1, 0, 0, 1], 'got [0, 1, 0, 0, 1]'],
  [gears, [0, 3], 'entry 1: expected an integer from 0 to 2 for MultiDiscrete(2, 3), got 3 in [0, 3]'],
  [gears, Float32Array.of(0, 0.5), 'entry 1: expected an integer from 0 to 2'],
  [gears, Int32Array.of(-1, 0), 'entry 0: expected an integer from 0 to 1'],
  [gears, [Number.NaN, 0], 'entry 0: expected an integer from 0 to 1'],
  [record, 3, 'expected a record with the keys goal, position for Dict('],
  [record, null, 'got null'],
  [record, [1, [0, 0]], 'expected a record with the keys goal, position'],
  [record, new Map([['goal', 1]]), 'the key "goal" of Dict('],
  [record, { goal: 1 }, 'the key "position" of Dict('],
  [record, Object.create(good), 'the key "goal" of Dict('],
  [record, { ...good, extra: 1 }, 'unknown key "extra"; the keys of Dict('],
  [record, { ...good, goal: 2 }, 'part "goal": expected an integer from 0 to 1'],
  [nested, { outer: { ...good, position: [1] } }, 'part "outer": part "position": expected a flat list of 2'],
];

describe('the form of a value', () => {
  it.each(taken)('of %s is that of %o', (space, value, flat) => {
    expect(formProblem(space, value)).toBeUndefined();
    const out = new Float64Array(space.flatSize);
    space.flattenInto(value, out);
    expect([...out]).toEqual(flat);
  });

  it.each(refused)('of %s is not that of %o', (space, value, problem) => {
    expect(formProblem(space, value)).toContain(problem);
    const out = new Float64Array(space.flatSize).fill(7);
    expect(() => space.flattenInto(value, out)).toThrow(SpaceMismatchError);
    expect(out.every((entry) => entry === 7)).toBe(true);
  });

  it('is told even of what cannot be looked into', () => {
    const value = new Proxy(Float32Array.of(1), {});
    expect(formProblem(one, value)).toContain('expected a flat list of 1 number');
  });

  it('is left to a space of another kind', () => {
    expect(formProblem({ kind: 'graph', flatSize: 2 } as Space<unknown>, 'anything')).toBeUndefined();
  });
});

it.each([one, four, gears])('%s does not read beyond a flat value', (space: Space<unknown>) => {
  expect(() => space.unflatten(new Float32Array(space.flatSize), 1)).toThrow(SpaceMismatchError);
  expect(() => space.unflatten([], 0)).toThrow(SpaceMismatchError);
});
