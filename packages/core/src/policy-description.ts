import type { JsonObject } from './json.js';
import type { ShapedArray } from './snapshot.js';
import type { Space } from './spaces/space.js';

/** y = x W + b, for W [inputs, outputs] and b [outputs], float32. */
export interface DenseLayer {
  readonly type: 'dense';
  readonly weight: string;
  readonly bias: string;
}

/** y_i = scale_i x_i + shift_i, float32. Batch normalization takes this form once its statistics are frozen. */
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

/** A function applied to every entry: relu is max(x, 0), tanh is tanh(x), elu is x above 0 and exp(x) - 1 below. */
export interface ActivationLayer {
  readonly type: 'activation';
  readonly name: 'relu' | 'tanh' | 'elu';
}

/**
 * A layer of a flow (Dinh et al. 2017, "Density estimation using Real NVP", section 3). The first or last `kept` of its
 * `size` entries pass unchanged. From them and from its part of the context (`hiddenSize` entries from `contextOffset`
 * on) it computes hidden = tanh(kept W1 + b1 + context) and [raw, shift] = W2 hidden + b2. The other entries become y =
 * x exp(M tanh(raw / M)) + shift, where M is `maximumLogScale`. `parameters` is float32 and holds W1 [kept, hidden], b1
 * [hidden], W2 [2 changed, hidden], b2 [2 changed], one after the other.
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
 * Picks the values of one component from [logits of K components, their values one after the other]. When acting
 * deterministically it picks the most probable component (the first on ties); otherwise it draws from softmax(logits).
 */
export interface MixtureLayer {
  readonly type: 'mixture';
  readonly components: number;
}

/** The row of `values`, [states, columns], float32 or float64, for a Discrete observation. */
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
 * layers compute [means, log stds], and the log stds are clamped.
 */
export interface SquashedGaussianHead {
  readonly type: 'squashed-gaussian';
  readonly minimumLogStd: number;
  readonly maximumLogStd: number;
}

/**
 * A Discrete action, chosen by the values or logits that the layers compute. When deterministic or at temperature 0 it
 * is the largest (the first on ties); otherwise it is drawn from softmax(values / temperature).
 */
export interface CategoricalHead {
  readonly type: 'categorical';
  readonly temperature: number;
}

/**
 * tanh(noise + f(observation, noise)), scaled to the bounds of the action space; the layers compute f. When
 * deterministic, it computes an action for each fixed row of `noise` [candidates, d] and takes the one whose smallest
 * critic value is largest (the first on ties). Each critic maps (observation, action in (-1, 1)) to one number.
 */
export interface ImplicitHead {
  readonly type: 'implicit';
  readonly noise: string;
  readonly critics: readonly (readonly PolicyLayer[])[];
}

/** A level of a hierarchy of flows. */
export interface PolicyLevel {
  /** Map what the level sees to the context of its flow. */
  readonly layers: readonly PolicyLayer[];
  readonly flow: readonly CouplingLayer[];
  /** The level sees entries `from` to `to - 1` of the flattened observation; null for all of it. */
  readonly sees: { readonly from: number; readonly to: number } | null;
  /** How many actions the level below takes for each action of this level. */
  readonly every: number;
}

/**
 * f_0(f_1(... f_(K-1)(h; s) ...; s); s), where f_0 is the lowest level. At each decision of the top level, h is 0 when
 * deterministic and otherwise drawn from N(0, I); a level's layers draw after that. If `squashed`, the lowest level's
 * action passes through tanh and is scaled to the bounds of the action space. The description itself has no layers.
 */
export interface FlowHead {
  readonly type: 'flow';
  readonly levels: readonly PolicyLevel[];
  readonly squashed: boolean;
}

/** How the output of the layers becomes an action. */
export type PolicyHead = SquashedGaussianHead | CategoricalHead | ImplicitHead | FlowHead;

/** How a belief about a task is inferred from rows of context. */
export type TaskEncoder =
  /**
   * The layers turn every row into a Gaussian, [means, raw variances]. The belief is the product of these Gaussians,
   * with N(0, I) as one more factor if `includePrior`. A variance is softplus(raw), at least 1e-7.
   */
  | { readonly type: 'product'; readonly layers: readonly PolicyLayer[]; readonly includePrior: boolean }
  /**
   * The layers compute `heads` scores and a value for each row. For each head, a softmax over rows weights the values;
   * `belief` turns the weighted values of all heads, and log(rows), into [mean, raw variance].
   */
  | {
      readonly type: 'attention';
      readonly layers: readonly PolicyLayer[];
      readonly heads: number;
      readonly belief: readonly PolicyLayer[];
    };

/** What a policy sees of a task: `size` numbers, appended to the observation. */
export interface PolicyTask {
  readonly size: number;
  /**
   * Null if the policy is told the task. A row is observation, action, reward, next observation; actions lie in (-1,
   * 1), and Discrete actions are one-hot.
   */
  readonly inferred: {
    readonly encoder: TaskEncoder;
    /** Whether a row ends with the next observation. */
    readonly nextObservation: boolean;
    /** The entry of a step's info that replaces the reward; null for the reward itself. */
    readonly reward: string | null;
  } | null;
}

/**
 * Everything that acting needs from a trained agent, as data: `@maxent/policy` acts with it, writes it to a file and
 * exports it. Tensors are named as in the agent's checkpoint and are the description's own copies.
 */
export interface PolicyDescription {
  /** The agent's name, such as `sac`. */
  readonly agent: string;
  // biome-ignore lint/suspicious/noExplicitAny: of any observation.
  readonly observationSpace: Space<any>;
  // biome-ignore lint/suspicious/noExplicitAny: of any action.
  readonly actionSpace: Space<any>;
  /** Map the flattened observation, with what the task and the head append to it, to the input of the head. */
  readonly layers: readonly PolicyLayer[];
  readonly head: PolicyHead;
  /** For agents that act on a task. */
  readonly task?: PolicyTask;
  readonly tensors: Readonly<Record<string, ShapedArray>>;
  /** Where the policy comes from: environment, seed, steps, versions. */
  readonly provenance?: JsonObject;
}
