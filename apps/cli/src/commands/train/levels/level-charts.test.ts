import { expect, test } from 'vitest';
import { levelCharts } from './level-charts.js';

const curve = (label: string, id: string, options = {}) => ({
  label,
  environment: { id, options },
  runs: [],
});
const drawn = (...curves: Parameters<typeof levelCharts>[0][number][]) =>
  levelCharts(curves).map(({ title, curves: shown }) => [title, ...shown.map(({ label }) => label)]);

test('levels of one reward share a chart, others get their own', () => {
  expect(
    drawn(curve('level 0', 'Walker-v0'), curve('level 1', 'Maze-v0'), curve('level 2', 'Maze-v0')),
  ).toEqual([
    ['Evaluation return on Walker-v0, level by level', 'level 0'],
    ['Evaluation return on Maze-v0, level by level', 'level 1', 'level 2'],
  ]);
});

test('the same environment with other options is another reward', () => {
  expect(drawn(curve('level 0', 'Maze-v0', { goal: 1 }), curve('level 1', 'Maze-v0', { goal: 2 }))).toEqual([
    ['Evaluation return on Maze-v0 {"goal":1}, level by level', 'level 0'],
    ['Evaluation return on Maze-v0 {"goal":2}, level by level', 'level 1'],
  ]);
});
