import { describe, expect, it } from 'vitest';
import { plotErrors } from './plot.js';

const TEXT = { title: 'errors', ours: 'a', perturbed: 'b' };

function heights(svg: string): number[] {
  const [, points] = /points="([^"]*)"/.exec(svg)!;
  return points!.split(' ').map((point) => Number(point.split(',')[1]));
}

describe('plotErrors', () => {
  it('puts equal ratios at equal distances, and keeps 0 and what is too large on the panel', () => {
    const svg = plotErrors([{ title: 'x', ours: [], perturbed: [[1e-12, 1e-8, 1e-4, 0, 1e9]] }], TEXT);
    const [low, middle, high, zero, huge] = heights(svg) as [number, number, number, number, number];
    expect(low - middle).toBeCloseTo(middle - high, 0);
    expect(zero).toBeGreaterThan(low);
    expect(zero).toBeLessThan(260);
    expect(huge).toBeLessThan(high);
    expect(huge).toBeGreaterThan(0);
  });

  it('draws a line per start in every panel', () => {
    const panel = { ours: [[1e-9], [1e-8]], perturbed: [[1e-9], [1e-8], [1e-7]] };
    const svg = plotErrors(
      [
        { title: 'first', ...panel },
        { title: 'second', ...panel },
      ],
      TEXT,
    );
    expect(svg.match(/<polyline/g)).toHaveLength(10);
    expect(svg).toContain('first');
    expect(svg).toContain('second');
  });
});
