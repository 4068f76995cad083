import {
  type ActionDistribution,
  type DescribedActor,
  describeNetworks,
  type PolicyOptions,
  type TrainablePolicy,
} from '@maxent/agents';
import { type AffineCouplingSpec, readTensor, standardNormal, tensorOf } from '@maxent/backend';
import {
  type CouplingLayer,
  isFloat32Array,
  joinSnapshots,
  type PolicyDescription,
  type PolicyLevel,
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
  Tanh,
} from '@maxent/distributions';
import { glorotUniform, Mlp } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';

/** The shape of a flow policy. */
export type FlowDesign = {
  /** Widths of the hidden layers of the network that reads the state. */
  readonly hiddenSizes: readonly number[];
  readonly couplingLayers: number;
  /** Number of units in the hidden layer of each coupling's conditioner. */
  readonly couplingHiddenSize: number;
  /** Bound on the absolute log scale of each coupling. */
  readonly maximumLogScale: number;
  /** Whether actions lie in (-1, 1) with a uniform prior; otherwise they are unbounded with the prior N(0, I). */
  readonly squashed: boolean;
};

export type FlowPolicyOptions = PolicyOptions & FlowDesign;

/** A level of a `FlowHead`, except for what it sees and how often it acts. */
export interface DescribedLevel {
  readonly level: Pick<PolicyLevel, 'layers' | 'flow'>;
  readonly tensors: PolicyDescription['tensors'];
}

interface Layer {
  readonly spec: AffineCouplingSpec;
  readonly parameters: tf.Variable<tf.Rank.R1>;
}

/**
 * A policy given by an invertible map of a latent variable, conditioned on the state (Haarnoja, Hartikainen, Abbeel and
 * Levine 2018, "Latent Space Policies for Hierarchical Reinforcement Learning", arXiv 1804.02808, section 4): a = f(h;
 * s), h ~ N(0, I), with log pi(a | s) = log N(h; 0, I) - log |det df/dh|. f is a chain of affine couplings, then tanh
 * if `squashed`. One network reads the state once; its outputs are added to the hidden layers of all conditioners, so
 * each conditioner is a function of the entries that its coupling keeps and of that embedding. A new policy has f(h; s)
 * = h, or tanh h.
 *
 * With one action entry, each coupling is an affine map that depends on the state alone, so the policy is a Gaussian.
 */
export class FlowPolicy implements TrainablePolicy {
  readonly observationSize: number;
  readonly actionSize: number;
  readonly design: FlowDesign;
  private readonly embedding: Mlp;
  private readonly layers: readonly Layer[];
  private readonly flow: Bijector;

  constructor({ observationSize, actionSize, rng, ...design }: FlowPolicyOptions) {
    this.observationSize = observationSize;
    this.actionSize = actionSize;
    this.design = design;
    const { couplingHiddenSize: width } = design;
    this.embedding = new Mlp({
      inputSize: observationSize,
      hiddenSizes: design.hiddenSizes,
      outputSize: design.couplingLayers * width,
      initializer: glorotUniform(),
      rng: rng.split('embedding'),
    });
    const layerRng = rng.split('couplings');
    this.layers = couplingLayers({
      size: actionSize,
      layers: design.couplingLayers,
      hiddenSize: width,
      maximumLogScale: design.maximumLogScale,
    }).map((spec) => ({ spec, parameters: variableOf(initialCouplingParameters(spec, layerRng)) }));
    const couplings = this.layers.map(
      (layer, i) => new AffineCoupling({ ...layer, contextOffset: i * width }),
    );
    this.flow = new Chain(design.squashed ? [...couplings, new Tanh()] : couplings);
  }

  get variables(): readonly tf.Variable[] {
    return [this.embedding.parameters, ...this.layers.map(({ parameters }) => parameters)];
  }

