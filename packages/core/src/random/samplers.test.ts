import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../errors.js';
import { sampleBeta } from './beta.js';
import { Rng } from './rng.js';

/** Standard normal density. */
function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** Standard normal distribution function, by the series 1/2 + density(x) (x + x^3/3 + x^5/15 + ...). */
function cumulative(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17 && k < 300; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + density(x) * sum;
}

/** Kolmogorov and Smirnov's largest distance between the sample's distribution and a given one. */
function largestDistance(sample: Float64Array, distribution: (x: number) => number): number {
  const sorted = sample.slice().sort();
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = distribution(x);
    distance = Math.max(distance, p - i / sorted.length, (i + 1) / sorted.length - p);
  });
  return distance;
}

/** Sum of (observed - expected)^2 / expected, which has mean `counts.length - 1` when the expectation is right. */
function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);
}

function tally(count: number, draws: number, next: () => number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (let i = 0; i < draws; i++) counts[next()]! += 1;
  return counts;
}

const COUNT = 200_000;
/** 1.95 / sqrt(n) is passed with probability 0.999 when the distribution is right. */
const DISTANCE_LIMIT = 1.95 / Math.sqrt(COUNT);

describe('uniform', () => {
  it('is uniform on [0, 1)', () => {
    const sample = new Float64Array(COUNT);
    Rng.fromSeed(1).fillUniform(sample);
    expect(Math.min(...sample.subarray(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(sample.every((x) => x < 1)).toBe(true);
    expect(largestDistance(sample, (x) => x)).toBeLessThan(DISTANCE_LIMIT);
  });

  it('uses 53 bits', () => {
    const rng = Rng.fromSeed(2);
    const odd = Array.from({ length: 1000 }, () => (rng.uniform() * 2 ** 53) % 2).filter(
      (bit) => bit === 1,
    ).length;
    expect(Math.abs(odd - 500)).toBeLessThan(70);
  });

  it('stretches to the given bounds', () => {
    const sample = new Float64Array(COUNT);
    Rng.fromSeed(3).fillUniform(sample, -2, 6);
    expect(largestDistance(sample, (x) => (x + 2) / 8)).toBeLessThan(DISTANCE_LIMIT);
  });
});

describe('normal', () => {
  const sample = new Float64Array(COUNT);
  Rng.fromSeed(4).fillNormal(sample);
  const moment = (power: number) => sample.reduce((sum, x) => sum + x ** power, 0) / COUNT;

  it('follows the normal distribution', () => {
    expect(largestDistance(sample, cumulative)).toBeLessThan(DISTANCE_LIMIT);
  });

  // Variances of x, x^2, x^3, x^4 under the normal: 1, 2, 15, 96.
  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ])('has moment %s equal to %s', (power, expected, variance) => {
    expect(Math.abs(moment(power) - expected)).toBeLessThan(4 * Math.sqrt(variance / COUNT));
  });

  it('has the right tails, where another algorithm takes over', () => {
    const tailStart = 3.442619855899;
    const rng = Rng.fromSeed(5);
    const right: number[] = [];
    let left = 0;
    const draws = 2_000_000;
    for (let i = 0; i < draws; i++) {
      const x = rng.normal();
      if (x >= tailStart) right.push(x);
      else if (x <= -tailStart) left += 1;
    }
    const tailProbability = 1 - cumulative(tailStart);
    const expected = draws * tailProbability;
    expect(Math.abs(right.length - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.abs(left - expected)).toBeLessThan(4 * Math.sqrt(expected));
    const withinTail = Float64Array.from(right);
    const distance = largestDistance(withinTail, (x) => 1 - (1 - cumulative(x)) / tailProbability);
    expect(distance).toBeLessThan(1.95 / Math.sqrt(withinTail.length));
  });

  it('has the given mean and standard deviation', () => {
    const shifted = new Float64Array(COUNT);
    Rng.fromSeed(6).fillNormal(shifted, 3, 0.5);
    expect(largestDistance(shifted, (x) => cumulative((x - 3) / 0.5))).toBeLessThan(DISTANCE_LIMIT);
    expect(Rng.fromSeed(6).normal(3, 0.5)).toBe(shifted[0]);
  });
});

describe('exponential', () => {
  it('follows 1 - exp(-rate x)', () => {
    const rng = Rng.fromSeed(7);
    const sample = Float64Array.from({ length: COUNT }, () => rng.exponential(2));
    expect(largestDistance(sample, (x) => 1 - Math.exp(-2 * x))).toBeLessThan(DISTANCE_LIMIT);
  });
});

describe('integer', () => {
  it('hits every number equally often', () => {
    const rng = Rng.fromSeed(8);
    const counts = tally(6, 60_000, () => rng.integer(6));
    // 20.5 is passed with probability 0.999 at 5 degrees of freedom.
    expect(chiSquare(counts, new Array(6).fill(10_000))).toBeLessThan(20.5);
  });

  it('has no modulo bias, even for bounds where a plain remainder would be far off', () => {
    const rng = Rng.fromSeed(9);
    const bound = 3 * 2 ** 30;
    const counts = tally(3, 30_000, () => Math.floor(rng.integer(bound) / 2 ** 30));
    // A plain remainder would give 15,000, 7,500, 7,500. 13.8: probability 0.999 at 2 degrees of freedom.
    expect(chiSquare(counts, [10_000, 10_000, 10_000])).toBeLessThan(13.8);
  });

  it('takes the extreme bounds', () => {
    const rng = Rng.fromSeed(10);
    expect(rng.integer(1)).toBe(0);
    const word = Rng.fromSeed(11).uint32();
    expect(Rng.fromSeed(11).integer(2 ** 32)).toBe(word);
  });

  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('refuses the bound %s', (bound) => {
    expect(() => Rng.fromSeed(0).integer(bound)).toThrow(InvalidInputError);
  });
});

describe('categorical', () => {
  it('draws in proportion to the weights, and never what has weight 0', () => {
    const rng = Rng.fromSeed(12);
    const weights = Float64Array.of(0, 1, 0, 2, 5, 0);
    const counts = tally(6, 80_000, () => rng.categorical(weights));
    expect([counts[0], counts[2], counts[5]]).toEqual([0, 0, 0]);
    expect(chiSquare([counts[1]!, counts[3]!, counts[4]!], [10_000, 20_000, 50_000])).toBeLessThan(13.8);
  });

  it('takes weights of any size', () => {
    const rng = Rng.fromSeed(13);
    const counts = tally(2, 10_000, () => rng.categorical([1e-300, 3e-300]));
    expect(chiSquare(counts, [2500, 7500])).toBeLessThan(10.8);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[1, Number.NaN]], [[1, Infinity]], [[1e308, 1e308]]])(
    'refuses the weights %j',
    (weights) => {
      expect(() => Rng.fromSeed(0).categorical(weights)).toThrow(InvalidInputError);
    },
  );
});

describe('shuffle', () => {
  it('gives every permutation equally often', () => {
    const rng = Rng.fromSeed(14);
    const names = ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'];
    const counts = tally(6, 60_000, () => names.indexOf(rng.shuffle(['a', 'b', 'c']).join('')));
    expect(chiSquare(counts, new Array(6).fill(10_000))).toBeLessThan(20.5);
  });

  it('works in place, on typed arrays too', () => {
    const items = Int32Array.from({ length: 100 }, (_, i) => i);
    const shuffled = Rng.fromSeed(15).shuffle(items);
    expect(shuffled).toBe(items);
    expect(items.some((item, i) => item !== i)).toBe(true);
    expect([...items].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});

describe('beta', () => {
  const draws = (alpha: number, beta: number): Float64Array => {
    const rng = Rng.fromSeed(9);
    return Float64Array.from({ length: COUNT }, () => sampleBeta(rng, alpha, beta));
  };

  it.each<[number, number, (x: number) => number]>([
    [1, 1, (x) => x],
    [3, 1, (x) => x ** 3],
    [2, 2, (x) => x * x * (3 - 2 * x)],
    [0.5, 0.5, (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x))],
    [0.05, 1, (x) => x ** 0.05],
    [1, 0.2, (x) => 1 - (1 - x) ** 0.2],
  ])('follows Beta(%d, %d)', (alpha, beta, distribution) => {
    expect(largestDistance(draws(alpha, beta), distribution)).toBeLessThan(DISTANCE_LIMIT);
  });

  it('concentrates as its parameters grow', () => {
    const sample = draws(3e8, 1e8);
    const deviation = Math.sqrt((0.75 * 0.25) / 4e8);
    const within = sample.filter((x) => Math.abs(x - 0.75) < deviation).length / COUNT;
    expect(Math.abs(within - 0.6827)).toBeLessThan(0.005);
  });

  it('refuses parameters that it cannot draw with', () => {
    const rng = Rng.fromSeed(1);
    expect(() => sampleBeta(rng, 0, 1)).toThrow('alpha: expected a number from 0.001 to 1000000000, got 0');
    expect(() => sampleBeta(rng, 1, Number.NaN)).toThrow('beta: expected a number from 0.001');
  });
});
