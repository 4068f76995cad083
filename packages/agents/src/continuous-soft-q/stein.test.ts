import { Rng } from '@maxent/core';
import { describe, expect, it } from 'vitest';
import { medianBandwidth, type SteinParticles, steinDirections } from './stein.js';

function directions(particles: Omit<SteinParticles, 'scores'> & { scores?: Float32Array }): Float32Array {
  const out = new Float32Array(particles.updated.length).fill(99);
  steinDirections({ scores: new Float32Array(particles.fixed.length), ...particles }, out);
  return out;
}

describe('medianBandwidth', () => {
  it('is the median over the logarithm of the number of fixed particles', () => {
    expect(medianBandwidth(Float64Array.of(9, 1, 4), 3)).toBeCloseTo(4 / Math.log(3), 12);
    expect(medianBandwidth(Float64Array.of(16, 1, 4, 9), 2)).toBeCloseTo(6.5 / Math.log(2), 12);
  });

  it('is at least 0.001', () => {
    expect(medianBandwidth(new Float64Array(4), 2)).toBe(1e-3);
  });
});

describe('steinDirections', () => {
  it('equals the formula computed by hand', () => {
    // x = 0 and 2, y = 1 and 4: squared distances 1, 1, 16, 4, median 2.5.
    const h = 2.5 / Math.log(2);
    const kernel = (x: number, y: number) => Math.exp(-((x - y) ** 2) / h);
    const direction = (y: number) =>
      (kernel(0, y) * (3 + (2 / h) * (y - 0)) + kernel(2, y) * (-1 + (2 / h) * (y - 2))) / 2;
    const found = directions({
      fixed: Float32Array.of(0, 2),
      scores: Float32Array.of(3, -1),
      updated: Float32Array.of(1, 4),
      fixedCount: 2,
      updatedCount: 2,
      size: 1,
    });
    expect(found[0]).toBeCloseTo(direction(1), 6);
    expect(found[1]).toBeCloseTo(direction(4), 6);
  });

  it('has the gradient of the kernel with respect to the fixed particle', () => {
    const rng = Rng.fromSeed(4);
    const [fixedCount, size] = [3, 4];
    const fixed = Float32Array.from({ length: fixedCount * size }, () => rng.normal());
    const updated = Float32Array.from({ length: size }, () => rng.normal());
    const distances = Float64Array.from({ length: fixedCount }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (fixed[j * size + k]! - updated[k]!) ** 2;
      return sum;
    });
    const h = medianBandwidth(distances, fixedCount);
    // The kernels' mean as a function of one shift of all fixed particles: its derivative sums their gradients.
    const meanKernel = (shifted: number, by: number) => {
      let sum = 0;
      for (let j = 0; j < fixedCount; j++) {
        let squared = 0;
        for (let k = 0; k < size; k++) {
          squared += (fixed[j * size + k]! + (k === shifted ? by : 0) - updated[k]!) ** 2;
        }
        sum += Math.exp(-squared / h);
      }
      return sum / fixedCount;
    };
    const found = directions({ fixed, updated, fixedCount, updatedCount: 1, size });
    for (let k = 0; k < size; k++) {
      expect(found[k]).toBeCloseTo((meanKernel(k, 1e-4) - meanKernel(k, -1e-4)) / 2e-4, 5);
    }
  });

  it('drives particles apart where the density is flat', () => {
    const found = directions({
      fixed: Float32Array.of(-0.1, 0.1),
      updated: Float32Array.of(-0.3, 0.3),
      fixedCount: 2,
      updatedCount: 2,
      size: 1,
    });
    expect(found[0]).toBeLessThan(0);
    expect(found[1]).toBeGreaterThan(0);
  });

  it('moves particles up the density', () => {
    const found = directions({
      fixed: Float32Array.of(0, 0, 1, 0),
      scores: Float32Array.of(5, -7, 5, -7),
      updated: Float32Array.of(0.5, 0),
      fixedCount: 2,
      updatedCount: 1,
      size: 2,
    });
    // By symmetry, repulsion cancels.
    expect(found[0]! / found[1]!).toBeCloseTo(-5 / 7, 5);
    expect(found[0]).toBeGreaterThan(0);
  });

  it('treats every state by itself', () => {
    const counts = { fixedCount: 2, updatedCount: 1, size: 1 };
    const near = {
      fixed: Float32Array.of(0, 1),
      scores: Float32Array.of(1, 2),
      updated: Float32Array.of(0.3),
    };
    const far = { fixed: Float32Array.of(-9, 9), scores: Float32Array.of(3, 4), updated: Float32Array.of(7) };
    const both = directions({
      fixed: Float32Array.of(...near.fixed, ...far.fixed),
      scores: Float32Array.of(...near.scores, ...far.scores),
      updated: Float32Array.of(...near.updated, ...far.updated),
      ...counts,
    });
    expect([...both]).toEqual([...directions({ ...near, ...counts }), ...directions({ ...far, ...counts })]);
  });
});
