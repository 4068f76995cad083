import { expect, test } from 'vitest';
import { formatTable } from './table.js';

test('columns are as wide as they look', () => {
  expect(
    formatTable([
      ['行動', 'Q'],
      ['left', '-1.5'],
      ['é', '２'],
    ]),
  ).toBe('  行動     Q\n  left  -1.5\n  é       ２');
});
