import type { RunEvent } from '@maxent/core';
import { expect, test } from 'vitest';
import { ProgressReporter } from './progress-reporter.js';

const progress: RunEvent = {
  type: 'progress',
  step: 2500,
  totalSteps: 10_000,
  updates: 1500,
  stepsPerSecond: 50,
};
const episode: RunEvent = { type: 'episode', step: 2400, return: -123.44, length: 200, terminated: false };
const evaluation: RunEvent = {
  type: 'evaluation',
  evaluation: { step: 2500, returnMean: 950.25, returnStd: 3.5, episodes: 10, returns: [], lengths: [] },
};

function reporterFor(terminalColumns: number | undefined) {
  const written: string[] = [];
  const clock = { now: 0 };
  const io = { terminalColumns, writeError: (text: string) => void written.push(text) };
  return { written, clock, reporter: new ProgressReporter(io, () => clock.now) };
}

test('rewrites one line on a terminal and keeps evaluations', () => {
  const { written, reporter } = reporterFor(200);
  for (const event of [episode, progress, evaluation, progress]) reporter.listener(event);
  reporter.listener({ type: 'end', step: 2500, updates: 1500, outcome: 'completed' });
  const line = '\r\u001b[K2,500/10,000 steps (25%) | 50 steps/s | ETA 2:30 | last returns -123.4';
  expect(written).toEqual([
    line,
    '\r\u001b[K',
    'step 2,500: evaluation return 950.3 ± 3.50 over 10 episodes\n',
    line,
    '\r\u001b[K',
  ]);
});

test.each([
  [200, '2,500/10,000 steps (25%) | 50 steps/s | ETA 2:30'],
  [45, '2,500/10,000 steps (25%) | 50 steps/s'],
  [38, '2,500/10,000 steps (25%) | 50 steps/s'],
  [37, '2,500/10,000 steps (25%)'],
  [20, ''],
  [1, ''],
])('on %s columns, leaves away what has no room and cuts no number', (columns, line) => {
  const { written, reporter } = reporterFor(columns);
  reporter.listener(progress);
  expect(written).toEqual([`\r\u001b[K${line}`]);
});

test('gives no ETA before the first update, whose steps cost more', () => {
  const { written, reporter } = reporterFor(200);
  reporter.listener({ ...progress, updates: 0, stepsPerSecond: 3500 });
  expect(written).toEqual(['\r\u001b[K2,500/10,000 steps (25%) | 3,500 steps/s']);
});

test('gives no rate before one is known', () => {
  const { written, reporter } = reporterFor(200);
  reporter.listener({ ...progress, stepsPerSecond: 0 });
  expect(written).toEqual(['\r\u001b[K2,500/10,000 steps (25%)']);
});

test('writes a line every ten seconds where there is no terminal', () => {
  const { written, clock, reporter } = reporterFor(undefined);
  for (clock.now = 0; clock.now <= 20_000; clock.now += 250) reporter.listener(progress);
  reporter.listener({ type: 'end', step: 2500, updates: 1500, outcome: 'completed' });
  expect(written).toEqual(Array(3).fill('2,500/10,000 steps (25%) | 50 steps/s | ETA 2:30\n'));
});
