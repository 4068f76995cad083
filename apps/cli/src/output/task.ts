import { formatValue } from './format-number.js';

const LONGEST = 40;

/** A task in a few words, such as `x -0.31, y 0.95`. */
export function formatTask(task: Readonly<Record<string, unknown>>): string {
  const text = Object.entries(task)
    .map(
      ([name, value]) => `${name} ${typeof value === 'number' ? formatValue(value) : JSON.stringify(value)}`,
    )
    .join(', ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 3)}...`;
}
