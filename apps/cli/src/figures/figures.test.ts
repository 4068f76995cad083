import { expect, test } from 'vitest';
import type { CellsFigure, Figure } from './figure.js';
import { figureSvg } from './svg.js';
import { drawInTerminal } from './terminal.js';

const plain = (figure: Figure, width = 100) => drawInTerminal([figure], { width, colors: false });

/** State 1 is terminal: the scale ends at the 0.02 of state 0. */
const occupancy: CellsFigure = {
  kind: 'cells',
  title: 'Occupancy',
  rows: 1,
  columns: 2,
  values: Float64Array.of(0.02, 0.928),
  probabilities: true,
  world: { grid: { rows: 1, columns: 2, moves: [] }, terminal: Uint8Array.of(0, 1) },
};

test('a cell beyond the scale is marked, and the scale says how far it goes', () => {
  expect(plain(occupancy)).toBe('Occupancy, from 0 to 0.02, + up to 0.928\n█  0.02 + 0.928\n');
  const colored = drawInTerminal([occupancy], { width: 100, colors: true });
  expect(colored.match(/m\+ /g)).toHaveLength(1);
  const svg = figureSvg(occupancy);
  expect(svg).toContain('outlined: up to 0.928');
  expect(svg.match(/fill="none" stroke="#D55E00"/g)).toHaveLength(1);
});

test('values below the scale are marked too', () => {
  const values = Float64Array.of(-Infinity, 1, 3);
  const figure: CellsFigure = {
    kind: 'cells',
    title: 'V',
    rows: 1,
    columns: 3,
    values,
    probabilities: false,
    rowLabels: ['v'],
    columnName: 't',
  };
  expect(plain(figure)).toContain('V, from 1 to 3, - down to -Infinity\nv  - █\n');
  expect(figureSvg(figure)).toContain('outlined: down to -Infinity');
});

test('a scale that holds every cell has no mark', () => {
  const figure = { ...occupancy, world: { ...occupancy.world!, terminal: Uint8Array.of(0, 0) } };
  expect(plain(figure)).toBe('Occupancy, from 0 to 0.928\n   0.02 █ 0.928\n');
  expect(figureSvg(figure)).not.toContain('outlined');
});

test('a full bar of probabilities is 1', () => {
  const bars: Figure = {
    kind: 'bars',
    title: 'Rain',
    bars: [
      { label: 'no', value: 0.65 },
      { label: 'yes', value: 0.35 },
    ],
    probabilities: true,
  };
  const lengths = [...plain(bars).matchAll(/█+/g)].map(([bar]) => bar.length);
  expect(lengths).toEqual([19, 10]);
  const widths = [...figureSvg(bars).matchAll(/<rect x="[^"]*" y="[^"]*" width="([^"]*)" height="15"/g)];
  const [no, yes] = widths.map(([, width]) => Number(width));
  expect(no! / yes!).toBeCloseTo(0.65 / 0.35, 2);
  // From the labels to where the numbers stand.
  expect(no).toBeCloseTo(0.65 * (860 - 80 - 16 - 3 * 6.5), 0);
});

test('bars of many small probabilities are not lost', () => {
  const bars = Array.from({ length: 30 }, (_, i) => ({ label: `${i}`, value: i === 0 ? 0.04 : 0.033 }));
  const drawn = plain({ kind: 'bars', title: 'P', bars, probabilities: true });
  expect(drawn).toContain(`P, a full bar is 0.1\n0   ${'█'.repeat(12)}`);
});

test('other bars say what fills them, and tell values below 0', () => {
  const bars: Figure = {
    kind: 'bars',
    title: 'K',
    bars: [
      { label: 'a', value: -4 },
      { label: 'b', value: 2 },
    ],
    probabilities: false,
  };
  expect(plain(bars)).toBe(
    `K, a full bar is 4, ▒ below 0\na  ${'▒'.repeat(30)}  -4\nb  ${'█'.repeat(15).padEnd(30)}  2\n`,
  );
});

test.each([0, 1, 5, 12, 40])('%s columns still show every row and whole numbers', (width) => {
  const figures: Figure[] = [
    occupancy,
    {
      kind: 'cells',
      title: 'Policy',
      rows: 1,
      columns: 2,
      values: Float64Array.of(0.25, 0.75),
      probabilities: true,
      rowLabels: ['state 0'],
      columnName: 'action',
    },
    { kind: 'bars', title: 'P', bars: [{ label: 'rain=1', value: 0.123 }], probabilities: true },
    { kind: 'lines', title: 'L', xLabel: 't', series: [{ label: 'l', points: [{ x: 0, y: 1.234 }] }] },
  ];
  const drawn = drawInTerminal(figures, { width, colors: false });
  expect(drawn).toMatch(/state 0 {2}[ ▁▂▃▄▅▆▇█]/);
  expect(drawn).toMatch(/rain=1 {2}█/);
  for (const number of ['0.928', '0.123', '1.234']) expect(drawn).toContain(number);
});
