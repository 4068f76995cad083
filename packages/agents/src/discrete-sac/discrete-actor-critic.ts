import { polyakStep, readTensor } from '@maxent/backend';
import type { Rng, Snapshot } from '@maxent/core';
import { Adam, lossAndGradients, Mlp, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { drawAction, greedyAction } from '../action-values/backup.js';
import { type DescribedActor, describeNetworks } from '../describe-network.js';
import { type AgentPart, joinParts, mergeParts, networkPart } from '../learner/agent-parts.js';
import type { TransitionBatch } from '../learner/transition-replay.js';
import type {
  ActorCriticUpdates,
  ActorUpdate,
  CriticUpdate,
  CriticUpdateOptions,
} from '../sac/actor-critic-updates.js';
import { Temperature } from '../temperature.js';
import { temporalDifferenceLoss } from '../temporal-difference-loss.js';
import type { DiscreteSacConfig } from './config.js';
import { discreteActorLoss, logSoftmaxInPlace, smallestValues, softStateValue } from './losses.js';

/** The settings that the networks and their updates depend on. */
export type DiscreteActorCriticConfig = Pick<
  DiscreteSacConfig,
  | 'hiddenSizes'
  | 'actorLearningRate'
  | 'criticLearningRate'
  | 'temperatureLearningRate'
  | 'discount'
  | 'targetEvery'
  | 'targetRate'
  | 'temperature'
  | 'initialTemperature'
  | 'loss'
  | 'maxGradientNorm'
>;

export interface DiscreteActorCriticOptions {
  /** For messages. */
  readonly name: string;
  /** Size of a state as the networks read it. */
  readonly stateSize: number;
  readonly actionCount: number;
  readonly config: DiscreteActorCriticConfig;
  /** Entropy that a learned temperature aims at, in nats. */
  readonly targetEntropy: number;
  /** Default 2. */
  readonly criticCount?: number;
  /** Initial weights come from streams split off from it. */
  readonly rng: Rng;
}

/**
 * The networks of soft actor-critic for Discrete actions, their optimizers, and the three updates of its gradient step:
 * the whole algorithm except where batches come from. See `DiscreteSoftActorCritic`. Actions are one-hot in a batch.
 * Expectations over actions are sums: nothing is drawn from `noise`.
 */
export class DiscreteActorCritic implements ActorCriticUpdates {
  private readonly actionCount: number;
  private readonly criticCount: number;
  private readonly config: DiscreteActorCriticConfig;
  private readonly actor: Mlp;
  private readonly critics: MlpEnsemble;
  private readonly targetCritics: MlpEnsemble;
  private readonly temperature: Temperature;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly parts: Required<AgentPart>;

  constructor({
    name,
    stateSize,
    actionCount,
    config,
    targetEntropy,
    criticCount = 2,
    rng,
  }: DiscreteActorCriticOptions) {
    const { hiddenSizes, maxGradientNorm } = config;
    const sizes = { inputSize: stateSize, hiddenSizes, outputSize: actionCount };
    this.actionCount = actionCount;
    this.criticCount = criticCount;
    this.config = config;
    this.actor = new Mlp({ ...sizes, rng: rng.split('actor') });
    this.critics = new MlpEnsemble({ ...sizes, members: criticCount, rng: rng.split('critics') });
    this.targetCritics = this.critics.createTarget();
    this.temperature = new Temperature(config, targetEntropy, name);
    this.actorOptimizer = new Adam([this.actor.parameters], {
      learningRate: config.actorLearningRate,
      maxGradientNorm,
    });
    this.criticOptimizer = new Adam([this.critics.parameters], {
      learningRate: config.criticLearningRate,
      maxGradientNorm,
    });
    this.parts = mergeParts([
      joinParts(name, {
        actor: networkPart(this.actor),
        critics: networkPart(this.critics),
        targetCritics: networkPart(this.targetCritics),
        actorOptimizer: this.actorOptimizer,
        criticOptimizer: this.criticOptimizer,
      }),
      this.temperature,
    ]);
  }

  /** pi(. | s) of each state, [B, actions]. */
  policy(states: tf.Tensor2D): Float64Array {
    const logits = tf.tidy(() => readTensor(this.actor.apply(states)));
    return Float64Array.from(logSoftmaxInPlace(logits, this.actionCount), Math.exp);
  }

  /** Q_i(s, a) of actions that are one-hot, [critics, B]. */
  values(states: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor {
    return tf.sum(tf.mul(this.critics.apply(states), actions), -1);
  }

  /** The mode is the most likely action, the lowest one on ties. */
  act(states: tf.Tensor2D, rng: Rng | undefined): Float32Array {
    const { actionCount } = this;
    const rows = rng === undefined ? readTensor(this.actor.apply(states)) : this.policy(states);
    const actions = new Float32Array(rows.length);
    for (let start = 0; start < rows.length; start += actionCount) {
      const action =
        rng === undefined
          ? greedyAction(rows, start, actionCount)
          : drawAction(rng, (rows as Float64Array).subarray(start, start + actionCount));
      actions[start + action] = 1;
    }
    return actions;
  }

  /** Equation 5 of Haarnoja et al. 2018, or Huber's loss, with the value of equation 3 as a sum over actions. */
  updateCritics(
    { observations, actions, rewards, nextObservations, continues }: TransitionBatch,
    _?: Rng,
    { stateGradient = false }: CriticUpdateOptions = {},
  ): CriticUpdate {
    const { critics, targetCritics, actionCount } = this;
    const { discount, loss, targetEvery, targetRate } = this.config;
    const targets = readTensor(rewards);
    const nextValues = this.targetValues(nextObservations);
    readTensor(continues).forEach((goesOn, i) => {
      targets[i]! += Math.fround(goesOn * discount) * nextValues[i]!;
    });

    const taken = readTensor(actions);
    const indices = targets.map((__, i) => greedyAction(taken, i * actionCount, actionCount));
    // Gradients are those of variables.
    const states = stateGradient ? tf.variable(observations) : observations;
    const { loss: criticLoss, gradients } = lossAndGradients(
      () => temporalDifferenceLoss(critics.apply(states), { actions: indices, targets, loss }),
      states instanceof tf.Variable ? [critics.parameters, states] : [critics.parameters],
    );
    if (states instanceof tf.Variable) states.dispose();
    this.criticOptimizer.step(gradients.slice(0, 1));

    if (this.criticOptimizer.steps % targetEvery === 0) {
      polyakStep(targetCritics.parameters, critics.parameters, targetRate);
    }
    const meanTarget = targets.reduce((sum, y) => sum + y, 0) / targets.length;
    return {
      metrics: { criticLoss, meanTarget },
      ...(stateGradient && { stateGradient: gradients[1] as tf.Tensor2D }),
    };
  }

  /** Equation 12 of Christodoulou 2019. */
  updateActor(states: tf.Tensor2D): ActorUpdate {
    const temperature = this.temperature.read();
    const values = smallestValues(readTensor(this.critics.apply(states)), this.criticCount);
    let entropy = 0;
    const { loss, gradients } = lossAndGradients(() => {
      const logits = this.actor.apply(states);
      entropy = meanEntropy(readTensor(logits), this.actionCount);
      return discreteActorLoss(logits, values, temperature);
    }, [this.actor.parameters]);
    this.actorOptimizer.step(gradients);
    return { actorLoss: loss, entropy };
  }

  updateTemperature(entropy: ActorUpdate['entropy']): number {
    const before = this.temperature.read();
    this.temperature.learn(entropy);
    return before;
  }

  describeActor(part: string): DescribedActor {
    const { networks, tensors } = describeNetworks(part, this.actor);
    return { layers: networks[0]!, head: { type: 'categorical', temperature: 1 }, tensors };
  }

  save(): Snapshot {
    return this.parts.save();
  }

  /** Throws SnapshotMismatchError for a part that does not fit; the parts before it have then already been loaded. */
  load(snapshot: Snapshot): void {
    this.parts.load(snapshot);
  }

  dispose(): void {
    this.parts.dispose();
  }

  /** V(s) according to the target critics, [B]. */
  private targetValues(states: tf.Tensor2D): Float64Array {
    const { actionCount } = this;
    const temperature = this.temperature.read();
    const values = smallestValues(readTensor(this.targetCritics.apply(states)), this.criticCount);
    const logProbs = logSoftmaxInPlace(readTensor(this.actor.apply(states)), actionCount);
    return Float64Array.from({ length: states.shape[0] }, (_, i) =>
      softStateValue(values, logProbs, i, actionCount, temperature),
    );
  }
}

/** Mean over rows of -sum_a pi log pi, in nats; overwrites the logits, [rows, actions]. */
function meanEntropy(logits: Float32Array, actionCount: number): number {
  const logProbs = logSoftmaxInPlace(logits, actionCount);
  let sum = 0;
  for (const logProb of logProbs) sum -= Math.exp(logProb) * logProb;
  return (sum * actionCount) / logProbs.length;
}
