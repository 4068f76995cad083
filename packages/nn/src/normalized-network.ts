import {
  type DenseStackInput,
  fillTensor,
  foldNormalization,
  type NormalizedStackSpec,
  normalizedStack,
  normalizedStackCounts,
  normalizedStackLayout,
} from '@maxent/backend';
import { InvalidInputError, type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import {
  fillSlot,
  initializeLayers,
  layerPrefix,
  type MlpOptions,
  specOf,
  variableOf,
} from './dense-network.js';
import { Mlp } from './mlp.js';
import { ensembleSpecOf, MlpEnsemble, type MlpEnsembleOptions } from './mlp-ensemble.js';
import { type NamedSlot, readSlots, writeSlots } from './named-slots.js';

type WithoutLayerNormalization<Options> = Omit<Options, 'layerNormalization'>;

export interface NormalizationOptions {
  /** Added to variances before their root is taken; default 1e-3. */
  readonly epsilon?: number | undefined;
  /** Weight of the old running statistics in the new ones; default 0.99. PyTorch's word means 1 minus that. */
  readonly momentum?: number | undefined;
  /** Training passes after which the batch's statistics are renormalized; null, the default, for never. */
  readonly renormalizeAfter?: number | null | undefined;
}

/**
 * The base of `NormalizedMlp` and `NormalizedMlpEnsemble`: perceptrons with batch normalization before each dense layer,
 * the first and the last included (Bhatt et al. 2024, arXiv 1902.05605, with the formula of Ioffe 2017, arXiv 1702.03275).
 * See `normalizedStack` of @maxent/backend for the formulas. Scales start at 1 and shifts at 0, running means at 0 and
 * running variances at 1.
 */
abstract class NormalizedNetwork<Folded extends Mlp | MlpEnsemble> {
  readonly spec: NormalizedStackSpec;
  /** All scales, shifts, weights and biases, float32, laid out as `normalizedStackLayout(spec)` of @maxent/backend says. */
  readonly parameters: tf.Variable<tf.Rank.R1>;
  /** All running means and variances, laid out there too; `tf.variableGrads` does not train them. */
  readonly statistics: tf.Variable<tf.Rank.R1>;
  private readonly renormalizeAfter: number;
  private trained = 0;

  protected constructor(
    spec: NormalizedStackSpec,
    options: WithoutLayerNormalization<MlpOptions> & NormalizationOptions,
  ) {
    const { renormalizeAfter } = options;
    this.spec = spec;
    this.renormalizeAfter = renormalizeAfter ?? Infinity;
    if (!(this.renormalizeAfter >= 0)) {
      throw new InvalidInputError(
        'renormalizeAfter',
        `expected a number of training passes or null, got ${renormalizeAfter}`,
      );
    }
    const layout = normalizedStackLayout(spec);
    const counts = normalizedStackCounts(spec);
    const parameters = fillTensor<tf.Rank.R1>([counts.parameters], (all) =>
      initializeLayers(layout, all, options),
    );
    const statistics = fillTensor<tf.Rank.R1>([counts.statistics], (all) => {
      for (const { mean, variance } of layout) {
        fillSlot(all, mean, 0);
        fillSlot(all, variance, 1);
      }
    });
    this.parameters = variableOf(parameters, true);
    this.statistics = variableOf(statistics, false);
  }

  get inputSize(): number {
    return this.spec.sizes[0]!;
  }

  get outputSize(): number {
    return this.spec.sizes.at(-1)!;
  }

  /** Training passes so far. */
  get passes(): number {
    return this.trained;
  }

  /** The plain network that computes the evaluation pass, with the parameters and statistics of now. */
  abstract createFolded(): Folded;

  /** Gives what `createFolded` returned the parameters and statistics of now. */
  foldInto(folded: Folded): void {
    tf.tidy(() => folded.parameters.assign(this.foldedParameters()));
  }

  /**
   * Parameters and statistics by name: `layer.<l>.scale`, `.shift`, `.mean` and `.variance` [inputs], `.weight` [inputs,
   * outputs] and `.bias` [outputs], for ensembles with the prefix `member.<m>.`; and the number of passes.
   */
  save(): Snapshot {
    return { arrays: readSlots(this.slots()), metadata: { passes: this.trained } };
  }

  /** @throws SnapshotMismatchError if the snapshot is not one of a network like this; nothing has changed then. */
  load({ arrays, metadata }: Snapshot): void {
    const { passes } = metadata;
    if (!Number.isSafeInteger(passes) || (passes as number) < 0) {
      throw new SnapshotMismatchError(`passes must be a whole number, got ${showStored(passes)}`);
    }
    writeSlots(this.slots(), arrays, `this normalized network with widths [${this.spec.sizes}]`);
    this.trained = passes as number;
  }

  /** Frees parameters and statistics; the network cannot be used afterwards. */
  dispose(): void {
    this.parameters.dispose();
    this.statistics.dispose();
  }

  protected trainingPass(x: DenseStackInput): tf.Tensor {
    const renormalize = this.trained >= this.renormalizeAfter;
    const y = normalizedStack(x, this.parameters, this.statistics, this.spec, { renormalize });
    this.trained += 1;
    return y;
  }

  /** The two parts of the folded network. */
  protected foldedParts() {
    const { sizes, hiddenActivation, outputActivation, members } = this.spec;
    const spec = { sizes, hiddenActivation, outputActivation, ...(members !== undefined && { members }) };
    return { spec, parameters: variableOf(this.foldedParameters(), false) };
  }

  private foldedParameters(): tf.Tensor1D {
    return foldNormalization(this.parameters, this.statistics, this.spec);
  }

  private slots(): NamedSlot[] {
    const { parameters, statistics } = this;
    return normalizedStackLayout(this.spec).flatMap(({ member, layer, mean, variance, ...learned }) => {
      const prefix = layerPrefix(this.spec, member, layer);
      const { scale, shift, weight, bias } = learned;
      return [
        ...Object.entries({ scale, shift, weight, bias }).map(([name, slot]) => ({
          name: `${prefix}.${name}`,
          variable: parameters,
          ...slot,
        })),
        ...Object.entries({ mean, variance }).map(([name, slot]) => ({
          name: `${prefix}.${name}`,
          variable: statistics,
          ...slot,
        })),
      ];
    });
  }
}

/** @throws InvalidInputError if a width, an activation or a setting of the normalization is invalid. */
export class NormalizedMlp extends NormalizedNetwork<Mlp> {
  constructor(options: WithoutLayerNormalization<MlpOptions> & NormalizationOptions) {
    super(normalized(specOf(options), options), options);
  }

  /**
   * A training pass: it normalizes by the batch's statistics and moves the running ones. Differentiable in `x` and in
   * `parameters`. `x`: [batch, inputSize], as one tensor or two side by side; the result: [batch, outputSize].
   */
  train(x: tf.Tensor2D | readonly [tf.Tensor2D, tf.Tensor2D]): tf.Tensor2D {
    return this.trainingPass(x) as tf.Tensor2D;
  }

  createFolded(): Mlp {
    return new Mlp(this.foldedParts());
  }
}

/**
 * Several normalized perceptrons of one shape, each with its own parameters and its own statistics.
 *
 * @throws InvalidInputError if a size or `members` is not a positive integer, or another setting is invalid.
 */
export class NormalizedMlpEnsemble extends NormalizedNetwork<MlpEnsemble> {
  constructor(options: WithoutLayerNormalization<MlpEnsembleOptions> & NormalizationOptions) {
    super(normalized(ensembleSpecOf(options), options), options);
  }

  /**
   * A training pass of all members, as that of `NormalizedMlp`. `x`: [batch, inputSize], as one tensor or two side by
   * side, shared by all members; or [members, batch, inputSize]. The result: [members, batch, outputSize].
   */
  train(x: tf.Tensor2D | readonly [tf.Tensor2D, tf.Tensor2D] | tf.Tensor3D): tf.Tensor3D {
    return this.trainingPass(x) as tf.Tensor3D;
  }

  createFolded(): MlpEnsemble {
    return new MlpEnsemble(this.foldedParts());
  }
}

function normalized(
  spec: Omit<NormalizedStackSpec, 'epsilon' | 'momentum'>,
  { epsilon = 1e-3, momentum = 0.99 }: NormalizationOptions,
): NormalizedStackSpec {
  return { ...spec, epsilon, momentum };
}
