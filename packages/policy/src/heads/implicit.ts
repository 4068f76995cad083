import { requireFinite } from '../network/choose.js';
import { buildNetwork } from '../network/layers.js';
import { boundsOf } from './bounds.js';
import type { Head, HeadSite } from './head.js';

/** `ImplicitHead` of @maxent/core. */
export function implicit({ builder, head, layers, stateSize, actionSpace, actions: field }: HeadSite): Head {
  const fields = head.fields('type noise critics');
  const bounds = boundsOf(actionSpace, field);
  const { size } = bounds;
  const noise = builder.tensors.take(fields.noise, 2);
  fields.noise.require(noise.shape[1] === size, `${size} columns`, noise.shape);
  const input = builder.workspace.slot(stateSize + size);
  const sampler = buildNetwork(builder, layers, input, size);
  const pair = builder.workspace.slot(stateSize + size);
  const critics = fields.critics.list().map((critic) => buildNetwork(builder, critic, pair, 1));
  fields.critics.require(critics.length > 0, 'at least one');

  /** Writes tanh(noise + f(state, noise)) into `out`; the noise follows the state. */
  const draw = (out: Float32Array): void => {
    sampler.run();
    for (let i = 0; i < size; i++) out[i] = Math.tanh(input.data[stateSize + i]! + sampler.output.data[i]!);
  };
  const candidate = new Float32Array(size);
  const chosen = new Float32Array(size);

  const mostValuable = (): Float32Array => {
    let best = -Infinity;
    pair.data.set(input.data.subarray(0, stateSize));
    for (let at = 0; at < noise.data.length; at += size) {
      input.data.set(noise.data.subarray(at, at + size), stateSize);
      draw(candidate);
      pair.data.set(candidate, stateSize);
      let value = Infinity;
      for (const critic of critics) {
        critic.run();
        value = Math.min(value, critic.output.data[0]!);
      }
      requireFinite(value);
      if (value <= best) continue;
      best = value;
      chosen.set(candidate);
    }
    return chosen;
  };

  return {
    input,
    act: (rng) => {
      if (rng === undefined) return bounds.actionOf(mostValuable());
      for (let i = 0; i < size; i++) input.data[stateSize + i] = rng.normal();
      draw(candidate);
      return bounds.actionOf(candidate);
    },
  };
}
