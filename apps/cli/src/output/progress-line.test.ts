import { expect, test } from 'vitest';
import { ProgressLine } from './progress-line.js';

function lineFor(terminalColumns: number | undefined) {
  const written: string[] = [];
  const clock = { now: 0 };
  const io = { terminalColumns, writeError: (text: string) => void written.push(text) };
  return { written, clock, line: new ProgressLine(io, () => clock.now) };
}

const parts = [['2,500/10,000 steps (25%)', '2,500/10,000', '25%'], '50 steps/s', 'ETA 2:30'] as const;

test.each([
  [200, '2,500/10,000 steps (25%) | 50 steps/s | ETA 2:30'],
  [49, '2,500/10,000 steps (25%) | 50 steps/s | ETA 2:30'],
  [48, '2,500/10,000 steps (25%) | 50 steps/s'],
  [38, '2,500/10,000 steps (25%) | 50 steps/s'],
  [37, '2,500/10,000 steps (25%)'],
  [20, '2,500/10,000'],
  [12, '25%'],
  [4, '25%'],
  [3, ''],
  [1, ''],
  [0, ''],
])('on %s columns, leaves out what has no room and cuts no number', (columns, text) => {
  const { written, line } = lineFor(columns);
  line.show(parts);
  expect(written).toEqual([`\r\u001b[K${text}`]);
});

test('counts the columns of wide characters, not the characters', () => {
  const wide = [['段階 1/3', '1/3'], '歩 50'] as const;
  const shown = (columns: number) => {
    const { written, line } = lineFor(columns);
    line.show(wide);
    return written[0]!.slice('\r\u001b[K'.length);
  };
  expect([17, 16, 9, 8].map(shown)).toEqual(['段階 1/3 | 歩 50', '段階 1/3', '段階 1/3', '1/3']);
});

test('is overwritten, but not faster than anybody can read', () => {
  const { written, clock, line } = lineFor(80);
  for (clock.now = 0; clock.now <= 1000; clock.now += 10) line.show(['x']);
  line.keep('a result');
  line.show(['y']);
  line.clear();
  line.clear();
  expect(written).toEqual([
    ...Array(11).fill('\r\u001b[Kx'),
    '\r\u001b[K',
    'a result\n',
    '\r\u001b[Ky',
    '\r\u001b[K',
  ]);
});

test('without a terminal, writes nothing but a summary every five minutes', () => {
  const { written, clock, line } = lineFor(undefined);
  for (clock.now = 0; clock.now < 300_000; clock.now += 250) line.show(parts);
  line.clear();
  expect(written).toEqual([]);
  for (; clock.now <= 900_000; clock.now += 250) line.show(parts);
  const text = '2,500/10,000 steps (25%) | 50 steps/s | ETA 2:30';
  expect(written).toEqual(['5:00', '10:00', '15:00'].map((elapsed) => `after ${elapsed}: ${text}\n`));
});
