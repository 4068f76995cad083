import { isDiscrete, type Rng, type Space } from '@maxent/core';
import type { Field } from '../file/field.js';
import type { Tensors } from '../file/tensors.js';
import { largestOf, softmax } from './choose.js';
import type { Slot, Workspace } from './workspace.js';

/** What a policy's parts are built from. */
export interface Builder {
  readonly observationSpace: Space<unknown>;
  readonly tensors: Tensors;
  readonly workspace: Workspace;
}

/** A checked list of layers. `run` computes `output` from its input slot; sampling needs an Rng. */
export interface Network {
  readonly output: Slot;
  readonly run: (rng?: Rng) => void;
}

interface Step extends Network {
  /** Whether this step also computes the next layer. */
  readonly fused?: boolean;
}

/** A layer of which only the type has been read. */
interface Site {
  readonly builder: Builder;
  readonly input: Slot;
  readonly layer: Field;
  /** The next layer. */
  readonly next: Field | undefined;
}

/** The layers that can be in a list; a coupling can only be in a flow. */
const STEPS: Readonly<Record<string, (site: Site) => Step>> = {
  dense,
  affine,
  normalization,
  activation,
  mixture,
  table,
};

/** Checks a list of layers, their tensors and, if given, the number of outputs. Throws DamagedDataError. */
export function buildNetwork(builder: Builder, list: Field, input: Slot, outputs?: number): Network {
  const layers = list.list();
  const runs: ((rng?: Rng) => void)[] = [];
  let output = input;
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]!;
    const step = layer.pick(STEPS)({ builder, input: output, layer, next: layers[i + 1] });
    output = step.output;
    runs.push(step.run);
    if (step.fused) i += 1;
  }
  list.require(output.length === (outputs ?? output.length), `${outputs} outputs`, output.length);
  return {
    output,
    run: (rng) => {
      for (const run of runs) run(rng);
    },
  };
}

function dense({ builder, input, layer, next }: Site): Step {
  const fields = layer.fields('type weight bias');
  const weight = builder.tensors.take(fields.weight, 2, input.length);
  const bias = builder.tensors.take(fields.bias, 1, weight.shape[1]);
  const name = next?.at('type').value === 'activation' ? next.fields('type name').name.value : undefined;
  const fused = name === 'relu' || name === 'tanh';
  return { ...builder.workspace.dense(input, weight, bias, fused ? name : undefined), fused };
}

function affine({ builder, input, layer }: Site): Step {
  const fields = layer.fields('type scale shift');
  const { data: scale } = builder.tensors.take(fields.scale, 1, input.length, 'shared');
  const { data: shift } = builder.tensors.take(fields.shift, 1, input.length, 'shared');
  return map(builder, input, (x, i) => scale[i]! * x + shift[i]!);
}

function normalization({ builder, input, layer }: Site): Step {
  const fields = layer.fields('type mean variance epsilon limit from');
  const { data: mean } = builder.tensors.take(fields.mean, 1, undefined, 'wide shared');
  const { data } = builder.tensors.take(fields.variance, 1, mean.length, 'wide shared');
  const epsilon = fields.epsilon.number();
  const limit = fields.limit.value === null ? Infinity : fields.limit.number(0);
  const scale = Float64Array.from(data, (value) => 1 / Math.sqrt(value + epsilon));
  fields.variance.require(scale.every(Number.isFinite), 'variances above -epsilon', data);
  const from = fields.from.count(0);
  const end = from + mean.length;
  fields.from.require(end <= input.length, `at most ${input.length - mean.length}`);
  return map(builder, input, (x, i) =>
    i < from || i >= end ? x : Math.min(Math.max((x - mean[i - from]!) * scale[i - from]!, -limit), limit),
  );
}

function activation({ builder, input, layer }: Site): Step {
  const name = layer.fields('type name').name.choice('relu', 'tanh', 'elu');
  const functions = {
    relu: (x: number) => Math.max(x, 0),
    tanh: Math.tanh,
    elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
  };
  return map(builder, input, functions[name]);
}

function mixture({ builder, input, layer }: Site): Step {
  const { components } = layer.fields('type components');
  const count = components.count();
  const size = input.length / count - 1;
  components.require(Number.isInteger(size) && size > 0, `logits and values in ${input.length} entries`);
  const output = builder.workspace.slot(size);
  return {
    output,
    run: (rng) => {
      const { data } = input;
      const logits = data.subarray(0, count);
      const chosen = rng === undefined ? largestOf(logits) : rng.categorical(softmax(logits));
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

/** A table keeps double precision, so that its actions are exactly the agent's. Only a head may read it. */
function table({ builder, input, layer, next }: Site): Step {
  const { observationSpace } = builder;
  const alone = isDiscrete(observationSpace) && input.length === observationSpace.flatSize;
  layer.require(alone && next === undefined, 'to stand alone, over Discrete observations');
  const { shape, data } = builder.tensors.take(layer.fields('type values').values, 2, input.length, 'wide');
  const size = shape[1]!;
  const output = { length: size, data: data as Float32Array };
  return {
    output,
    run: () => {
      const start = input.data.indexOf(1) * size;
      output.data = (data as Float32Array).subarray(start, start + size);
    },
  };
}
