import { type Rng, requireCount, requireRng } from '@maxent/core';
import { requireAnswerMemory } from '../numerics/require-answer-memory.js';
import { type EmittingHiddenMarkovModel, type HmmEmission, requireEmission } from './emission.js';
import { readModel } from './model.js';

/** One draw of states and observations. */
export interface HmmSample {
  /** [steps] */
  readonly states: Int32Array;
  /** Symbols or numbers, [steps]. */
  readonly observations: Float64Array;
}

/**
 * Draws z_0 .. z_{steps-1} and their observations from the model. Throws InvalidInputError for an invalid model, and if
 * a time-varying transition has fewer than `steps - 1` matrices.
 */
export function sampleHmm(model: EmittingHiddenMarkovModel, steps: number, rng: Rng): HmmSample {
  requireCount('steps', steps);
  requireRng(rng);
  requireAnswerMemory('steps', 2 * steps, `${steps} steps`);
  const chain = readModel(model, steps - 1);
  requireEmission(model.emission, chain.stateCount);
  const states = new Int32Array(steps);
  const observations = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    if (t === 0) {
      states[t] = rng.categorical(chain.initial);
    } else {
      const { rowOffsets, columns, values } = chain.transitionAt(t - 1);
      const start = rowOffsets[states[t - 1]!]!;
      const end = rowOffsets[states[t - 1]! + 1]!;
      states[t] = columns[start + rng.categorical(values.subarray(start, end))]!;
    }
    observations[t] = emit(model.emission, states[t]!, rng);
  }
  return { states, observations };
}

function emit(emission: HmmEmission, state: number, rng: Rng): number {
  if (emission.kind === 'gaussian') return rng.normal(emission.means[state]!, emission.stds[state]!);
  const { symbolCount, probs } = emission;
  return rng.categorical(probs.subarray(state * symbolCount, (state + 1) * symbolCount));
}
