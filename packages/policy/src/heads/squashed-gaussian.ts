import { buildNetwork } from '../network/layers.js';
import { boundsOf } from './bounds.js';
import type { Head, HeadSite } from './head.js';

/** `SquashedGaussianHead` of @maxent/core. */
export function squashedGaussian({ builder, head, layers, stateSize, actionSpace, actions }: HeadSite): Head {
  const fields = head.fields('type minimumLogStd maximumLogStd');
  const minimum = fields.minimumLogStd.number();
  const maximum = fields.maximumLogStd.number(minimum);
  const bounds = boundsOf(actionSpace, actions);
  const { size } = bounds;
  const input = builder.workspace.slot(stateSize);
  const { output, run } = buildNetwork(builder, layers, input, 2 * size);
  const cube = new Float32Array(size);
  return {
    input,
    act: (rng) => {
      run(rng);
      const { data } = output;
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
