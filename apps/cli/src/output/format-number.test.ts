import { expect, test } from 'vitest';
import { formatCount, formatCounted, formatDuration, formatRate, formatValue } from './format-number.js';

test.each([
  [0, '0'],
  [1_234_567, '1,234,567'],
])('count %d', (value, text) => expect(formatCount(value)).toBe(text));

test.each([
  [0, '0 episodes'],
  [1, '1 episode'],
  [1_200, '1,200 episodes'],
])('%d episodes', (value, text) => expect(formatCounted(value, 'episode')).toBe(text));

test.each([
  [-1234.5, '-1235'],
  [950.25, '950.3'],
  [2.71, '2.71'],
  [0.0123, '0.012'],
])('value %d', (value, text) => expect(formatValue(value)).toBe(text));

test.each([
  [123_456, '123,000 steps/s'],
  [1234.5, '1,230 steps/s'],
  [999.6, '1,000 steps/s'],
  [50.4, '50 steps/s'],
  [9.96, '10.0 steps/s'],
  [4.24, '4.2 steps/s'],
  [0.999, '60 steps/min'],
  [0.05, '3.0 steps/min'],
  [0.01, '36 steps/h'],
])('%d steps per second', (rate, text) => expect(formatRate(rate, 'step')).toBe(text));

test.each([
  [4.4, '4 s'],
  [59.6, '1:00'],
  [187, '3:07'],
  [3723, '1:02:03'],
])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
