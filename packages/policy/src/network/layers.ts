import type { Rng, ShapedArray } from '@maxent/core';
import { anyFieldsOf, countOf, fieldsOf, listOf, numberOf, oneOf, refuse, textOf } from '../file/fields.js';
import type { Tensors } from '../file/tensors.js';
import { drawIndex, largestOf } from './choose.js';
import type { Activation, Slot, Workspace } from './workspace.js';

/** What a policy's parts are made of, and where. */
export interface Builder {
  readonly tensors: Tensors;
  readonly workspace: Workspace;
}

/** A list of layers that has been checked. `run` computes `output` from what lies in its input; sampling needs an Rng. */
export interface Network {
  readonly output: Slot;
  readonly run: (rng?: Rng) => void;
}

interface Step {
  readonly output: Slot;
  readonly run: (rng?: Rng) => void;
  /** Layers after this one that it does, too. */
  readonly fused?: number;
}

/** A layer that has been read as far as its type. */
interface Site {
  readonly builder: Builder;
  readonly input: Slot;
  readonly path: string;
  readonly layer: unknown;
  /** The one after it. */
  readonly next: unknown;
}

/** Layers that stand in a list; a coupling stands in a flow, a table alone. */
const STEPS: Readonly<Record<string, (site: Site) => Step>> = {
  dense,
  affine,
  normalization,
  activation,
  mixture,
};

/** Checks a list of layers and what they read; throws DamagedDataError for what does not fit. */
export function buildNetwork(builder: Builder, path: string, json: unknown, input: Slot): Network {
  const layers = listOf(path, json);
  const runs: ((rng?: Rng) => void)[] = [];
  let output = input;
  for (let i = 0; i < layers.length; i++) {
    const at = `${path}[${i}]`;
    const type = typeOf(at, layers[i]);
    const build = Object.hasOwn(STEPS, type) ? STEPS[type]! : refuseLayer(at, type);
    const step = build({ builder, input: output, path: at, layer: layers[i], next: layers[i + 1] });
    output = step.output;
    runs.push(step.run);
    i += step.fused ?? 0;
  }
  return {
    output,
    run: (rng) => {
      for (const run of runs) run(rng);
    },
  };
}

/** A layer's type, whether it is known or not. */
export function typeOf(path: string, layer: unknown): string {
  return textOf(`${path}.type`, anyFieldsOf(path, layer).type);
}

export function refuseLayer(path: string, type: string): never {
  if (type === 'coupling') refuse(path, 'a layer of type "coupling" belongs in the flow of a level');
  if (type === 'table') refuse(path, 'a layer of type "table" stands alone, over Discrete observations');
  return refuse(path, `unknown layer "${type.slice(0, 60)}"; it needs a newer @maxent/policy`);
}

function dense({ builder, input, path, layer, next }: Site): Step {
  const fields = fieldsOf(path, layer, 'type weight bias');
  const weight = builder.tensors.take(`${path}.weight`, fields.weight, 2);
  requireSize(`${path}.weight`, weight, input.length);
  const bias = builder.tensors.take(`${path}.bias`, fields.bias, 1);
  requireSize(`${path}.bias`, bias, weight.shape[1]!);
  const following = (next as { readonly type?: unknown; readonly name?: unknown } | undefined) ?? {};
  const fuses = following.type === 'activation' && (following.name === 'relu' || following.name === 'tanh');
  const activation = fuses ? (following.name as Activation) : 'linear';
  return { ...builder.workspace.dense(input, weight, bias, activation), fused: fuses ? 1 : 0 };
}

function affine({ builder, input, path, layer }: Site): Step {
  const fields = fieldsOf(path, layer, 'type scale shift');
  const scale = builder.tensors.take(`${path}.scale`, fields.scale, 1, { shared: true });
  const shift = builder.tensors.take(`${path}.shift`, fields.shift, 1, { shared: true });
  requireSize(`${path}.scale`, scale, input.length);
  requireSize(`${path}.shift`, shift, input.length);
  return map(builder, input, (x, i) => scale.data[i]! * x + shift.data[i]!);
}

function normalization({ builder, input, path, layer }: Site): Step {
  const fields = fieldsOf(path, layer, 'type mean variance epsilon limit');
  const options = { wide: true, shared: true };
  const mean = builder.tensors.take(`${path}.mean`, fields.mean, 1, options);
  const variance = builder.tensors.take(`${path}.variance`, fields.variance, 1, options);
  const epsilon = numberOf(`${path}.epsilon`, fields.epsilon);
  const limit = fields.limit === null ? Infinity : numberOf(`${path}.limit`, fields.limit, 0);
  const size = mean.data.length;
  if (size > input.length) refuse(`${path}.mean`, `expected at most ${input.length} entries, got ${size}`);
  requireSize(`${path}.variance`, variance, size);
  const deviations = Float64Array.from(variance.data, (value, i) =>
    value + epsilon > 0
      ? Math.sqrt(value + epsilon)
      : refuse(`${path}.variance`, `entry ${i} plus epsilon is not above 0`),
  );
  return map(builder, input, (x, i) =>
    i < size ? Math.min(Math.max((x - mean.data[i]!) / deviations[i]!, -limit), limit) : x,
  );
}

function activation({ builder, input, path, layer }: Site): Step {
  const name = oneOf(`${path}.name`, fieldsOf(path, layer, 'type name').name, ['relu', 'tanh', 'elu']);
  const functions = {
    relu: (x: number) => Math.max(x, 0),
    tanh: Math.tanh,
    elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
  };
  return map(builder, input, functions[name]);
}

function mixture({ builder, input, path, layer }: Site): Step {
  const count = countOf(`${path}.components`, fieldsOf(path, layer, 'type components').components);
  const size = input.length / count - 1;
  if (!Number.isInteger(size) || size < 1) {
    refuse(path, `${input.length} entries are not ${count} logits and as many values of one size`);
  }
  const output = builder.workspace.slot(size);
  return {
    output,
    run: (rng) => {
      const { data } = input;
      const logits = data.subarray(0, count);
      const chosen = rng === undefined ? largestOf(logits) : drawIndex(rng, logits, 1);
      const start = count + chosen * size;
      output.data.set(data.subarray(start, start + size));
    },
  };
}

function map({ workspace }: Builder, input: Slot, f: (x: number, i: number) => number): Step {
  const output = workspace.slot(input.length);
  return {
    output,
    run: () => {
      for (let i = 0; i < input.length; i++) output.data[i] = f(input.data[i]!, i);
    },
  };
}

/** Throws DamagedDataError unless the first dimension is `size`. */
export function requireSize(path: string, { shape }: ShapedArray, size: number): void {
  if (shape[0] !== size) refuse(path, `expected ${size} rows, got the shape [${shape.join(', ')}]`);
}
