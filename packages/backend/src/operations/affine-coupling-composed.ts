import * as tf from '@tensorflow/tfjs-core';
import type { AffineCouplingCall, CouplingResult } from './affine-coupling.js';

/** `affineCoupling` in tfjs operations. Every backend can run it; the fused kernel is tested against it. */
export function composedAffineCoupling({
  x,
  parameters,
  spec,
  context,
  contextOffset,
  inverse,
}: AffineCouplingCall): CouplingResult {
  const { size, kept, keeps, hiddenSize, maximumLogScale } = spec;
  const [batch] = x.shape;
  const changed = size - kept;
  let offset = 0;
  const take = (rows: number, columns: number): tf.Tensor2D => {
    const part = tf.reshape(tf.slice(parameters, [offset], [rows * columns]), [rows, columns]);
    offset += rows * columns;
    return part as tf.Tensor2D;
  };
  const columns = (from: number, count: number) => tf.slice(x, [0, from], [batch, count]);
  const keptValues = kept === 0 ? undefined : columns(keeps === 'first' ? 0 : changed, kept);
  const values = columns(keeps === 'first' ? kept : 0, changed);

  const fromKept = keptValues && tf.matMul(keptValues, take(kept, hiddenSize));
  let hidden: tf.Tensor = tf.add(tf.zeros([batch, hiddenSize]), take(1, hiddenSize));
  if (fromKept !== undefined) hidden = tf.add(hidden, fromKept);
  if (context !== undefined) {
    hidden = tf.add(hidden, tf.slice(context, [0, contextOffset], [batch, hiddenSize]));
  }
  const head = tf.add(
    tf.matMul(tf.tanh(hidden) as tf.Tensor2D, take(2 * changed, hiddenSize), false, true),
    take(1, 2 * changed),
  );
  const raw = tf.slice(head, [0, 0], [batch, changed]);
  const shift = tf.slice(head, [0, changed], [batch, changed]);
  const logScale = tf.mul(tf.tanh(tf.div(raw, maximumLogScale)), maximumLogScale);
  const mapped = inverse
    ? tf.mul(tf.sub(values, shift), tf.exp(tf.neg(logScale)))
    : tf.add(tf.mul(values, tf.exp(logScale)), shift);
  const total = tf.sum(logScale, 1) as tf.Tensor1D;
  const parts =
    keptValues === undefined ? [mapped] : keeps === 'first' ? [keptValues, mapped] : [mapped, keptValues];
  return { y: tf.concat(parts, 1) as tf.Tensor2D, logDet: inverse ? tf.neg(total) : total };
}
