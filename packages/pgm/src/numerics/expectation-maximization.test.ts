import { describe, expect, it } from 'vitest';
import { type Expectation, maximizeExpectations } from './expectation-maximization.js';

/** A "model" that is a number, of log-likelihood -1 / 2^model; each iteration adds 1. */
const halve = (model: number): Expectation<number> => ({
  logLikelihood: -(2 ** -model),
  maximize: () => model + 1,
});

describe('the loop of expectation-maximization', () => {
  it('stops at the first iteration that gains less than the tolerance per observation time', () => {
    // Gains are 1/2, 1/4, 1/8, 1/16: the last is the first below 10 times 0.01.
    const { model, logLikelihoods, converged } = maximizeExpectations(0, halve, 10, { tolerance: 0.01 });
    expect({ model, converged }).toEqual({ model: 4, converged: true });
    expect([...logLikelihoods]).toEqual([-1, -1 / 2, -1 / 4, -1 / 8, -1 / 16]);
  });

  it('stops when the iterations run out, with the log-likelihood of the model it returns', () => {
    const { model, logLikelihoods, converged, stopped } = maximizeExpectations(0, halve, 1, {
      tolerance: 0,
      maxIterations: 3,
    });
    expect({ model, converged, stopped }).toEqual({ model: 3, converged: false, stopped: 'iterations' });
    expect([...logLikelihoods]).toEqual([-1, -1 / 2, -1 / 4, -1 / 8]);
  });

  it.each([
    ['fall', -2, /^iteration 3 lowered the log-likelihood from -0.25 to -2:/],
    ['collapse', Number.NaN, /^iteration 3 reached a log-likelihood of NaN:/],
    ['collapse', Infinity, /^iteration 3 reached a log-likelihood of Infinity:/],
    ['collapse', -Infinity, /^iteration 3 reached a log-likelihood of -Infinity:/],
  ] as const)('does not take a step to a %s, %d, and says so', (stopped, logLikelihood, reason) => {
    const failing = (model: number): Expectation<number> =>
      model < 3 ? halve(model) : { ...halve(model), logLikelihood };
    const fit = maximizeExpectations(0, failing, 1, {});
    expect(fit).toMatchObject({ model: 2, converged: false, stopped, reason: expect.stringMatching(reason) });
    expect([...fit.logLikelihoods]).toEqual([-1, -1 / 2, -1 / 4]);
  });

  it('takes a fall by rounding for the end, and keeps the model before it', () => {
    const flat = (model: number): Expectation<number> => ({
      logLikelihood: model < 2 ? model - 5 : -4 * (1 + Number.EPSILON),
      maximize: () => model + 1,
    });
    const fit = maximizeExpectations(0, flat, 1, {});
    expect(fit).toMatchObject({ model: 1, converged: true, stopped: 'tolerance' });
    expect([...fit.logLikelihoods]).toEqual([-5, -4]);
  });

  it.each([
    ['maxIterations', { maxIterations: 0 }],
    ['tolerance', { tolerance: -1 }],
    ['tolerance', { tolerance: Infinity }],
    ['tolerance', { tolerance: Number.NaN }],
  ])('names %s in %j', (field, options) => {
    expect(() => maximizeExpectations(0, halve, 1, options)).toThrow(`${field}: expected`);
  });
});
