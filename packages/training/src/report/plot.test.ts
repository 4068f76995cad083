import { describe, expect, it } from 'vitest';
import { drawable, formatTick, roundTicks, widened } from './numbers.js';
import { curveOf, pageChart } from './page-chart.js';
import { type Curve, makePlotter } from './plot.js';

const plotter = makePlotter({ formatTick, roundTicks, drawable, widened });
const curve = (x: number[], y: number[], more: Partial<Curve> = {}): Curve => ({
  label: 'a',
  kind: 'noisy',
  color: 1,
  x,
  y,
  ...more,
});

describe('smoothing', () => {
  it('is the debiased exponential moving average', () => {
    // m = 0.5, 0.75 + 0.25 = 1.25, 0.625 + 2 = 2.625 for y = 1, 2, 4; divided by 0.5, 0.75, 0.875.
    expect(plotter.smoothed([1, 2, 4], 0.5)).toEqual([1, 1.25 / 0.75, 2.625 / 0.875]);
    expect(plotter.smoothed([3, 3, 3, 3], 0.99).every((value) => Math.abs(value - 3) < 1e-12)).toBe(true);
  });

  it('keeps the curve as it is behind the smoothed one', () => {
    const x = Array.from({ length: 20 }, (_, i) => i);
    const y = x.map((i) => i % 2);
    const view = { x: [0, 19] as const, y: [0, 1] as const };
    const [plain] = plotter.curvesMarkup([curve(x, y)], view, 0).match(/M[^"]*/)!;
    const smoothed = plotter.curvesMarkup([curve(x, y)], view, 0.6);
    expect(smoothed).toContain(`<path class="raw c1" d="${plain}"/><path class="line c1" d="M0 `);
    expect(smoothed.match(/<path/g)).toHaveLength(2);
  });

  it('leaves evaluations and short curves alone', () => {
    const x = Array.from({ length: 20 }, (_, i) => i);
    expect(plotter.smooths(curve(x, x), 0.5)).toBe(true);
    expect(plotter.smooths(curve(x, x), 0)).toBe(false);
    expect(plotter.smooths(curve(x, x, { kind: 'steady' }), 0.5)).toBe(false);
    expect(plotter.smooths(curve(x.slice(1), x.slice(1)), 0.5)).toBe(false);
  });
});

describe('the view', () => {
  it('of a stretch of x has the y of that stretch, with its band', () => {
    const one = curve([0, 1, 2, 3], [0, 5, 6, 100], { low: [0, 4, 6, 100], high: [0, 5, 8, 100] });
    const { x, y } = plotter.viewOf([one], [1, 2]);
    expect(x).toEqual([1, 2]);
    expect(y[0]).toBeCloseTo(4 - 0.2);
    expect(y[1]).toBeCloseTo(8 + 0.2);
  });

  it('of nothing is drawn all the same', () => {
    expect(plotter.viewOf([curve([1], [1])], [5, 6])).toEqual({ x: [5, 6], y: [0, 1] });
  });
});

describe('a chart of a page', () => {
  const chart = { title: 'a < b', xLabel: 'steps', linked: true };

  it('is this markup', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 4, low: 2, high: 4 },
    ];
    const curves = [curveOf({ label: 'a', points }, { kind: 'steady', color: 2 }, 300)];
    expect(pageChart({ ...chart, meaning: 'A "b".', curves })).toMatchSnapshot();
  });

  it('says so if there is nothing to draw', () => {
    expect(pageChart({ ...chart, curves: [curve([], [])] })).toContain('nothing recorded yet');
  });

  it('has its points in order, though rows may not be', () => {
    const points = [3, 1, 2].map((x) => ({ x, y: x }));
    expect(curveOf({ label: 'a', points }, { kind: 'steady', color: 1 }, 300).x).toEqual([1, 2, 3]);
  });
});
