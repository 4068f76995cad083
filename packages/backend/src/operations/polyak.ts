import * as tf from '@tensorflow/tfjs-core';
import { fusedKernels } from '../kernels/fused-kernels.js';
import { runInPlace } from '../native/in-place.js';
import { nativeCompositions } from '../native/native-backend.js';
import { checkSameShape } from './check-shape.js';

/**
 * Moves `target` towards `source`, in place: target += tau (source - target).
 *
 * @param tau 0 leaves the target alone, 1 copies the source.
 * @throws InvalidInputError if the shapes differ.
 */
export function polyakStep(target: tf.Variable, source: tf.Tensor, tau: number): void {
  checkSameShape('source', source, target);
  const kernels = fusedKernels();
  if (kernels !== undefined) {
    kernels.run.polyak(kernels.addressForUpdate(target), kernels.address(source), target.size, tau);
    return;
  }
  const native = nativeCompositions();
  if (native !== undefined) {
    tf.tidy(() =>
      runInPlace(native, {
        name: 'ResourceApplyGradientDescent',
        variables: [target],
        inputs: [tf.scalar(tau), tf.sub(target, source)],
      }),
    );
    return;
  }
  tf.tidy(() => target.assign(tf.add(target, tf.mul(tf.sub(source, target), tau))));
}
