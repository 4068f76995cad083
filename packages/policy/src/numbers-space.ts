import { Box } from '@maxent/core';

/** Any list of `size` finite numbers. */
export function numbersSpace(size: number): Box {
  return new Box({ low: -Infinity, high: Infinity, shape: [size] });
}
