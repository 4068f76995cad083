import { fieldsOf, numberOf, refuse } from '../file/fields.js';
import { buildNetwork } from '../network/layers.js';
import { squashedBounds } from './bounds.js';
import type { Head, HeadSite } from './head.js';

/** `SquashedGaussianHead` of @maxent/core. */
export function squashedGaussian({ builder, head, layers, stateSize, actionSpace }: HeadSite): Head {
  const fields = fieldsOf('head', head, 'type minimumLogStd maximumLogStd');
  const minimum = numberOf('head.minimumLogStd', fields.minimumLogStd);
  const maximum = numberOf('head.maximumLogStd', fields.maximumLogStd);
  const bounds = squashedBounds(actionSpace);
  const { size } = bounds;
  const input = builder.workspace.slot(stateSize);
  const network = buildNetwork(builder, 'layers', layers, input);
  if (network.output.length !== 2 * size) {
    refuse('layers', `expected ${2 * size} outputs for ${actionSpace}, got ${network.output.length}`);
  }
  const cube = new Float32Array(size);
  return {
    input,
    act: (rng) => {
      network.run(rng);
      const { data } = network.output;
      for (let i = 0; i < size; i++) {
        let raw = data[i]!;
        if (rng !== undefined) {
          const logStd = Math.min(Math.max(data[size + i]!, minimum), maximum);
          raw += Math.exp(logStd) * Math.fround(rng.normal());
        }
        cube[i] = Math.tanh(raw);
      }
      return bounds.actionOf(cube);
    },
  };
}
