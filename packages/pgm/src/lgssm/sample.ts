import { type Rng, requireRng } from '@maxent/core';
import { addNoise } from '../linear-algebra/add-noise.js';
import { multiply } from '../linear-algebra/multiply.js';
import { addObservationEffects, addTransitionEffects } from './effects.js';
import { atTime, type LinearGaussianModel } from './model.js';
import { type LinearGaussianSeriesOptions, requireSteps } from './series.js';

/** One draw of states and observations. */
export interface LinearGaussianSample {
  /** [steps, n] */
  readonly states: Float64Array;
  /** [steps, m] */
  readonly observations: Float64Array;
}

/**
 * Draws z_0 .. z_{steps-1} and their observations from the model. `inputs` is [steps, k]. Throws InvalidInputError if
 * inputs or parameters that vary over time end too early.
 */
export function sampleLinearGaussian(
  model: LinearGaussianModel,
  steps: number,
  rng: Rng,
  options: LinearGaussianSeriesOptions = {},
): LinearGaussianSample {
  requireRng(rng);
  requireSteps(model, steps, 0, options);
  const n = model.stateSize;
  const m = model.observationSize;
  const k = model.inputSize;
  const { F, H, initialMean } = model.parameters;
  const states = new Float64Array(steps * n);
  const observations = new Float64Array(steps * m);
  const noise = new Float64Array(Math.max(n, m));
  for (let t = 0; t < steps; t++) {
    const state = states.subarray(t * n, (t + 1) * n);
    if (t === 0) {
      state.set(initialMean);
      addNoise(state, model.factors.initialCovariance, noise, rng);
    } else {
      multiply(state, atTime(F, t - 1), states.subarray((t - 1) * n, t * n), n, n, 1);
      addTransitionEffects(state, model, t - 1, options.inputs, (t - 1) * k);
      addNoise(state, atTime(model.factors.Q, t - 1), noise, rng);
    }
    const observation = observations.subarray(t * m, (t + 1) * m);
    multiply(observation, atTime(H, t), state, m, n, 1);
    addObservationEffects(observation, model, t, options.inputs, t * k);
    addNoise(observation, atTime(model.factors.R, t), noise, rng);
  }
  return { states, observations };
}
