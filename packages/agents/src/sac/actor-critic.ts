import { polyakStep, readScalar, readTensor } from '@maxent/backend';
import type { Metrics, Rng, Snapshot } from '@maxent/core';
import { Adam, lossAndGradients, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type AgentParts, disposeParts, loadParts, networkPart, saveParts } from '../agent-parts.js';
import type { ContinuousBatch } from '../continuous-replay.js';
import { criticInput } from '../critics.js';
import type { DescribedActor } from '../describe-network.js';
import { createLogTemperature, loadLogTemperature } from '../log-temperature.js';
import type { SoftActorCriticConfig } from './config.js';
import { actorLoss, bellmanTarget, criticLoss, logTemperatureGradient, softStateValue } from './losses.js';
import { StateValue } from './state-value.js';
import type { ActorDesign, TrainablePolicy } from './trainable-policy.js';

/** The part of soft actor-critic's settings that its networks and its gradient step depend on. */
export type ActorCriticConfig = Pick<
  SoftActorCriticConfig,
  | 'hiddenSizes'
  | 'actorLearningRate'
  | 'criticLearningRate'
  | 'temperatureLearningRate'
  | 'discount'
  | 'targetRate'
  | 'criticCount'
  | 'valueNetwork'
  | 'temperature'
  | 'initialTemperature'
  | 'targetEntropy'
  | 'maxGradientNorm'
>;

export interface ActorCriticOptions {
  /** Entries of a state as the networks read it. */
  readonly stateSize: number;
  readonly design: ActorDesign;
  readonly config: ActorCriticConfig;
  /** Initial weights come from streams split off it. */
  readonly rng: Rng;
}

/** States as they are at one moment of the completion's learning. */
export interface CompletedStates {
  /** The states of a batch's observations, in its order, [B, state size]. */
  of(observations: tf.Tensor2D): tf.Tensor2D;
  /** What the completion adds to the critics' loss, such as a divergence from its prior. */
  penalty(): tf.Scalar;
}

/**
 * What makes states of a batch's observations, and learns doing it: PEARL appends a latent task to them. Its variables
 * receive the gradient of the critics' loss. Actor, value and temperature see it as a constant.
 */
export interface StateCompletion {
  readonly variables: readonly tf.Variable[];
  /** Differentiable in the variables. Within one gradient step every call gives the same numbers. */
  complete(): CompletedStates;
  /** One step along the gradients of critics' loss and penalty, in the variables' order. */
  learn(gradients: readonly tf.Tensor[]): void;
}

/** What one gradient step learns from. */
export interface StepExperience {
  readonly batch: ContinuousBatch;
  /** Makes states of the batch's observations; without it they are the observations themselves. */
  readonly completion?: StateCompletion | undefined;
}

/** Scalars of the last gradient step, on the backend until somebody asks for them. */
interface StepStatistics {
  readonly valueLoss?: tf.Scalar;
  readonly criticLoss: tf.Scalar;
  readonly penalty?: tf.Scalar;
  readonly actorLoss: tf.Scalar;
  readonly meanTarget: tf.Scalar;
  readonly meanLogRatio: tf.Scalar;
  readonly temperature: tf.Scalar;
}

/**
 * The networks of soft actor-critic, their optimisers, and its gradient step: all of the algorithm but where batches
 * come from. See `SoftActorCritic`.
 */
export class ActorCritic {
  readonly actor: TrainablePolicy;
  private readonly name: string;
  private readonly config: ActorCriticConfig;
  private readonly targetEntropy: number;
  private readonly critics: MlpEnsemble;
  /** What the critics bootstrap from: their own average, or that of a state-value network. */
  private readonly target: MlpEnsemble | StateValue;
  private readonly logTemperature: tf.Variable<tf.Rank.R0>;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly temperatureOptimizer: Adam;
  private readonly parts: AgentParts;
  private statistics: StepStatistics | undefined;

