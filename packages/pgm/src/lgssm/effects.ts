import { atTime, type LinearGaussianModel, type TimeVarying } from './model.js';

/** Adds the effect of inputs and offset on the next state, B u_t + b, with u_t at `inputs[inputOffset]`. */
export function addTransitionEffects(
  state: Float64Array,
  model: LinearGaussianModel,
  t: number,
  inputs: Float64Array | undefined,
  inputOffset: number,
): void {
  const { B, b } = model.parameters;
  addEffects(state, B, b, model.inputSize, t, inputs, inputOffset);
}

/** Adds the effect of inputs and offset on the observation, D u_t + d, with u_t at `inputs[inputOffset]`. */
export function addObservationEffects(
  observation: Float64Array,
  model: LinearGaussianModel,
  t: number,
  inputs: Float64Array | undefined,
  inputOffset: number,
): void {
  const { D, d } = model.parameters;
  addEffects(observation, D, d, model.inputSize, t, inputs, inputOffset);
}

function addEffects(
  out: Float64Array,
  inputMatrix: TimeVarying | undefined,
  offsets: TimeVarying | undefined,
  inputSize: number,
  t: number,
  inputs: Float64Array | undefined,
  inputOffset: number,
): void {
  if (offsets !== undefined) {
    const offset = atTime(offsets, t);
    for (let i = 0; i < out.length; i++) out[i]! += offset[i]!;
  }
  if (inputMatrix !== undefined) {
    const matrix = atTime(inputMatrix, t);
    for (let i = 0; i < out.length; i++) {
      for (let j = 0; j < inputSize; j++) out[i]! += matrix[i * inputSize + j]! * inputs![inputOffset + j]!;
    }
  }
}
