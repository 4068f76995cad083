import { expect, test } from 'vitest';
import { columnsOf } from './process-io.js';

test.each([
  [132, 132],
  [0, 80],
  [undefined as unknown as number, 80],
])('a terminal that says it has %s columns is taken to have %s', (columns, expected) => {
  expect(columnsOf({ columns })).toBe(expected);
});
