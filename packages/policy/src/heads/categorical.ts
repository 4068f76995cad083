import { isDiscrete } from '@maxent/core';
import { largestOf, softmax } from '../network/choose.js';
import { buildNetwork } from '../network/layers.js';
import type { Head, HeadSite } from './head.js';

/** `CategoricalHead` of @maxent/core. */
export function categorical({ builder, head, layers, stateSize, actionSpace, actions }: HeadSite): Head {
  const temperature = head.fields('type temperature').temperature.number(0);
  actions.require(isDiscrete(actionSpace), 'a Discrete space', `${actionSpace}`);
  const input = builder.workspace.slot(stateSize);
  const { output, run } = buildNetwork(builder, layers, input, actionSpace.flatSize);
  return {
    input,
    act: (rng) => {
      run(rng);
      return rng === undefined || temperature === 0
        ? largestOf(output.data)
        : rng.categorical(softmax(output.data, temperature));
    },
  };
}
