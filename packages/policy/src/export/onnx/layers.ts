import type { CouplingLayer, PolicyLayer, ShapedArray } from '@maxent/core';
import type { Graph, Value } from './graph.js';

/** A value of shape [batch, size]. */
export interface Rows {
  readonly value: Value;
  readonly size: number;
}

export type Tensors = Readonly<Record<string, ShapedArray>>;

/** Writes the layers of a checked policy as nodes. */
export function applyLayers(
  graph: Graph,
  tensors: Tensors,
  layers: readonly PolicyLayer[],
  input: Rows,
): Rows {
  return layers.reduce((rows, layer) => applyLayer(graph, tensors, layer, rows), input);
}

function applyLayer(graph: Graph, tensors: Tensors, layer: PolicyLayer, { value, size }: Rows): Rows {
  switch (layer.type) {
    case 'dense': {
      const weight = tensors[layer.weight]!;
      const bias = tensors[layer.bias]!;
      const constants = [weight, bias].map(({ data, shape }) => graph.floats(data, shape));
      return { value: graph.apply('Gemm', [value, ...constants]), size: bias.data.length };
    }
    case 'affine': {
      const [scale, shift] = [tensors[layer.scale]!, tensors[layer.shift]!];
      const scaled = graph.apply('Mul', [value, graph.floats(scale.data, [size])]);
      return { value: graph.apply('Add', [scaled, graph.floats(shift.data, [size])]), size };
    }
    case 'normalization': {
      const mean = tensors[layer.mean]!.data;
      const scale = Array.from(tensors[layer.variance]!.data, (v) => 1 / Math.sqrt(v + layer.epsilon));
      /** Entries outside the range of the statistics pass unchanged. */
      const whole = (part: ArrayLike<number>, rest: number) =>
        graph.floats(
          Array.from({ length: size }, (_, i) => part[i - layer.from] ?? rest),
          [size],
        );
      const centered = graph.apply('Sub', [value, whole(mean, 0)]);
      const scaled = graph.apply('Mul', [centered, whole(scale, 1)]);
      if (layer.limit === null) return { value: scaled, size };
      const limits = Array.from(mean, () => layer.limit!);
      const above = graph.apply('Min', [scaled, whole(limits, Infinity)]);
      const below = limits.map((limit) => -limit);
      return { value: graph.apply('Max', [above, whole(below, -Infinity)]), size };
    }
    case 'activation': {
      const operator = { relu: 'Relu', tanh: 'Tanh', elu: 'Elu' }[layer.name];
      return { value: graph.apply(operator, [value]), size };
    }
    case 'mixture': {
      const count = layer.components;
      const each = size / count - 1;
      const chosen = graph.apply('ArgMax', [graph.columns(value, 0, count)], { axis: 1, keepdims: 1 });
      const values = graph.apply('Reshape', [
        graph.columns(value, count, size),
        graph.integers([-1, count, each]),
      ]);
      return { value: pickRow(graph, values, chosen, count), size: each };
    }
    default:
      throw new Error(`a layer of type ${layer.type} cannot be in a list of layers`);
  }
}

/** Picks from [batch, count, size] the rows with the indices [batch, 1]; returns [batch, size]. */
export function pickRow(graph: Graph, values: Value, index: Value, count: number): Value {
  const all = graph.integers(
    Array.from({ length: count }, (_, i) => i),
    [1, count],
  );
  const mask = graph.apply('Cast', [graph.apply('Equal', [index, all])], { to: 1 });
  const masked = graph.apply('Mul', [values, graph.apply('Unsqueeze', [mask, graph.integers([2])])]);
  return graph.apply('ReduceSum', [masked, graph.integers([1])], { keepdims: 0 });
}

/** A layer of a flow, as defined by core's `CouplingLayer`. */
export function applyCoupling(
  graph: Graph,
  tensors: Tensors,
  layer: CouplingLayer,
  value: Value,
  context: Value,
): Value {
  const { size, kept, keeps, hiddenSize, contextOffset, maximumLogScale } = layer;
  const { data } = tensors[layer.parameters]!;
  const changed = size - kept;
  let at = 0;
  const next = (...shape: number[]): Value => {
    const length = shape.reduce((product, each) => product * each, 1);
    at += length;
    return graph.floats(data.subarray(at - length, at), shape);
  };
  const first = keeps === 'first';
  const keptPart = first ? graph.columns(value, 0, kept) : graph.columns(value, changed, size);
  const changedPart = first ? graph.columns(value, kept, size) : graph.columns(value, 0, changed);
  const own = graph.columns(context, contextOffset, contextOffset + hiddenSize);
  const sum =
    kept === 0
      ? graph.apply('Add', [own, next(hiddenSize)])
      : graph.apply('Add', [own, graph.apply('Gemm', [keptPart, next(kept, hiddenSize), next(hiddenSize)])]);
  const head = graph.apply(
    'Gemm',
    [graph.apply('Tanh', [sum]), next(2 * changed, hiddenSize), next(2 * changed)],
    { transB: 1 },
  );
  const limit = graph.floats([maximumLogScale], [1]);
  const share = graph.apply('Tanh', [graph.apply('Div', [graph.columns(head, 0, changed), limit])]);
  const scale = graph.apply('Exp', [graph.apply('Mul', [share, limit])]);
  const moved = graph.apply('Add', [
    graph.apply('Mul', [changedPart, scale]),
    graph.columns(head, changed, 2 * changed),
  ]);
  if (kept === 0) return moved;
  return graph.apply('Concat', first ? [keptPart, moved] : [moved, keptPart], { axis: 1 });
}
