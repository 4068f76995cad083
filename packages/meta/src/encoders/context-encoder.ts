import type { AgentPart } from '@maxent/agents';
import type { PolicyDescription, Rng, TaskEncoder } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { Beliefs } from '../beliefs.js';

export interface DescribedEncoder {
  readonly encoder: TaskEncoder;
  readonly tensors: PolicyDescription['tensors'];
}

/** Infers a task from its transitions. */
export interface ContextEncoder extends AgentPart {
  /** The variables to train. */
  readonly variables: readonly tf.Variable[];
  /**
   * The belief about each task; the prior N(0, I) for tasks without a transition. The order of transitions does not
   * matter. Runs in a tidy; differentiable in the variables.
   *
   * @param context rows of transitions, [tasks, transitions, row size].
   */
  infer(context: tf.Tensor3D): Beliefs;
  /** The current encoder for a `PolicyDescription`; its tensors' names begin with `<part>/`. */
  describe(part: string): DescribedEncoder;
  dispose(): void;
}

export interface ContextEncoderOptions {
  /** Length of a row of context. */
  readonly rowSize: number;
  readonly hiddenSizes: readonly number[];
  readonly latentSize: number;
  readonly rng: Rng;
}
