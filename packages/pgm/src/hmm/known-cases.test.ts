import { describe, expect, it } from 'vitest';
import { emissionLogLikelihoods } from './emission.js';
import { hmmSmooth } from './smooth.js';
import { hmmTwoFilterSmooth } from './two-filter-smooth.js';
import { hmmViterbi } from './viterbi.js';

/** Half a unit of the last digit that the table gives. */
function expectDigits(actual: number, expected: number, digits: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-15);
}

function expectRows(actual: Float64Array | null, expected: readonly number[][], digits: number): void {
  expect(actual).toHaveLength(expected.flat().length);
  expected.flat().forEach((value, i) => {
    expectDigits(actual![i]!, value, digits);
  });
}

describe('the umbrella world (Russell and Norvig; hmmlearn)', () => {
  const model = { initial: Float64Array.of(0.5, 0.5), transition: Float64Array.of(0.7, 0.3, 0.3, 0.7) };
  const probs = Float64Array.of(0.1, 0.9, 0.8, 0.2);
  const logLikelihoods = emissionLogLikelihoods(
    { kind: 'categorical', symbolCount: 2, probs },
    [1, 1, 0, 1, 1],
  );
  const rain = (values: Float64Array | null) => values!.filter((_, i) => i % 2 === 0);

  it('has these posteriors', () => {
    const { logLikelihood, filtered, predicted, smoothed } = hmmSmooth(model, logLikelihoods);
    expectDigits(logLikelihood, -3.3725020443, 10);
    expectRows(rain(filtered), [[0.81818182, 0.88335704, 0.19066794, 0.730794, 0.86733889]], 8);
    expectRows(rain(smoothed), [[0.86733889, 0.82041905, 0.30748358, 0.82041905, 0.86733889]], 8);
    expectDigits(predicted![0]!, 0.5, 8);
    expectDigits(predicted![2]!, 0.7 * 0.81818182 + 0.3 * 0.18181818, 8);
  });

  it('has these unnormalized messages', () => {
    const { logLikelihood, filtered } = hmmSmooth(model, logLikelihoods);
    const alpha = filtered!.subarray(8).map((probability) => probability * Math.exp(logLikelihood));
    expectRows(alpha, [[0.02975293, 0.00455077]], 8);
    const { backwardLogLikelihoods } = hmmTwoFilterSmooth(model, logLikelihoods);
    const beta = backwardLogLikelihoods!.map(Math.exp);
    expectRows(beta.subarray(0, 2), [[0.06611763, 0.04550767]], 8);
    expectRows(beta.subarray(2, 4), [[0.090639, 0.150251]], 6);
    expectRows(
      beta.subarray(4),
      [
        [0.4593, 0.2437],
        [0.69, 0.41],
        [1, 1],
      ],
      4,
    );
  });

  it('has this most probable path', () => {
    const { path, logProb } = hmmViterbi(model, logLikelihoods);
    expect([...path!]).toEqual([0, 0, 1, 0, 0]);
    expectDigits(logProb, -4.459028291, 10);
  });

  it('has this posterior after two days', () => {
    const { smoothed } = hmmSmooth(model, logLikelihoods.subarray(0, 4));
    expectDigits(smoothed![0]!, 0.88335704, 8);
  });
});

describe('walk, shop, clean (hmmlearn, dynamax)', () => {
  const model = { initial: Float64Array.of(0.6, 0.4), transition: Float64Array.of(0.7, 0.3, 0.4, 0.6) };
  const probs = Float64Array.of(0.1, 0.4, 0.5, 0.6, 0.3, 0.1);
  const logLikelihoods = emissionLogLikelihoods({ kind: 'categorical', symbolCount: 3, probs }, [0, 1, 2]);

  it('has these posteriors', () => {
    const { logLikelihood, smoothed } = hmmSmooth(model, logLikelihoods);
    expectDigits(logLikelihood, -3.3928721329, 10);
    expectDigits(Math.exp(logLikelihood), 0.033612, 6);
    expectRows(
      smoothed,
      [
        [0.23170296, 0.76829704],
        [0.62406283, 0.37593717],
        [0.86397715, 0.13602285],
      ],
      8,
    );
  });

  it('has these unnormalized messages', () => {
    const alphas = [0, 1, 2].flatMap((t) => {
      const { logLikelihood, filtered } = hmmSmooth(model, logLikelihoods.subarray(0, 2 * t + 2));
      return [...filtered!.subarray(2 * t)].map((probability) => probability * Math.exp(logLikelihood));
    });
    expectRows(Float64Array.from(alphas), [[0.06, 0.24, 0.0552, 0.0486, 0.02904, 0.004572]], 6);
    const { backwardLogLikelihoods } = hmmTwoFilterSmooth(model, logLikelihoods);
    expectRows(backwardLogLikelihoods!.map(Math.exp), [[0.1298, 0.1076, 0.38, 0.26, 1, 1]], 4);
  });

  it('has this most probable path', () => {
    const { path, logProb } = hmmViterbi(model, logLikelihoods);
    expect([...path!]).toEqual([1, 0, 0]);
    expectDigits(Math.exp(logProb), 0.01344, 5);
  });
});

