import { countOf, fieldsOf, numberOf, oneOf, refuse } from '../file/fields.js';
import { type Builder, refuseLayer, typeOf } from './layers.js';
import type { Slot } from './workspace.js';

/** `CouplingLayer` of @maxent/core: changes `values` in place, given the context. */
export function buildCoupling(
  { tensors }: Builder,
  path: string,
  layer: unknown,
  values: Slot,
  context: Slot,
): () => void {
  const type = typeOf(path, layer);
  if (type !== 'coupling') refuseLayer(path, type);
  const keys = 'type parameters size kept keeps hiddenSize maximumLogScale contextOffset';
  const fields = fieldsOf(path, layer, keys);
  const size = countOf(`${path}.size`, fields.size);
  const kept = countOf(`${path}.kept`, fields.kept, 0);
  const hiddenSize = countOf(`${path}.hiddenSize`, fields.hiddenSize);
  const contextOffset = countOf(`${path}.contextOffset`, fields.contextOffset, 0);
  const limit = numberOf(`${path}.maximumLogScale`, fields.maximumLogScale, 0);
  const keepsFirst = oneOf(`${path}.keeps`, fields.keeps, ['first', 'last']) === 'first';
  if (size !== values.length) refuse(`${path}.size`, `expected ${values.length}, got ${size}`);
  if (kept >= size) refuse(`${path}.kept`, `expected less than ${size}, got ${kept}`);
  if (contextOffset + hiddenSize > context.length) {
    refuse(
      `${path}.contextOffset`,
      `the context has ${context.length} entries, not ${contextOffset + hiddenSize}`,
    );
  }
  const changed = size - kept;
  const { data } = tensors.take(`${path}.parameters`, fields.parameters, 1);
  const count = (kept + 1) * hiddenSize + 2 * changed * (hiddenSize + 1);
  if (data.length !== count) refuse(`${path}.parameters`, `expected ${count} entries, got ${data.length}`);

  const firstKept = keepsFirst ? 0 : changed;
  const firstChanged = keepsFirst ? kept : 0;
  const bias1 = kept * hiddenSize;
  const weight2 = bias1 + hiddenSize;
  const bias2 = weight2 + 2 * changed * hiddenSize;
  const hidden = new Float32Array(hiddenSize);
  /** Row j of W2 hidden + b2. */
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
