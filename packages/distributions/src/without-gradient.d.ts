import * as tf from '@tensorflow/tfjs-core';
/**
 * The value of `compute` as a constant. Comparisons have no gradient in tfjs, not even zero: a mask that is computed
 * from something differentiated would make the whole gradient fail.
 */
export declare function withoutGradient(compute: () => tf.Tensor): tf.Tensor;
//# sourceMappingURL=without-gradient.d.ts.map
