import { describe, expect, it } from 'vitest';
import { expectClose } from '../linear-algebra/test-support/expect-close.js';
import { imputeObservation } from './impute.js';
import { LinearGaussianModel } from './model.js';

describe('imputeObservation', () => {
  // y = (1, 2, 3) z + (0, 10, 20) + noise of which components 0 and 2 correlate.
  const model = new LinearGaussianModel({
    initialMean: Float64Array.of(0),
    initialCovariance: Float64Array.of(1),
    F: Float64Array.of(1),
    Q: Float64Array.of(1),
    H: Float64Array.of(1, 2, 3),
    R: Float64Array.of(4, 0, 2, 0, 1, 0, 2, 0, 5),
    d: Float64Array.of(0, 10, 20),
  });

  it('regresses a missing component on the state and on the noise of the others', () => {
    const imputed = imputeObservation(model, 0, Float64Array.of(Number.NaN, 13, 27), undefined)!;
    // E[noise_0 | noise_2] = 2/5 noise_2 with noise_2 = 27 - 20 - 3 z; its variance is 4 - 2 * 2 / 5.
    expectClose(imputed.constant, [2.8, 13, 27], 1e-14);
    expectClose(imputed.loadings, [1 - 1.2, 0, 0], 1e-14);
    expectClose(imputed.residual, [Math.sqrt(3.2), 0, 0], 1e-14);
  });

  it('keeps what is observed, and is null where nothing is', () => {
    const { constant, missing } = imputeObservation(model, 0, Float64Array.of(1, 2, 3), undefined)!;
    expect(Array.from(constant)).toEqual([1, 2, 3]);
    expect(missing).toBe(0);
    expect(imputeObservation(model, 0, new Float64Array(3).fill(Number.NaN), undefined)).toBeNull();
  });
});
