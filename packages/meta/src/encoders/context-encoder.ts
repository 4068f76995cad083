import type { AgentPart } from '@maxent/agents';
import type { PolicyDescription, Rng, TaskEncoder } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { Beliefs } from '../beliefs.js';

export interface DescribedEncoder {
  readonly encoder: TaskEncoder;
  readonly tensors: PolicyDescription['tensors'];
}

/** What infers a task from transitions of it. */
export interface ContextEncoder extends AgentPart {
  /** What is trained. */
  readonly variables: readonly tf.Variable[];
  /**
   * What is believed of each task; the prior N(0, I) of tasks without a transition. The order of transitions does not
   * matter. Runs in a tidy; differentiable in the variables.
   *
   * @param context rows of transitions, [tasks, transitions, row size].
   */
  infer(context: tf.Tensor3D): Beliefs;
  /** As it is now, with its tensors' names behind `<part>/`; for a `PolicyDescription`. */
  describe(part: string): DescribedEncoder;
  dispose(): void;
}

export interface ContextEncoderOptions {
  /** Numbers that a transition is encoded from. */
  readonly rowSize: number;
  readonly hiddenSizes: readonly number[];
  readonly latentSize: number;
  readonly rng: Rng;
}
