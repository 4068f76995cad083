import type { Field } from '../file/field.js';
import type { Builder } from './layers.js';
import type { Slot } from './workspace.js';

/** `CouplingLayer` of @maxent/core: changes `values` in place, given the context. */
export function buildCoupling({ tensors }: Builder, layer: Field, values: Slot, context: Slot): () => void {
  layer.at('type').choice('coupling');
  const fields = layer.fields('type parameters size kept keeps hiddenSize maximumLogScale contextOffset');
  const size = fields.size.count();
  const kept = fields.kept.count(0);
  const hiddenSize = fields.hiddenSize.count();
  const contextOffset = fields.contextOffset.count(0);
  const limit = fields.maximumLogScale.number(Number.MIN_VALUE);
  const keepsFirst = fields.keeps.choice('first', 'last') === 'first';
  fields.size.require(size === values.length, `${values.length}`);
  fields.kept.require(kept < size, `less than ${size}`);
  fields.contextOffset.require(
    contextOffset + hiddenSize <= context.length,
    `at most ${context.length - hiddenSize}`,
  );
  const changed = size - kept;
  const count = (kept + 1) * hiddenSize + 2 * changed * (hiddenSize + 1);
  const { data } = tensors.take(fields.parameters, 1, count);

  const firstKept = keepsFirst ? 0 : changed;
  const firstChanged = keepsFirst ? kept : 0;
  const bias1 = kept * hiddenSize;
  const weight2 = bias1 + hiddenSize;
  const bias2 = weight2 + 2 * changed * hiddenSize;
  const hidden = new Float32Array(hiddenSize);
  /** Entry j of W2 hidden + b2. */
  const output = (j: number): number => {
    let sum = data[bias2 + j]!;
    for (let k = 0; k < hiddenSize; k++) sum += data[weight2 + j * hiddenSize + k]! * hidden[k]!;
    return sum;
  };
  return () => {
    const x = values.data;
    for (let k = 0; k < hiddenSize; k++) {
      let sum = data[bias1 + k]! + context.data[contextOffset + k]!;
      for (let i = 0; i < kept; i++) sum += x[firstKept + i]! * data[i * hiddenSize + k]!;
      hidden[k] = Math.tanh(sum);
    }
    for (let j = 0; j < changed; j++) {
      const scale = Math.exp(limit * Math.tanh(output(j) / limit));
      x[firstChanged + j] = x[firstChanged + j]! * scale + output(changed + j);
    }
  };
}
