import type { CouplingLayer, PolicyLayer, ShapedArray } from '@maxent/core';
import type { Mlp } from '@maxent/nn';
import { describeNetworks } from '../describe-network.js';
import type { DescribedFlow } from '../flow/conditional-flow.js';
import { HEIGHT_LIMIT, logStdRange, MEAN_LIMIT, type PriorDesign, priorOutputs } from './prior-design.js';

/**
 * A coupling applies tanh to its context and bounds its log scale by another. Numbers times `SMALL` pass the first to
 * within 2^-20 / 3 of their value, and log scales the second to within 10^-6.
 */
const SMALL = 2 ** -10;
const UNLIMITED = 1e4;

/**
 * A prior as the top level of a flow whose latent is N(0, I), in layers that policy files know: the network, a layer that
 * turns its outputs into [log stds, means] of each component, the choice of a component if there are several, and a
 * coupling that keeps nothing and so only scales and shifts.
 */
export function describePrior(part: string, design: PriorDesign, network: Mlp): DescribedFlow {
  const { networks, tensors } = describeNetworks(part, network);
  const { size, components } = design;
  const choice: PolicyLayer[] = components === 1 ? [] : [{ type: 'mixture', components }];
  const coupling: CouplingLayer = {
    type: 'coupling',
    parameters: `${part}/coupling`,
    size,
    kept: 0,
    keeps: 'first',
    hiddenSize: 2 * size,
    maximumLogScale: UNLIMITED,
    contextOffset: 0,
  };
  return {
    layers: [
      ...networks[0]!,
      { type: 'dense', weight: `${part}/components.weight`, bias: `${part}/components.bias` },
      ...choice,
    ],
    flow: [coupling],
    tensors: {
      ...tensors,
      ...componentLayer(`${part}/components`, design),
      [`${part}/coupling`]: priorCoupling(design),
    },
  };
}

/** Turns the network's outputs into the logits of a `MixtureLayer` and its values; one Gaussian needs no logit. */
function componentLayer(name: string, design: PriorDesign): Record<string, ShapedArray> {
  const { components, size } = design;
  const { middle, halfRange } = logStdRange(design);
  const inputs = priorOutputs(design);
  const logits = components === 1 ? 0 : components;
  const outputs = logits + components * 2 * size;
  const weight = new Float32Array(inputs * outputs);
  const bias = new Float32Array(outputs);
  for (let k = 0; k < components; k++) {
    if (logits > 0) {
      weight[k * outputs + k] = HEIGHT_LIMIT;
      bias[k] = size * middle;
    }
    for (let i = 0; i < size; i++) {
      const logStd = logits + k * size + i;
      const value = logits + 2 * k * size + i;
      weight[logStd * outputs + value] = SMALL;
      if (logits === 0) continue;
      weight[logStd * outputs + k] = halfRange;
      weight[(logStd + components * size) * outputs + value + size] = SMALL;
    }
  }
  return {
    [`${name}.weight`]: { shape: [inputs, outputs], data: weight },
    [`${name}.bias`]: { shape: [outputs], data: bias },
  };
}

/** z = noise exp(log std) + mean, as the parameters of a coupling that keeps nothing and has [log stds, means] hidden. */
function priorCoupling(design: PriorDesign): ShapedArray {
  const { size } = design;
  const { middle, halfRange } = logStdRange(design);
  const width = 2 * size;
  const data = new Float32Array(width + width * width + width);
  const [weight2, bias2] = [width, width + width * width];
  for (let i = 0; i < size; i++) {
    data[weight2 + i * width + i] = halfRange / SMALL;
    data[bias2 + i] = middle;
    data[weight2 + (size + i) * width + size + i] = MEAN_LIMIT / SMALL;
  }
  return { shape: [data.length], data };
}
