import { type Snapshot } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
export interface AdamOptions {
  readonly learningRate: number;
  /** Decay of the first moment, default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the corrected second moment, default 1e-8. */
  readonly epsilon?: number | undefined;
  /** When given, gradients are first scaled down so that the norm of all of them together is at most this. */
  readonly maxGradientNorm?: number | undefined;
}
/**
 * Adam (Kingma and Ba 2015, algorithm 1), in place, in the form PyTorch uses too: the bias corrections are applied
 * to the moments and `epsilon` is added after the root. It owns its moments, not the variables.
 *
 * @throws InvalidInputError if there are no variables or an option is out of range.
 */
export declare class Adam {
  private readonly slots;
  private readonly options;
  /** Present when clipping: the latest norm, left on the device until somebody asks. */
  private readonly norm;
  private stepsTaken;
  constructor(variables: readonly tf.Variable[], options: AdamOptions);
  /** Number of steps taken. */
  get steps(): number;
  /**
   * Changes the variables by one step. The gradients stay the caller's, to dispose.
   *
   * @param gradients one for each variable, in the constructor's order.
   * @throws InvalidInputError if their number or a shape is wrong; nothing is changed then.
   */
  step(gradients: readonly tf.Tensor[]): void;
  /**
   * The global norm of the latest step's gradients before clipping. Waits for the device: call it when logging.
   *
   * @throws InvalidStateError without `maxGradientNorm`, or before the first step.
   */
  gradientNorm(): number;
  /** The moments and the step count; the variables and options are not part of it. */
  save(): Snapshot;
  /** @throws SnapshotMismatchError if the snapshot is not one of an Adam over variables of these shapes. */
  load(snapshot: Snapshot): void;
  /** Frees the moments. */
  dispose(): void;
  private clip;
  private checkGradients;
}
//# sourceMappingURL=adam.d.ts.map
