import { fieldsOf, listOf, refuse } from '../file/fields.js';
import { largestOf } from '../network/choose.js';
import { buildNetwork } from '../network/layers.js';
import { squashedBounds } from './bounds.js';
import type { Head, HeadSite } from './head.js';

/** `ImplicitHead` of @maxent/core. */
export function implicit({ builder, head, layers, stateSize, actionSpace }: HeadSite): Head {
  const fields = fieldsOf('head', head, 'type noise critics');
  const bounds = squashedBounds(actionSpace);
  const { size } = bounds;
  const noise = builder.tensors.take('head.noise', fields.noise, 2);
  if (noise.shape[1] !== size) refuse('head.noise', `expected ${size} columns, got ${noise.shape[1]}`);
  const input = builder.workspace.slot(stateSize + size);
  const sampler = buildNetwork(builder, 'layers', layers, input);
  if (sampler.output.length !== size)
    refuse('layers', `expected ${size} outputs, got ${sampler.output.length}`);
  const pair = builder.workspace.slot(stateSize + size);
  const critics = listOf('head.critics', fields.critics).map((critic, k) => {
    const network = buildNetwork(builder, `head.critics[${k}]`, critic, pair);
    if (network.output.length !== 1) refuse(`head.critics[${k}]`, 'expected one output');
    return network;
  });
  if (critics.length === 0) refuse('head.critics', 'expected at least one');

  /** tanh(noise + f(state, noise)) into `out`; the noise lies behind the state. */
  const draw = (out: Float32Array): void => {
    sampler.run();
    for (let i = 0; i < size; i++) out[i] = Math.tanh(input.data[stateSize + i]! + sampler.output.data[i]!);
  };
  const candidates = noise.shape[0]!;
  const actions = new Float32Array(candidates * size);
  const values = new Float32Array(candidates);

  const mostValuable = (): Float32Array => {
    pair.data.set(input.data.subarray(0, stateSize));
    for (let k = 0; k < candidates; k++) {
      const action = actions.subarray(k * size, (k + 1) * size);
      input.data.set(noise.data.subarray(k * size, (k + 1) * size), stateSize);
      draw(action);
      pair.data.set(action, stateSize);
      values[k] = Infinity;
      for (const { run, output } of critics) {
        run();
        values[k] = Math.min(values[k]!, output.data[0]!);
      }
    }
    const best = largestOf(values);
    return actions.subarray(best * size, (best + 1) * size);
  };

  return {
    input,
    act: (rng) => {
      if (rng === undefined) return bounds.actionOf(mostValuable());
      for (let i = 0; i < size; i++) input.data[stateSize + i] = rng.normal();
      const action = new Float32Array(size);
      draw(action);
      return bounds.actionOf(action);
    },
  };
}
