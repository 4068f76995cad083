import { isDiscrete, type Rng } from '@maxent/core';
import { fieldsOf, numberOf, refuse } from '../file/fields.js';
import { drawIndex, largestOf } from '../network/choose.js';
import { buildNetwork, requireSize, typeOf } from '../network/layers.js';
import type { Slot } from '../network/workspace.js';
import type { Head, HeadSite } from './head.js';

interface ActionValues {
  readonly size: number;
  readonly read: (rng: Rng | undefined) => Float32Array | Float64Array;
}

/** `CategoricalHead` of @maxent/core. */
export function categorical(site: HeadSite): Head {
  const { builder, head, layers, stateSize, actionSpace } = site;
  const temperature = numberOf('head.temperature', fieldsOf('head', head, 'type temperature').temperature);
  if (temperature < 0) refuse('head.temperature', `expected at least 0, got ${temperature}`);
  if (!isDiscrete(actionSpace)) refuse('actionSpace', `expected a Discrete space, got ${actionSpace}`);
  const input = builder.workspace.slot(stateSize);
  const isTable = Array.isArray(layers) && layers.length === 1 && typeOf('layers[0]', layers[0]) === 'table';
  const values = isTable ? rowsOf(site, layers[0], input) : outputsOf(site, input);
  if (values.size !== actionSpace.flatSize) {
    refuse('layers', `expected ${actionSpace.flatSize} outputs for ${actionSpace}, got ${values.size}`);
  }
  return {
    input,
    act: (rng) => {
      const seen = values.read(rng);
      return rng === undefined ? largestOf(seen) : drawIndex(rng, seen, temperature);
    },
  };
}

function outputsOf({ builder, layers }: HeadSite, input: Slot): ActionValues {
  const { output, run } = buildNetwork(builder, 'layers', layers, input);
  return {
    size: output.length,
    read: (rng) => {
      run(rng);
      return output.data;
    },
  };
}

/** A table keeps its double precision: its actions are exactly the agent's. */
function rowsOf(
  { builder, observationSpace, stateSize }: HeadSite,
  layer: unknown,
  input: Slot,
): ActionValues {
  const path = 'layers[0]';
  if (!isDiscrete(observationSpace))
    refuse('observationSpace', `a table needs a Discrete space, got ${observationSpace}`);
  const table = builder.tensors.take(`${path}.values`, fieldsOf(path, layer, 'type values').values, 2, {
    wide: true,
  });
  requireSize(`${path}.values`, table, stateSize);
  const size = table.shape[1]!;
  const data = table.data as Float32Array | Float64Array;
  return {
    size,
    read: () => {
      const start = input.data.indexOf(1) * size;
      return data.subarray(start, start + size);
    },
  };
}
