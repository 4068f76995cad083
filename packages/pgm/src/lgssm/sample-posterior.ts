import { type Rng, requireCount, requireRng } from '@maxent/core';
import { addNoise } from '../linear-algebra/add-noise.js';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import { BackwardStep } from './backward-step.js';
import type { FilteredLinearGaussian } from './kalman-filter.js';
import type { LinearGaussianModel } from './model.js';
import { requireFiltered } from './series.js';

/**
 * Draws `draws` state sequences from p(z_0 .. z_{T-1} | y), [draws, T, n], by forward filtering and backward sampling
 * (Frühwirth-Schnatter 1994). `filtered` is the result of `kalmanFilter` for the same model.
 */
export function sampleLinearGaussianPosterior(
  model: LinearGaussianModel,
  filtered: FilteredLinearGaussian,
  draws: number,
  rng: Rng,
): Float64Array {
  requireCount('draws', draws);
  requireRng(rng);
  requireFiltered(model, filtered);
  const n = model.stateSize;
  const { filteredMeans, filteredFactors, predictedMeans } = filtered;
  const count = filteredMeans.length / n;
  requireAnswerMemory('draws', draws * count * n, `${draws} paths of ${count} steps and ${n} states`);
  const states = new Float64Array(draws * count * n);
  const backward = new BackwardStep(model);
  const displacement = new Float64Array(n);
  const regression = new Float64Array(n);
  const scratch = new Float64Array(n);
  const noise = new Float64Array(2 * n);
  for (let t = count - 1; t >= 0; t--) {
    if (t < count - 1) backward.prepare(t, filteredFactors);
    for (let draw = 0; draw < draws; draw++) {
      const offset = (draw * count + t) * n;
      const state = states.subarray(offset, offset + n);
      state.set(filteredMeans.subarray(t * n, (t + 1) * n));
      if (t === count - 1) {
        addNoise(state, filteredFactors.subarray(t * n * n), noise, rng);
        continue;
      }
      const next = offset + n;
      for (let i = 0; i < n; i++) displacement[i] = states[next + i]! - predictedMeans[(t + 1) * n + i]!;
      backward.regress(regression, displacement, 1, scratch);
      rng.fillNormal(noise);
      const { joint, rank } = backward;
      for (let i = 0; i < n; i++) {
        let sum = regression[i]!;
        for (let j = rank; j < 2 * n; j++) sum += joint[(n + i) * 2 * n + j]! * noise[j]!;
        state[i]! += sum;
      }
    }
  }
  return states;
}
