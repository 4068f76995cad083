import type { JsonObject } from './json.js';
import type { ShapedArray } from './snapshot.js';
import type { Space } from './spaces/space.js';

/** y = x W + b, for W [inputs, outputs] and b [outputs], float32. */
export interface DenseLayer {
  readonly type: 'dense';
  readonly weight: string;
  readonly bias: string;
}

/** y_i = scale_i x_i + shift_i, float32: what remains of batch normalization once statistics are frozen. */
export interface AffineLayer {
  readonly type: 'affine';
  readonly scale: string;
  readonly shift: string;
}

/**
 * y_i = (x_i - mean_i) / sqrt(variance_i + epsilon), within [-limit, limit] unless that is null; float32 or float64.
 * It applies to as many entries of its input as `mean` has, from entry `from` on; the others pass unchanged.
 */
export interface NormalizationLayer {
  readonly type: 'normalization';
  readonly mean: string;
  readonly variance: string;
  readonly epsilon: number;
  readonly limit: number | null;
  readonly from: number;
}

/** One function of every entry: max(x, 0), tanh(x), or x above 0 and exp(x) - 1 below. */
export interface ActivationLayer {
  readonly type: 'activation';
  readonly name: 'relu' | 'tanh' | 'elu';
}

/**
 * A step of a flow (Dinh et al. 2017, "Density estimation using Real NVP", section 3). Of its `size` entries, the first
 * or last `kept` pass; with them and its part of the context, `hiddenSize` entries from `contextOffset` on, it computes
 * hidden = tanh(kept W1 + b1 + context) and [raw, shift] = W2 hidden + b2. The others become
 * y = x exp(M tanh(raw / M)) + shift, M = `maximumLogScale`. `parameters` is float32:
 * W1 [kept, hidden], b1 [hidden], W2 [2 changed, hidden], b2 [2 changed], one after the other.
 */
export interface CouplingLayer {
  readonly type: 'coupling';
  readonly parameters: string;
  readonly size: number;
  readonly kept: number;
  readonly keeps: 'first' | 'last';
  readonly hiddenSize: number;
  readonly maximumLogScale: number;
  readonly contextOffset: number;
}

/**
 * Of [logits of K components, their values one after the other], the values of one component: the most probable when
 * acting deterministically, the first on ties; otherwise drawn from softmax(logits).
 */
export interface MixtureLayer {
  readonly type: 'mixture';
  readonly components: number;
}

/** The row of `values`, [states, columns], float32 or float64, of a Discrete observation. */
export interface TableLayer {
  readonly type: 'table';
  readonly values: string;
}

/** One step of a policy's network: what it computes, and the names of the tensors that it reads. */
export type PolicyLayer =
  | DenseLayer
  | AffineLayer
  | NormalizationLayer
  | ActivationLayer
  | CouplingLayer
  | MixtureLayer
  | TableLayer;

/**
 * tanh(mean + std noise), scaled from (-1, 1) to the bounds of the action space; tanh(mean) when deterministic. The
 * layers give [means, log stds], and log stds are clamped.
 */
export interface SquashedGaussianHead {
  readonly type: 'squashed-gaussian';
  readonly minimumLogStd: number;
  readonly maximumLogStd: number;
}

/**
 * A Discrete action of the values or logits that the layers give: the largest, the first on ties, when deterministic or
 * at temperature 0; otherwise drawn from softmax(values / temperature).
 */
export interface CategoricalHead {
  readonly type: 'categorical';
  readonly temperature: number;
}

/**
 * tanh(noise + f(observation, noise)), scaled to the bounds of the action space: the layers are f. When deterministic, of
 * the actions for the fixed rows of `noise` [candidates, d] the one whose smallest critic is largest, the first on ties.
 * Each critic maps (observation, action in (-1, 1)) to one number.
 */
export interface ImplicitHead {
  readonly type: 'implicit';
  readonly noise: string;
  readonly critics: readonly (readonly PolicyLayer[])[];
}

/** A level of a hierarchy of flows. */
export interface PolicyLevel {
  /** From what the level sees to the context of its flow. */
  readonly layers: readonly PolicyLayer[];
  readonly flow: readonly CouplingLayer[];
  /** Entries `from` to `to - 1` of the flattened observation; null for all of it. */
  readonly sees: { readonly from: number; readonly to: number } | null;
  /** Actions of the level below per action of this level. */
  readonly every: number;
}

/**
 * f_0(f_1(... f_(K-1)(h; s) ...; s); s), the lowest level first; h is 0 when deterministic and otherwise drawn from
 * N(0, I), at each decision of the top level. `squashed` passes the lowest level's action through tanh and scales it to
 * the bounds of the action space. The description itself has no layers.
 */
export interface FlowHead {
  readonly type: 'flow';
  readonly levels: readonly PolicyLevel[];
  readonly squashed: boolean;
}

/** How what the layers give becomes an action. */
export type PolicyHead = SquashedGaussianHead | CategoricalHead | ImplicitHead | FlowHead;

/** How a belief about a task is inferred from rows of context. */
export type TaskEncoder =
  /**
   * The layers turn every row into a Gaussian, [means, raw variances], and the belief is their product, with N(0, I) as
   * one more factor if `includePrior`. A variance is softplus(raw), at least 1e-7.
   */
  | { readonly type: 'product'; readonly layers: readonly PolicyLayer[]; readonly includePrior: boolean }
  /**
   * The layers give each row `heads` scores and a value. For each head, a softmax over rows weighs the values; `belief`
   * turns the weighted values of all heads, and log(rows), into [mean, raw variance].
   */
  | {
      readonly type: 'attention';
      readonly layers: readonly PolicyLayer[];
      readonly heads: number;
      readonly belief: readonly PolicyLayer[];
    };

/** What a policy sees of a task besides the observation: `size` numbers, appended to it. */
export interface PolicyTask {
  readonly size: number;
  /**
   * Null where the policy is told the task. A row is observation, action, reward, next observation; actions lie in
   * (-1, 1), Discrete ones are one-hot.
   */
  readonly inferred: {
    readonly encoder: TaskEncoder;
    /** Whether a row ends with the next observation. */
    readonly nextObservation: boolean;
    /** The entry of a step's info that stands in place of the reward; null for the reward. */
    readonly reward: string | null;
  } | null;
}

/**
 * All that acting needs of a trained agent, as data: `@maxent/policy` acts by it, writes it to a file and exports it.
 * Tensors are named as in the agent's checkpoint and are the description's own copies.
 */
export interface PolicyDescription {
  /** The agent's name, such as `sac`. */
  readonly agent: string;
  // biome-ignore lint/suspicious/noExplicitAny: of any observation.
  readonly observationSpace: Space<any>;
  // biome-ignore lint/suspicious/noExplicitAny: of any action.
  readonly actionSpace: Space<any>;
  /** From the flattened observation, with what the task and the head append to it, to what the head reads. */
  readonly layers: readonly PolicyLayer[];
  readonly head: PolicyHead;
  /** For agents that act on a task. */
  readonly task?: PolicyTask;
  readonly tensors: Readonly<Record<string, ShapedArray>>;
  /** Where the policy comes from: environment, seed, steps, versions. */
  readonly provenance?: JsonObject;
}
