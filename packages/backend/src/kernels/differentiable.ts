import * as tf from '@tensorflow/tfjs-core';

type Gradients = Record<string, () => tf.Tensor>;

interface DifferentiableCall {
  readonly inputs: Record<string, tf.Tensor>;
  /** Computes the outputs; `save` keeps tensors for the backward pass. */
  readonly forwardFunc: (
    backend: tf.KernelBackend,
    save: (tensors: tf.Tensor[]) => void,
  ) => tf.Tensor | tf.Tensor[];
  /** Returns one function per input; the tape calls the ones whose gradient it needs. */
  readonly backwardsFunc: (dy: tf.Tensor & tf.Tensor[], saved: tf.Tensor[]) => Gradients;
}

interface TapeEngine {
  runKernelFunc(call: DifferentiableCall): tf.Tensor | tf.Tensor[];
  isTapeOn(): boolean;
  readonly state: { gradientDepth: number; activeTape: unknown };
}

function engine(): TapeEngine {
  return tf.engine() as unknown as TapeEngine;
}

/** Whether operations are being recorded for a gradient. */
export function isRecording(): boolean {
  return engine().isTapeOn();
}

/**
 * Whether a gradient of a gradient is being recorded. The fused backward passes are invisible to the tape, so the
 * composed operations must be used then.
 */
export function isRecordingHigherOrder(): boolean {
  return engine().state.gradientDepth > 1;
}

/**
 * Records one operation with a gradient function per input. `tf.customGrad` would compute the gradients of all
 * inputs, needed or not. A registered kernel would have to return what it saves as further outputs, and the tape
 * makes a gradient of zeros for each of those.
 */
export function recordDifferentiable(call: DifferentiableCall): tf.Tensor | tf.Tensor[] {
  return engine().runKernelFunc(call);
}

/**
 * Runs `compute` in a tidy, as if no gradient were being recorded: the tensors that it returns, which must be new, are
 * constants for gradients, and gradients that it computes itself are of first order. A mask needs this too: in tfjs,
 * comparisons have no gradient, not even zero, so one of something differentiated would make the whole gradient fail.
 */
export function withoutGradient<T>(compute: () => T): T {
  const { state } = engine();
  const { gradientDepth, activeTape } = state;
  Object.assign(state, { gradientDepth: 0, activeTape: null });
  try {
    // `tf.tidy` finds tensors in any arrays and objects; its type does not say so.
    return tf.tidy(compute as () => tf.TensorContainer) as T;
  } finally {
    Object.assign(state, { gradientDepth, activeTape });
  }
}
