import type { PolicyDescription } from '@maxent/core';

/** pi(. | input) of a policy with dense layers, relu and Discrete actions, in float64. */
export function actionProbs({ layers, tensors }: PolicyDescription, input: ArrayLike<number>): number[] {
  let values = Array.from(input);
  for (const layer of layers) {
    if (layer.type === 'dense') {
      const { data: weight } = tensors[layer.weight]!;
      const bias = Array.from(tensors[layer.bias]!.data);
      values = bias.map((start, j) =>
        values.reduce((sum, value, i) => sum + value * weight[i * bias.length + j]!, start),
      );
    } else if (layer.type === 'activation' && layer.name === 'relu') {
      values = values.map((value) => Math.max(value, 0));
    } else throw new Error(`expected dense and relu layers, got ${layer.type}`);
  }
  const weights = values.map((value) => Math.exp(value - Math.max(...values)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
