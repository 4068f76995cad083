import type { RunEvent } from '@maxent/core';
import { expect, test } from 'vitest';
import { ProgressLine } from '../../output/progress-line.js';
import { ProgressReporter } from './progress-reporter.js';

const progress: RunEvent = {
  type: 'progress',
  step: 2500,
  totalSteps: 10_000,
  updates: 1500,
  stepsPerSecond: 50,
  secondsLeft: 150,
};
const episode: RunEvent = { type: 'episode', step: 2400, return: -123.44, length: 200, terminated: false };
const evaluation: RunEvent = {
  type: 'evaluation',
  evaluation: { step: 2500, returnMean: 950.25, returnStd: 3.5, episodes: 10, returns: [], lengths: [] },
};

function reporterFor(terminalColumns: number | undefined) {
  const written: string[] = [];
  const io = { terminalColumns, writeError: (text: string) => void written.push(text) };
  return { written, reporter: new ProgressReporter(new ProgressLine(io, () => 0)) };
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

test('gives neither rate nor end before they are known', () => {
  const { written, reporter } = reporterFor(200);
  const { secondsLeft: _, ...unknown } = progress;
  reporter.listener({ ...unknown, stepsPerSecond: 3500 });
  expect(written).toEqual(['\r\u001b[K2,500/10,000 steps (25%) | 3,500 steps/s']);
  const start = reporterFor(200);
  start.reporter.listener({ ...unknown, stepsPerSecond: 0 });
  expect(start.written).toEqual(['\r\u001b[K2,500/10,000 steps (25%)']);
});

test('never says more than all of the steps', () => {
  const { written, reporter } = reporterFor(10);
  reporter.listener({ ...progress, step: 10_012 });
  expect(written).toEqual(['\r\u001b[K100%']);
});

test('without a terminal, keeps results and nothing else', () => {
  const { written, reporter } = reporterFor(undefined);
  for (const event of [episode, progress, evaluation, progress]) reporter.listener(event);
  expect(written).toEqual(['step 2,500: evaluation return 950.3 ± 3.50 over 10 episodes\n']);
});
