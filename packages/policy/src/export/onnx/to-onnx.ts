import {
  type Box,
  type Discrete,
  decodeSafetensors,
  type FlowHead,
  type ImplicitHead,
  InvalidInputError,
  isDiscrete,
  type PolicyDescription,
} from '@maxent/core';
import { readPolicy } from '../../file/read-policy.js';
import { onnxProblem } from '../formats.js';
import { Graph, type Value } from './graph.js';
import { applyCoupling, applyLayers, pickRow, type Rows, type Tensors } from './layers.js';

/** A policy that is being written as nodes. */
interface Site {
  readonly graph: Graph;
  readonly tensors: Tensors;
  readonly description: Pick<PolicyDescription, 'layers' | 'head' | 'task'>;
  readonly actionSpace: unknown;
  /** The observation and the task, [batch, size]. */
  readonly state: Rows;
}

/**
 * Converts a policy file into an ONNX model (operator set 13) of its deterministic action. Inputs: `observation`, the
 * flattened observation, float32 [batch, size], or int64 [batch] for a table; and, for a policy that acts on a task,
 * `task`, float32 [batch, size]. Output: `action`, float32 [batch, size] within the bounds, or int64 [batch].
 *
 * Throws DamagedDataError for bytes that are not a policy file, InvalidInputError for a policy that ONNX cannot
 * express.
 */
export function toOnnx(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { observationSpace, actionSpace, taskSize } = readPolicy(bytes);
  // readPolicy has already checked it.
  const { tensors, metadata } = decodeSafetensors(bytes);
  const description: Site['description'] = JSON.parse(metadata.policy!);
  const problem = onnxProblem(description);
  if (problem !== undefined) throw new InvalidInputError('--to', `onnx: ${problem}`);
  const graph = new Graph();
  const table = description.layers[0];
  if (table?.type === 'table') {
    writeTable(graph, tensors[table.values]!.data, actionSpace as unknown as Discrete);
    return graph.finish('maxent');
  }
  const observation = graph.input('observation', [observationSpace.flatSize]);
  const size = observationSpace.flatSize + taskSize;
  const value =
    taskSize === 0
      ? observation
      : graph.apply('Concat', [observation, graph.input('task', [taskSize])], { axis: 1 });
  const site = { graph, tensors, description, actionSpace, state: { value, size } };
  if (isDiscrete(actionSpace)) {
    const values = applyLayers(graph, tensors, description.layers, site.state);
    graph.output('action', graph.apply('ArgMax', [values.value], { axis: 1, keepdims: 0 }), 'index');
  } else {
    graph.output('action', actionOf(site), [actionSpace.flatSize]);
  }
  return graph.finish('maxent');
}

/** The best action of every state is computed in advance, in the table's own precision. */
function writeTable(graph: Graph, values: ArrayLike<number>, { count }: Discrete): void {
  const best = Array.from({ length: values.length / count }, (_, state) => {
    let chosen = 0;
    for (let a = 1; a < count; a++) {
      if (values[state * count + a]! > values[state * count + chosen]!) chosen = a;
    }
    return chosen;
  });
  const index = graph.indexInput('observation');
  graph.output('action', graph.apply('Gather', [graph.integers(best), index], { axis: 0 }), 'index');
}

function actionOf(site: Site): Value {
  const { graph, tensors, description, actionSpace, state } = site;
  const { head, layers } = description;
  const space = actionSpace as Box;
  const size = space.flatSize;
  if (head.type === 'squashed-gaussian') {
    const { value } = applyLayers(graph, tensors, layers, state);
    return scaled(graph, graph.apply('Tanh', [graph.columns(value, 0, size)]), space);
  }
  if (head.type === 'implicit') return scaled(graph, mostValuable(site, head, size), space);
  const mapped = throughLevels(site, head as FlowHead, size);
  return (head as FlowHead).squashed ? scaled(graph, graph.apply('Tanh', [mapped]), space) : mapped;
}

/** Scales from (-1, 1) to the bounds. */
function scaled(graph: Graph, cube: Value, { low, high }: Box): Value {
  const shape = [low.length];
  const center = graph.floats(
    low.map((bound, i) => (bound + high[i]!) / 2),
    shape,
  );
  const half = graph.floats(
    low.map((bound, i) => (high[i]! - bound) / 2),
    shape,
  );
  const action = graph.apply('Add', [graph.apply('Mul', [cube, half]), center]);
  const below = graph.apply('Min', [action, graph.floats(high, shape)]);
  return graph.apply('Max', [below, graph.floats(low, shape)]);
}

/** Zeros for every row of the batch, [batch, 1]. */
function zeroRows({ graph, state }: Site): Value {
  const zeros = graph.apply('Mul', [state.value, graph.floats([0], [1])]);
  return graph.apply('ReduceSum', [zeros, graph.integers([1])], { keepdims: 1 });
}

/** Computes an action for each row of noise and picks the one with the largest value, [batch, size]. */
function mostValuable(site: Site, { noise: name, critics }: ImplicitHead, size: number): Value {
  const { graph, tensors, description, state } = site;
  const { data, shape } = tensors[name]!;
  const count = shape[0]!;
  const perState = (rows: Value, columns: number) =>
    graph.apply('Reshape', [rows, graph.integers([-1, columns])]);
  const zeros = graph.apply('Unsqueeze', [zeroRows(site), graph.integers([2])]);
  const noise = perState(graph.apply('Add', [zeros, graph.floats(data, [1, count, size])]), size);
  const repeated = graph.apply('Add', [
    graph.apply('Unsqueeze', [state.value, graph.integers([1])]),
    graph.floats(new Float32Array(count * state.size), [1, count, state.size]),
  ]);
  const states = perState(repeated, state.size);
  const input = (columns: Value): Rows => ({
    value: graph.apply('Concat', [states, columns], { axis: 1 }),
    size: state.size + size,
  });
  const drawn = applyLayers(graph, tensors, description.layers, input(noise));
  const actions = graph.apply('Tanh', [graph.apply('Add', [noise, drawn.value])]);
  const pairs = input(actions);
  const values = critics.map((critic) => applyLayers(graph, tensors, critic, pairs).value);
  const smallest = perState(graph.apply('Min', values), count);
  const best = graph.apply('ArgMax', [smallest], { axis: 1, keepdims: 1 });
  const byState = graph.apply('Reshape', [actions, graph.integers([-1, count, size])]);
  return pickRow(graph, byState, best, count);
}

/** Passes the latent 0 from the top through every level. */
function throughLevels(site: Site, { levels }: FlowHead, size: number): Value {
  const { graph, tensors, state } = site;
  const start = graph.apply('Mul', [zeroRows(site), graph.floats(new Float32Array(size), [1, size])]);
  return levels.reduceRight((value, { layers, flow, sees }) => {
    const seen =
      sees === null
        ? state
        : { value: graph.columns(state.value, sees.from, sees.to), size: sees.to - sees.from };
    const context = applyLayers(graph, tensors, layers, seen).value;
    return flow.reduce((mapped, layer) => applyCoupling(graph, tensors, layer, mapped, context), value);
  }, start);
}
