import { expect, it } from 'vitest';
import { InvalidInputError } from './errors.js';
import { printable } from './printable.js';

it.each([
  ['a color', '\u001b[31mred', '\\u001b[31mred'],
  ['a window title', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
  ['a line written over', 'good\rbad', 'good\\u000dbad'],
  ['the one-byte form of ESC [', '\u009b2J', '\\u009b2J'],
  ['text turned around', 'a\u202eb', 'a\\u202eb'],
])('writes out %s', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

it('leaves lines, tabs and every script as they are', () => {
  const text = 'a\tb\nÄ ± 日本 "λ" 🙂';
  expect(printable(text)).toBe(text);
});

it('is applied to the message of every error', () => {
  expect(new InvalidInputError('a\u001b[2J', 'b\u0007').message).toBe('a\\u001b[2J: b\\u0007');
});
