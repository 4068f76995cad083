import {
  type AffineCouplingSpec,
  affineCouplingParameterCount,
  fillTensor,
  readTensor,
  tensorOf,
} from '@maxent/backend';
import {
  type CouplingLayer,
  isFloat32Array,
  joinSnapshots,
  type PolicyDescription,
  type PolicyLayer,
  type Rng,
  type ShapedArray,
  type Snapshot,
  SnapshotMismatchError,
  splitSnapshot,
} from '@maxent/core';
import {
  AffineCoupling,
  type Bijector,
  Chain,
  couplingLayers,
  initialCouplingParameters,
} from '@maxent/distributions';
import { glorotUniform, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { describeNetworks } from '../describe-network.js';
import type { AgentPart } from '../learner/agent-parts.js';

/** The shape of a conditional flow. */
export interface ConditionalFlowDesign {
  /** Widths of the hidden layers of the network that reads the state. */
  readonly hiddenSizes: readonly number[];
  readonly couplingLayers: number;
  /** Number of units in the hidden layer of each coupling's conditioner. */
  readonly couplingHiddenSize: number;
  /** Bound on the absolute log scale of each coupling. */
  readonly maximumLogScale: number;
  /** Hold all log scales at 0, so that couplings only shift and keep volume; default false. */
  readonly additive?: boolean;
}

export interface ConditionalFlowOptions extends ConditionalFlowDesign {
  readonly observationSize: number;
  /** Entries of the vectors that the flow maps. */
  readonly size: number;
  readonly rng: Rng;
}

/** A flow for a `PolicyLevel`: its layers compute the context from the state. */
export interface DescribedFlow {
  readonly layers: readonly PolicyLayer[];
  readonly flow: readonly CouplingLayer[];
  readonly tensors: PolicyDescription['tensors'];
}

interface Layer {
  readonly spec: AffineCouplingSpec;
  readonly parameters: tf.Variable<tf.Rank.R1>;
  /** 0 for the parameters of log scales, 1 for all others; only of additive couplings. */
  readonly mask: tf.Tensor1D | undefined;
}

/**
 * An invertible map of vectors that depends on a state: a chain of coupling layers (Dinh et al. 2017, arXiv 1605.08803),
 * affine or additive (Dinh et al. 2015, arXiv 1410.8516). One network reads the state once; its outputs are added to
 * the hidden layers of all conditioners, so each conditioner is a function of the entries that its coupling keeps and of
 * that embedding. A new flow is the identity.
 *
 * With one entry, each coupling is an affine map that depends on the state alone.
 */
export class ConditionalFlow implements Required<AgentPart> {
  private readonly embedding: Mlp;
  private readonly layers: readonly Layer[];

  constructor({ observationSize, size, rng, ...design }: ConditionalFlowOptions) {
    const { couplingHiddenSize: width, additive = false } = design;
    this.embedding = new Mlp({
      inputSize: observationSize,
      hiddenSizes: design.hiddenSizes,
      outputSize: design.couplingLayers * width,
      initializer: glorotUniform(),
      rng: rng.split('embedding'),
    });
    const layerRng = rng.split('couplings');
    this.layers = couplingLayers({
      size,
      layers: design.couplingLayers,
      hiddenSize: width,
      maximumLogScale: design.maximumLogScale,
    }).map((spec) => ({
      spec,
      parameters: variableOf(initialCouplingParameters(spec, layerRng)),
      mask: additive ? shiftsOnly(spec) : undefined,
    }));
  }

  get variables(): readonly tf.Variable[] {
    return [this.embedding.parameters, ...this.layers.map(({ parameters }) => parameters)];
  }

  /** What `bijector` needs to know of these states, [B, couplings * hidden units]. */
  context(observations: tf.Tensor2D): tf.Tensor2D {
    return this.embedding.apply(observations);
  }

  /** The map with the current parameters. It is used in the tidy, and under the tape, in which this is called. */
  bijector(): Bijector {
    return new Chain(
      this.layers.map(
        ({ spec, ...layer }, i) =>
          new AffineCoupling({
            spec,
            parameters: masked(layer),
            contextOffset: i * spec.hiddenSize,
          }),
      ),
    );
  }

  /** The current flow; its tensors' names begin with `<part>/`. */
  describe(part: string): DescribedFlow {
    const embedding = describeNetworks(`${part}/embedding`, this.embedding);
    const tensors: Record<string, ShapedArray> = { ...embedding.tensors };
    const flow = this.layers.map(({ spec, ...layer }, i): CouplingLayer => {
      const name = `${part}/couplings/layer.${i}`;
      tensors[name] = {
        shape: layer.parameters.shape,
        data: tf.tidy(() => readTensor(masked(layer))),
      };
      return { type: 'coupling', parameters: name, ...spec, contextOffset: i * spec.hiddenSize };
    });
    return { layers: embedding.networks[0]!, flow, tensors };
  }

  save(): Snapshot {
    const couplings: Record<string, ShapedArray> = {};
    for (const [i, { parameters }] of this.layers.entries()) {
      couplings[`layer.${i}`] = { shape: parameters.shape, data: readTensor(parameters) };
    }
    return joinSnapshots({
      embedding: { arrays: this.embedding.namedArrays(), metadata: {} },
      couplings: { arrays: couplings, metadata: {} },
    });
  }

  /** Throws SnapshotMismatchError if the snapshot does not fit. */
  load(snapshot: Snapshot): void {
    const embedding = splitSnapshot(snapshot, 'embedding');
    const couplings = splitSnapshot(snapshot, 'couplings');
    const arrays = this.layers.map(({ parameters }, i) => {
      const array = couplings?.arrays[`layer.${i}`];
      if (array === undefined || !isFloat32Array(array.data) || array.data.length !== parameters.size) {
        throw new SnapshotMismatchError(
          `flow: the snapshot has no coupling layer ${i} of ${parameters.size} float32 parameters`,
        );
      }
      return array.data;
    });
    if (embedding === undefined) throw new SnapshotMismatchError('flow: the snapshot has no embedding');
    if (Object.keys(couplings!.arrays).length !== arrays.length) {
      throw new SnapshotMismatchError(
        `flow: expected ${arrays.length} coupling layers, but the snapshot has ${Object.keys(couplings!.arrays).length}`,
      );
    }
    this.embedding.loadNamedArrays(embedding.arrays);
    for (const [i, { parameters }] of this.layers.entries()) {
      tf.tidy(() => parameters.assign(tensorOf<tf.Rank.R1>(arrays[i]!, parameters.shape)));
    }
  }

  dispose(): void {
    this.embedding.dispose();
    for (const { parameters, mask } of this.layers) {
      parameters.dispose();
      mask?.dispose();
    }
  }
}

/** The parameters as the coupling uses them. */
function masked({ parameters, mask }: Pick<Layer, 'parameters' | 'mask'>): tf.Tensor1D {
  return mask === undefined ? parameters : tf.mul(parameters, mask);
}

/** Where a coupling's parameters are laid out as `affineCoupling` of @maxent/backend says: zeros for the log scales. */
function shiftsOnly(spec: AffineCouplingSpec): tf.Tensor1D {
  const { size, kept, hiddenSize } = spec;
  const changed = size - kept;
  const weight2 = (kept + 1) * hiddenSize;
  const bias2 = weight2 + 2 * changed * hiddenSize;
  const mask = fillTensor<tf.Rank.R1>([affineCouplingParameterCount(spec)], (values) => {
    values.fill(1);
    values.fill(0, weight2, weight2 + changed * hiddenSize);
    values.fill(0, bias2, bias2 + changed);
  });
  return tf.keep(mask);
}

function variableOf(values: tf.Tensor1D): tf.Variable<tf.Rank.R1> {
  const variable = tf.variable(values);
  values.dispose();
  return variable;
}