  constructor({ stateSize, design, config, rng }: ActorCriticOptions) {
    this.name = design.name;
    this.config = config;
    const { coordinates } = design;
    this.targetEntropy = config.targetEntropy === 'auto' ? coordinates.targetEntropy : config.targetEntropy;
    const { hiddenSizes } = config;

    this.actor = design.makePolicy({
      observationSize: stateSize,
      actionSize: coordinates.size,
      rng: rng.split('actor'),
    });
    this.critics = new MlpEnsemble({
      members: config.criticCount,
      inputSize: stateSize + coordinates.size,
      hiddenSizes,
      outputSize: 1,
      rng: rng.split('critics'),
    });
    this.logTemperature = createLogTemperature(config);

    const { maxGradientNorm } = config;
    this.target = config.valueNetwork
      ? new StateValue({
          inputSize: stateSize,
          hiddenSizes,
          learningRate: config.criticLearningRate,
          maxGradientNorm,
          rng: rng.split('value'),
        })
      : this.critics.createTarget();
    this.actorOptimizer = new Adam(this.actor.variables, {
      learningRate: config.actorLearningRate,
      maxGradientNorm,
    });
    this.criticOptimizer = new Adam([this.critics.parameters], {
      learningRate: config.criticLearningRate,
      maxGradientNorm,
    });
    this.temperatureOptimizer = new Adam([this.logTemperature], {
      learningRate: config.temperatureLearningRate,
    });

    this.parts = {
      actor: this.actor,
      critics: networkPart(this.critics),
      ...(this.target instanceof StateValue
        ? { value: this.target }
        : { targetCritics: networkPart(this.target) }),
      actorOptimizer: this.actorOptimizer,
      criticOptimizer: this.criticOptimizer,
      temperatureOptimizer: this.temperatureOptimizer,
    };
  }

  /**
   * One gradient step, in this order: value, critics (and the completion), actor, temperature, targets; all use the
   * temperature and the completion from before the step.
   *
   * @param experience runs within the step's tidy.
   * @param noise what the policy's samples are drawn from.
   */
  step(experience: () => StepExperience, noise: Rng): void {
    const previous = this.statistics;
    this.statistics = tf.tidy(() => {
      const { batch, completion } = experience();
      const fixed = completion?.complete();
      const states = fixed === undefined ? batch.observations : fixed.of(batch.observations);
      const nextStates = fixed === undefined ? batch.nextObservations : fixed.of(batch.nextObservations);
      const temperature = tf.exp(this.logTemperature) as tf.Scalar;
      const { target } = this;
      const value =
        target instanceof StateValue
          ? { valueLoss: target.learn(states, this.softValue(this.critics, states, temperature, noise)) }
          : {};
      const bellman = this.bellmanTarget(batch, nextStates, temperature, noise);
      const critic = this.updateCritics(batch, bellman, completion);
      const actor = this.updateActor(states, temperature, noise);
      if (this.config.temperature === 'auto') {
        this.temperatureOptimizer.step([logTemperatureGradient(actor.meanLogRatio, this.targetEntropy)]);
      }
      if (target instanceof StateValue) target.follow(this.config.targetRate);
      else polyakStep(target.parameters, this.critics.parameters, this.config.targetRate);
      return { ...value, ...critic, ...actor, temperature };
    });
    tf.dispose({ ...previous });
  }

  /** Losses and statistics of the last step; empty before the first. */
  metrics(): Metrics {
    if (this.statistics === undefined) return {};
    const { statistics } = this;
    const { valueLoss, penalty } = statistics;
    return {
      ...(valueLoss !== undefined && { valueLoss: readScalar(valueLoss) }),
      criticLoss: readScalar(statistics.criticLoss),
      ...(penalty !== undefined && { penalty: readScalar(penalty) }),
      actorLoss: readScalar(statistics.actorLoss),
      meanTarget: readScalar(statistics.meanTarget),
      entropy: -readScalar(statistics.meanLogRatio),
      temperature: readScalar(statistics.temperature),
    };
  }

