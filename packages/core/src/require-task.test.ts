import { expect, test } from 'vitest';
import { guardTaskFamily } from './checker/index.js';
import { InvalidInputError } from './errors.js';
import { requireTask } from './require-task.js';
import type { TaskFamily } from './task-family.js';

const family: TaskFamily<{ x: number; way: { turns: number[]; name: string } }> = {
  id: 'F',
  maxEpisodeSteps: 1,
  split: () => ({ train: [{ x: 1, way: { turns: [1, 2], name: 'a' } }], test: [] }),
  descriptor: ({ x, way }) => [1 / (x + way.turns[0]!)],
  checkTask: ({ x }, field) => {
    if (x < 0) throw new InvalidInputError(`${field} x`, 'expected at least 0');
  },
  create: () => {
    throw new Error('not made');
  },
};
const way = { turns: [1, 2], name: 'a' };

test('takes a task of the same form', () => {
  expect(() => requireTask(family, { x: 3, way }, '--task')).not.toThrow();
});

test.each([
  [{ z: 1 }, '--task z: unknown key; a task here is like { x: 1, way: { turns: [1, 2], name: "a" } }'],
  [{ way }, '--task x: is required: a number up to 1e18 in size'],
  [{ x: 'a', way }, '--task x: expected a number up to 1e18 in size, got "a"'],
  [{ x: Infinity, way }, '--task x: expected a number up to 1e18 in size, got Infinity'],
  [{ x: 1, way: { ...way, turns: [1] } }, '--task way.turns: expected an array of 2, got [1]'],
  [
    { x: 1, way: { ...way, turns: [1, null] } },
    '--task way.turns[1]: expected a number up to 1e18 in size, got null',
  ],
  [{ x: 1, way: { ...way, name: 3 } }, '--task way.name: expected a value like "a", got 3'],
  [{ x: -1, way }, '--task x: expected at least 0'],
  [{ x: 1e200, way }, '--task x: expected a number up to'],
  [{ x: 0, way: { ...way, turns: [0, 1] } }, '--task: its descriptor[0] is Infinity'],
  [null, '--task: expected an object like'],
  [[1], '--task: expected an object like'],
])('refuses %j', (task, message) => {
  expect(() => requireTask(family, task, '--task')).toThrow(message);
});

test("asks a guarded family's checkTask too", () => {
  const split: typeof family.split = ({ testCount }) => ({
    ...family.split({ trainCount: 1, testCount: 0, seed: 1 }),
    test: Array.from({ length: testCount }, () => ({ x: 1, way })),
  });
  const guarded = guardTaskFamily({ ...family, split });
  expect(() => requireTask(guarded, { x: -1, way }, '--task')).toThrow('--task x: expected at least 0');
});
