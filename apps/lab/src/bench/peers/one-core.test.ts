import { InvalidStateError } from '@maxent/core';
import { expect, it } from 'vitest';
import { lastAllowedCore } from './one-core.js';

it.each([
  ['0-1', '1'],
  ['3', '3'],
  ['0-3,8,10-15', '15'],
])('of the allowed cores %s chooses %s', (list, core) => {
  expect(
    lastAllowedCore(`Threads:\t1\nCpus_allowed:\tff\nCpus_allowed_list:\t${list}\nMems_allowed:\t1\n`),
  ).toBe(core);
});

it('refuses a status without the list', () => {
  expect(() => lastAllowedCore('Threads:\t1\n')).toThrow(InvalidStateError);
});