  /** The actor as it is now; its tensors have names behind `<part>/`. */
  describeActor(part: string): DescribedActor {
    return this.actor.describe(part);
  }

  save(): Snapshot {
    const { arrays, metadata } = saveParts(this.parts);
    return {
      arrays: { ...arrays, logTemperature: { shape: [], data: readTensor(this.logTemperature) } },
      metadata,
    };
  }

  /** Throws SnapshotMismatchError for what does not fit; networks before it are then loaded already. */
  load(snapshot: Snapshot): void {
    loadParts(this.parts, snapshot, this.name);
    loadLogTemperature(this.logTemperature, snapshot, this.name);
  }

  /** Forgets the metrics of the last step, which a loaded snapshot did not take. */
  forgetMetrics(): void {
    tf.dispose({ ...this.statistics });
    this.statistics = undefined;
  }

  dispose(): void {
    disposeParts(this.parts);
    this.logTemperature.dispose();
    this.forgetMetrics();
  }

  private bellmanTarget(
    { rewards, continues }: ContinuousBatch,
    nextStates: tf.Tensor2D,
    temperature: tf.Scalar,
    noise: Rng,
  ): tf.Tensor1D {
    const nextValues =
      this.target instanceof StateValue
        ? this.target.ofTarget(nextStates)
        : this.softValue(this.target, nextStates, temperature, noise);
    return bellmanTarget({ rewards, continues, nextValues, discount: this.config.discount });
  }

  private updateCritics(
    { observations, actions }: ContinuousBatch,
    target: tf.Tensor1D,
    completion: StateCompletion | undefined,
  ): Pick<StepStatistics, 'criticLoss' | 'penalty' | 'meanTarget'> {
    const meanTarget = tf.mean(target) as tf.Scalar;
    const own = [this.critics.parameters];
    if (completion === undefined) {
      const inputs = criticInput(observations, actions);
      const { loss, gradients } = lossAndGradients(() => criticLoss(this.critics.apply(inputs), target), own);
      this.criticOptimizer.step(gradients);
      return { criticLoss: loss, meanTarget };
    }
    let penalty: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const states = completion.complete();
      penalty = tf.keep(states.penalty());
      const values = this.critics.apply(criticInput(states.of(observations), actions));
      return tf.add(criticLoss(values, target), penalty);
    }, [...own, ...completion.variables]);
    this.criticOptimizer.step(gradients.slice(0, own.length));
    completion.learn(gradients.slice(own.length));
    return { criticLoss: tf.sub(loss, penalty!), penalty: penalty!, meanTarget };
  }

  private updateActor(
    states: tf.Tensor2D,
    temperature: tf.Scalar,
    noise: Rng,
  ): Pick<StepStatistics, 'actorLoss' | 'meanLogRatio'> {
    let meanLogRatio: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const policy = this.actor.at(states);
      const { action, logRatio } = policy.sample(noise);
      meanLogRatio = tf.keep(tf.mean(logRatio)) as tf.Scalar;
      const values = this.critics.apply(criticInput(states, action));
      const objective = actorLoss(values, logRatio, temperature);
      return policy.penalty === undefined ? objective : tf.add(objective, policy.penalty());
    }, this.actor.variables);
    this.actorOptimizer.step(gradients);
    return { actorLoss: loss, meanLogRatio: meanLogRatio! };
  }

  /** An estimate of V(s) for each state, from these critics and one action of the policy, [B]. */
  private softValue(
    critics: MlpEnsemble,
    states: tf.Tensor2D,
    temperature: tf.Scalar,
    noise: Rng,
  ): tf.Tensor1D {
    const { action, logRatio } = this.actor.at(states).sample(noise);
    return softStateValue(critics.apply(criticInput(states, action)), logRatio, temperature);
  }
}
