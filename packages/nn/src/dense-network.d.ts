import { type Activation, type DenseStackSpec } from '@maxent/backend';
import { type Rng, type ShapedArray } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Initializer } from './initializers.js';
export interface MlpOptions {
  readonly inputSize: number;
  /** Widths of the hidden layers, from the input on; an empty list makes the network affine. */
  readonly hiddenSizes: readonly number[];
  readonly outputSize: number;
  /** Default 'relu'. */
  readonly hiddenActivation?: Activation | undefined;
  /** Default 'linear'. */
  readonly outputActivation?: Activation | undefined;
  /** Default `fanInUniform()`. */
  readonly initializer?: Initializer | undefined;
  /** For the output layer alone; default `initializer`. */
  readonly outputInitializer?: Initializer | undefined;
  /**
   * Drawn from member by member, layer by layer, weight before bias. The stream moves on, so a second network from
   * the same `rng` has other parameters.
   */
  readonly rng: Rng;
}
/** The two things a network consists of. */
export interface NetworkParts {
  readonly spec: DenseStackSpec;
  /** All weights and biases, float32, laid out as `denseStackLayout(spec)` of @maxent/backend says. */
  readonly parameters: tf.Variable<tf.Rank.R1>;
}
/** What `Mlp` and `MlpEnsemble` have in common: one flat parameter variable and its names. */
export declare abstract class DenseNetwork implements NetworkParts {
  readonly spec: DenseStackSpec;
  readonly parameters: tf.Variable<tf.Rank.R1>;
  protected constructor({ spec, parameters }: NetworkParts);
  get inputSize(): number;
  get outputSize(): number;
  get parameterCount(): number;
  /**
   * Copies of the parameters: `layer.<l>.weight` [inputs, outputs] (the transpose of PyTorch's) and `layer.<l>.bias`
   * [outputs], for ensembles behind `member.<m>.`; ready for a Snapshot or `encodeSafetensors`.
   */
  namedArrays(): Record<string, ShapedArray>;
  /**
   * Takes over the parameters that `namedArrays` gave.
   *
   * @throws SnapshotMismatchError if a name is missing or unknown, a shape differs, or an array is not float32; the
   * network is then unchanged.
   */
  loadNamedArrays(arrays: Readonly<Record<string, ShapedArray>>): void;
  /**
   * Copies another network's parameters into this one.
   *
   * @throws InvalidInputError if the widths, members or activations differ.
   */
  copyFrom(source: this): void;
  /** Frees the parameters; the network is useless afterwards. */
  dispose(): void;
  protected applyStack(x: tf.Tensor): tf.Tensor;
  private slots;
}
/** @throws InvalidInputError if a width or activation is not usable. */
export declare function specOf(options: Omit<MlpOptions, 'rng'>): DenseStackSpec;
export declare function initialise(spec: DenseStackSpec, options: MlpOptions): NetworkParts;
/** Parts of equal value whose variable `tf.variableGrads` does not train. */
export declare function targetOf({ spec, parameters }: NetworkParts): NetworkParts;
//# sourceMappingURL=dense-network.d.ts.map
