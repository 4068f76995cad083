import { describe, expect, it } from 'vitest';
import { lineChartSvg, lineChartsSvg } from './line-chart.js';
import { formatDuration, formatNumber, formatTick, roundTicks } from './numbers.js';
import { adaptationSeries, learningCurveSeries, thinned } from './series.js';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [123456.7, '123457'],
    [9412.53, '9413'],
    [0.123456, '0.1235'],
    [-2.5e-7, '-2.50e-7'],
    [1.5e9, '1.50e9'],
  ])('formats %s as %s', (value, expected) => expect(formatNumber(value)).toBe(expected));

  it.each([
    [0, '0'],
    [1500, '1500'],
    [20_000, '20k'],
    [1_500_000, '1.5M'],
    [-0.1, '-0.1'],
    [0.0002, '2e-4'],
  ])('labels %s as %s', (value, expected) => expect(formatTick(value)).toBe(expected));

  it.each([
    [59.6, '1 min 0 s'],
    [12, '12 s'],
    [3725, '1 h 2 min'],
  ])('writes %s seconds as %s', (value, expected) => expect(formatDuration(value)).toBe(expected));

  it('puts ticks at round numbers', () => {
    expect(roundTicks(0, 100_000, 5)).toEqual([0, 20_000, 40_000, 60_000, 80_000, 100_000]);
    expect(roundTicks(-3, 11, 4)).toEqual([0, 5, 10]);
  });
});

describe('series', () => {
  const evaluation = (step: number, ...returns: number[]) => {
    return { step, returnMean: returns.reduce((a, b) => a + b) / returns.length, returns };
  };

  it('of one run has the range of its episodes', () => {
    expect(learningCurveSeries({ label: 'a', runs: [[evaluation(10, 1, 3)]] }).points).toEqual([
      { x: 10, y: 2, low: 1, high: 3 },
    ]);
  });

  it('of several runs has the range of their means, where all have one', () => {
    const runs = [[evaluation(10, 1, 3), evaluation(20, 5)], [evaluation(10, 6)]];
    expect(learningCurveSeries({ label: 'a', runs }).points).toEqual([{ x: 10, y: 4, low: 2, high: 6 }]);
  });

  it('of adaptation has the range of the tasks at each episode', () => {
    const returns = [
      [1, 5],
      [3, 9],
    ];
    expect(adaptationSeries({ explorationEpisodes: 1, returns }).points).toEqual([
      { x: 1, y: 2, low: 1, high: 3 },
      { x: 2, y: 7, low: 5, high: 9 },
    ]);
  });

  it('is thinned to means of equal stretches', () => {
    const points = Array.from({ length: 1000 }, (_, x) => ({ x, y: x % 2 }));
    const thin = thinned(points, 100);
    expect(thin).toHaveLength(100);
    expect(thin.every(({ y }) => Math.abs(y - 0.5) < 0.06)).toBe(true);
    expect(thin.every(({ low, high }) => low === 0 && high === 1)).toBe(true);
  });
});

describe('line chart', () => {
  const chart = (points: { x: number; y: number }[]) =>
    lineChartSvg({ title: 'a < b', xLabel: 'x', series: [{ label: 's', points }], width: 400, height: 200 });

  it.each([
    ['whole numbers', 3, ['0', '1', '2', '3']],
    ['numbers', 2.5, ['0', '0.5', '1', '1.5', '2', '2.5']],
  ])('marks %s below points at such', (_, last, marks) => {
    const points = [1, 2, last].map((x) => ({ x, y: 0 }));
    const series = [{ label: 's', points }];
    const svg = lineChartSvg({ title: 't', xLabel: 'x', series, width: 720, height: 200 });
    expect([...svg.matchAll(/y="177"[^>]*>([^<]*)</g)].map(([, mark]) => mark)).toEqual(marks);
  });

  it.each([
    ['no point', []],
    ['one point', [{ x: 0, y: 0 }]],
    [
      'equal values',
      [
        { x: 1, y: 3 },
        { x: 2, y: 3 },
      ],
    ],
    [
      'large values',
      [
        { x: 0, y: -1e12 },
        { x: 1e7, y: 1e12 },
      ],
    ],
  ])('draws %s within its frame', (_, points) => {
    const svg = chart(points);
    expect(svg).toContain('a &lt; b');
    const coordinates = [...svg.matchAll(/ (?:cx|cy|x1|x2|y1|y2|x|y)="(-?[^"]+)"/g)].map(([, value]) =>
      Number(value),
    );
    expect(coordinates.every((value) => value >= 0 && value <= 400)).toBe(true);
    expect((svg.match(/<circle/g) ?? []).length).toBe(points.length);
  });
});

describe('legend', () => {
  const chart = (labels: string[]) => {
    const series = labels.map((label, i) => ({ label, points: [{ x: 1, y: i }] }));
    return lineChartSvg({ title: 't', xLabel: 'x', series, width: 500, height: 200 });
  };
  const names = (svg: string) =>
    [...svg.matchAll(/<text x="([^"]+)" y="([^"]+)"[^>]*font-size="11.5">([^<]*)</g)].map(
      ([, x, y, name]) => ({ x: Number(x), y: Number(y), name: name! }),
    );

  it('goes on in another row, and the chart grows by it', () => {
    const labels = Array.from({ length: 9 }, (_, i) => `learningRate ${i}, 3 seeds`);
    const svg = chart(labels);
    const rows = new Set(names(svg).map(({ y }) => y));
    expect(rows.size).toBeGreaterThan(3);
    expect(svg).toContain(`height="${200 + 16 * (rows.size - 1)}"`);
    for (const { x, name } of names(svg)) expect(x + name.length * 6.2).toBeLessThanOrEqual(500);
  });

  it('cuts a name that is wider than the chart, and keeps all of it as a title', () => {
    const long = 'hiddenSizes [256,256], '.repeat(8);
    const svg = chart([long, 'b']);
    expect(names(svg)[0]!.name).toMatch(/…$/);
    expect(svg).toContain(`<title>${long}</title>`);
  });

  it('tells more series apart than there are colors', () => {
    const styles = [...chart([...'abcdefghijklm']).matchAll(/stroke="(#\w+)" stroke-width="3"([^/]*)/g)];
    expect(new Set(styles.map(([, color, dashes]) => `${color}${dashes}`)).size).toBe(13);
  });
});

describe('charts of many points', () => {
  it('are drawn', () => {
    const points = Array.from({ length: 200_000 }, (_, x) => ({ x, y: x % 7 }));
    const svg = lineChartSvg({
      title: 't',
      xLabel: 'x',
      series: [{ label: 's', points }],
      width: 400,
      height: 200,
    });
    expect(svg).toContain('<polyline');
  });

  it('stand one below the other', () => {
    const one = { xLabel: 'x', series: [], width: 400, height: 200 };
    const svg = lineChartsSvg([
      { ...one, title: 'first' },
      { ...one, title: 'second' },
    ]);
    expect(svg).toContain('viewBox="0 0 400 400"');
    expect(svg).toContain('translate(0 200)');
    expect(svg.match(/first|second/g)).toHaveLength(4);
  });
});

it('stays valid XML whatever a run names its settings', () => {
  const title = 'a \u001b[31m\u0000 <b>';
  const svg = lineChartSvg({ title, xLabel: 'steps', series: [], width: 300, height: 200 });
  expect(svg).not.toMatch(/\p{Cc}/u);
  expect(svg).toContain('a \\u001b[31m\\u0000 &lt;b&gt;');
});
