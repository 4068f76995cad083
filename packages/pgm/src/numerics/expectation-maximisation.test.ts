import { describe, expect, it } from 'vitest';
import { type Expectation, maximiseExpectations } from './expectation-maximisation.js';

/** A "model" that is a number, of log-likelihood -1 / 2^model; each iteration adds 1. */
const halve = (model: number): Expectation<number> => ({
  logLikelihood: -(2 ** -model),
  maximise: () => model + 1,
});

describe('the loop of expectation-maximisation', () => {
  it('stops at the first iteration that gains less than the tolerance per observation time', () => {
    // Gains are 1/2, 1/4, 1/8, 1/16: the last is the first below 10 times 0.01.
    const { model, logLikelihoods, converged } = maximiseExpectations(0, halve, 10, { tolerance: 0.01 });
    expect({ model, converged }).toEqual({ model: 4, converged: true });
    expect([...logLikelihoods]).toEqual([-1, -1 / 2, -1 / 4, -1 / 8, -1 / 16]);
  });

  it('stops when the iterations run out, with the log-likelihood of the model it returns', () => {
    const { model, logLikelihoods, converged } = maximiseExpectations(0, halve, 1, {
      tolerance: 0,
      maxIterations: 3,
    });
    expect({ model, converged }).toEqual({ model: 3, converged: false });
    expect([...logLikelihoods]).toEqual([-1, -1 / 2, -1 / 4, -1 / 8]);
  });

  it.each([
    ['maxIterations', { maxIterations: 0 }],
    ['tolerance', { tolerance: -1 }],
    ['tolerance', { tolerance: Infinity }],
    ['tolerance', { tolerance: Number.NaN }],
  ])('names %s in %j', (field, options) => {
    expect(() => maximiseExpectations(0, halve, 1, options)).toThrow(`${field}: expected`);
  });
});
