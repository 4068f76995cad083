import { InvalidInputError, type PolicyDescription, type PolicyLayer, type ShapedArray } from '@maxent/core';
import type { Mlp, MlpEnsemble } from '@maxent/nn';

/** The part of a `PolicyDescription` that describes one network or policy. */
export type DescribedActor = Pick<PolicyDescription, 'layers' | 'head' | 'tensors'>;

export interface DescribedNetworks {
  /** One list for each member of an ensemble, one for a single network. */
  readonly networks: readonly (readonly PolicyLayer[])[];
  readonly tensors: Readonly<Record<string, ShapedArray>>;
}

/**
 * The layers of networks, and copies of their parameters, named as in a checkpoint where the part is `part`.
 *
 * @throws InvalidInputError for layer normalization, which policies do not have.
 */
export function describeNetworks(part: string, network: Mlp | MlpEnsemble): DescribedNetworks {
  const { sizes, members, hiddenActivation, outputActivation, layerNormalization } = network.spec;
  if (layerNormalization !== undefined) {
    throw new InvalidInputError(
      part,
      'expected a network without layer normalization, which policies do not have',
    );
  }
  const layersOf = (prefix: string): PolicyLayer[] =>
    sizes.slice(1).flatMap((_, layer) => {
      const name = layer + 2 < sizes.length ? hiddenActivation : outputActivation;
      const dense = { type: 'dense', ...parametersOf(`${prefix}layer.${layer}`) } as const;
      return name === 'linear' ? [dense] : [dense, { type: 'activation', name } as const];
    });
  const prefixes =
    members === undefined ? [''] : Array.from({ length: members }, (_, member) => `member.${member}.`);
  return {
    networks: prefixes.map((prefix) => layersOf(`${part}/${prefix}`)),
    tensors: Object.fromEntries(
      Object.entries(network.namedArrays()).map(([name, array]) => [`${part}/${name}`, array]),
    ),
  };
}

function parametersOf(prefix: string): { weight: string; bias: string } {
  return { weight: `${prefix}.weight`, bias: `${prefix}.bias` };
}