  at(observations: tf.Tensor2D): ActionDistribution {
    const context = this.embedding.apply(observations);
    const shape: [number, number] = [observations.shape[0], this.actionSize];
    return {
      sample: (rng: Rng) => {
        const latent = standardNormal<tf.Rank.R2>(shape, rng);
        const { y: action, logDet } = this.flow.forward(latent, context);
        const logProb = tf.sub(standardNormalLogDensity(latent), logDet);
        const logRatio = this.design.squashed ? logProb : tf.sub(logProb, standardNormalLogDensity(action));
        return { action, logRatio: logRatio as tf.Tensor1D };
      },
      mode: () => this.flow.forward(tf.zeros(shape), context).y,
    };
  }

  describe(part: string): DescribedActor {
    const { level, tensors } = this.describeLevel(part);
    const levels = [{ ...level, sees: null, every: 1 }];
    return { layers: [], head: { type: 'flow', levels, squashed: this.design.squashed }, tensors };
  }

  /** This policy as a level of a `FlowHead`. */
  describeLevel(part: string): DescribedLevel {
    const embedding = describeNetworks(`${part}/embedding`, this.embedding);
    const tensors: Record<string, ShapedArray> = { ...embedding.tensors };
    const flow = this.layers.map(({ spec, parameters }, i): CouplingLayer => {
      const name = `${part}/couplings/layer.${i}`;
      tensors[name] = { shape: parameters.shape, data: readTensor(parameters) };
      return { type: 'coupling', parameters: name, ...spec, contextOffset: i * spec.hiddenSize };
    });
    return { level: { layers: embedding.networks[0]!, flow }, tensors };
  }

  /** f(h; s), row by row. */
  forward(latents: tf.Tensor2D, observations: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => this.flow.forward(latents, this.embedding.apply(observations)).y);
  }

  /** The h with f(h; s) = a, row by row. */
  inverse(actions: tf.Tensor2D, observations: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => this.flow.inverse(actions, this.embedding.apply(observations)).y);
  }

  /** log pi(a | s) in nats, [batch]. */
  logProb(actions: tf.Tensor2D, observations: tf.Tensor2D): tf.Tensor1D {
    return tf.tidy(() => {
      const { y, logDet } = this.flow.inverse(actions, this.embedding.apply(observations));
      return tf.add(standardNormalLogDensity(y), logDet);
    });
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

  load(snapshot: Snapshot): void {
    const embedding = splitSnapshot(snapshot, 'embedding');
    const couplings = splitSnapshot(snapshot, 'couplings');
    const arrays = this.layers.map(({ parameters }, i) => {
      const array = couplings?.arrays[`layer.${i}`];
      if (array === undefined || !isFloat32Array(array.data) || array.data.length !== parameters.size) {
        throw new SnapshotMismatchError(
          `flow policy: the snapshot has no coupling layer ${i} of ${parameters.size} float32 parameters`,
        );
      }
      return array.data;
    });
    if (embedding === undefined)
      throw new SnapshotMismatchError('flow policy: the snapshot has no embedding');
    if (Object.keys(couplings!.arrays).length !== arrays.length) {
      throw new SnapshotMismatchError(
        `flow policy: expected ${arrays.length} coupling layers, but the snapshot has ${Object.keys(couplings!.arrays).length}`,
      );
    }
    this.embedding.loadNamedArrays(embedding.arrays);
    for (const [i, { parameters }] of this.layers.entries()) {
      tf.tidy(() => parameters.assign(tensorOf<tf.Rank.R1>(arrays[i]!, parameters.shape)));
    }
  }

  dispose(): void {
    this.embedding.dispose();
    for (const { parameters } of this.layers) parameters.dispose();
  }
}

function variableOf(values: tf.Tensor1D): tf.Variable<tf.Rank.R1> {
  const variable = tf.variable(values);
  values.dispose();
  return variable;
}

/** log N(x; 0, I), [batch]. */
function standardNormalLogDensity(x: tf.Tensor2D): tf.Tensor1D {
  const constant = 0.5 * x.shape[1] * Math.log(2 * Math.PI);
  return tf.sub(tf.mul(tf.sum(tf.square(x), 1), -0.5), constant);
}