describe('four states on a line with hard zeros (TensorFlow Probability, distrax)', () => {
  const transition = Float64Array.of(0.9, 0.1, 0, 0, 0.1, 0.8, 0.1, 0, 0, 0.1, 0.8, 0.1, 0, 0, 0.1, 0.9);
  const model = { initial: new Float64Array(4).fill(0.25), transition };
  const logLikelihoods = emissionLogLikelihoods(
    { kind: 'gaussian', means: Float64Array.of(0, 1, 2, 3), stds: new Float64Array(4).fill(0.25) },
    [0.1, 0.2, 0.3, 0.4, 0.5, 3, 2.9, 2.8, 2.7, 2.6],
  );

  it('has this most probable path and evidence', () => {
    const { path, logProb } = hmmViterbi(model, logLikelihoods);
    expect([...path!]).toEqual([0, 0, 0, 0, 1, 2, 3, 3, 3, 3]);
    expectDigits(logProb, -19.0526544549, 10);
    expectDigits(hmmSmooth(model, logLikelihoods).logLikelihood, -18.8562130363, 10);
  });
});

it('finds the only path through a graph (TensorFlow Probability)', () => {
  const edges = ['01', '12', '23', '34', '46', '25', '56', '67', '68'];
  const adjacent = Array.from({ length: 81 }, (_, i) => {
    const [from, to] = [Math.floor(i / 9), i % 9];
    return edges.includes(`${from}${to}`) || edges.includes(`${to}${from}`) ? 1 : 0;
  });
  const degree = (i: number) => adjacent.slice(9 * i, 9 * i + 9).reduce<number>((a, b) => a + b, 0);
  const transition = Float64Array.from(adjacent, (one, i) => one / degree(Math.floor(i / 9)));
  const symbolOf = (state: number) => (state === 0 ? 0 : state === 8 ? 2 : 1);
  const probs = Float64Array.from({ length: 27 }, (_, i) => (symbolOf(Math.floor(i / 3)) === i % 3 ? 1 : 0));
  const logLikelihoods = emissionLogLikelihoods(
    { kind: 'categorical', symbolCount: 3, probs },
    [0, 1, 1, 1, 1, 1, 2],
  );
  const model = { initial: new Float64Array(9).fill(1 / 9), transition };
  const only = [0, 1, 2, 3, 4, 6, 8];
  const { smoothed } = hmmSmooth(model, logLikelihoods);
  expectRows(
    smoothed,
    only.map((state) => Array.from({ length: 9 }, (_, k) => (k === state ? 1 : 0))),
    12,
  );
  expect([...hmmViterbi(model, logLikelihoods).path!]).toEqual(only);
});

it('fills the gap between two pinned ends (TensorFlow Probability)', () => {
  const transition = Float64Array.of(
    ...[0.75, 0.25, 0, 0],
    ...[0.25, 0.5, 0.25, 0],
    ...[0, 0.25, 0.5, 0.25],
    ...[0, 0, 0.25, 0.75],
  );
  const probs = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const logLikelihoods = emissionLogLikelihoods({ kind: 'categorical', symbolCount: 4, probs }, [
    0,
    null,
    null,
    null,
    null,
    null,
    0,
  ]);
  const { smoothed } = hmmSmooth({ initial: Float64Array.of(1, 0, 0, 0), transition }, logLikelihoods);
  const rows = [
    [1, 0, 0, 0],
    [21 / 26, 5 / 26, 0, 0],
    [105 / 143, 35 / 143, 3 / 143, 0],
    [1225 / 1716, 147 / 572, 49 / 1716, 1 / 1716],
  ];
  expectRows(smoothed, [...rows, ...rows.slice(0, 3).reverse()], 12);
});

it('observes the first state before it moves (a mistake once made by TensorFlow Probability)', () => {
  const probs = Float64Array.of(0.99, 0.01, 0.01, 0.99);
  const logLikelihoods = emissionLogLikelihoods({ kind: 'categorical', symbolCount: 2, probs }, [0]);
  const model = {
    initial: Float64Array.of(0.99, 0.01),
    transition: Float64Array.of(0.01, 0.99, 0.01, 0.99),
  };
  expectDigits(Math.exp(hmmSmooth(model, logLikelihoods).logLikelihood), 0.9802, 4);
});
