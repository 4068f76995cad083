import { polyakStep, readTensor, type SoftValueInputs } from '@maxent/backend';
import type { Rng, Snapshot } from '@maxent/core';
import { Adam, lossAndGradients, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { DescribedActor } from '../describe-network.js';
import { inScope } from '../in-scope.js';
import { type AgentPart, joinParts, mergeParts, networkPart } from '../learner/agent-parts.js';
import type { TransitionBatch } from '../learner/transition-replay.js';
import { type LearningRateConfig, scheduleOf } from '../learning-rate-fields.js';
import { Temperature } from '../temperature.js';
import type {
  ActorCriticUpdates,
  ActorUpdate,
  CriticUpdate,
  CriticUpdateOptions,
} from './actor-critic-updates.js';
import type { SoftActorCriticConfig } from './config.js';
import { actorLoss, bellmanTarget, criticLoss, softStateValue } from './losses.js';
import { StateValue } from './state-value.js';
import type { ActorDesign, TrainablePolicy } from './trainable-policy.js';

/** The settings of soft actor-critic that its networks and updates depend on. */
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
> &
  Partial<LearningRateConfig & Pick<SoftActorCriticConfig, 'criticLayerNormalization'>>;

export interface ActorCriticOptions {
  /** Size of a state as the networks read it. */
  readonly stateSize: number;
  readonly design: ActorDesign;
  readonly config: ActorCriticConfig;
  /** Initial weights come from streams split off from it. */
  readonly rng: Rng;
}

/**
 * The networks of soft actor-critic, their optimizers, and the three updates of its gradient step: the whole algorithm
 * except where batches come from. See `SoftActorCritic`.
 */
export class ActorCritic implements ActorCriticUpdates {
  readonly actor: TrainablePolicy;
  private readonly config: ActorCriticConfig;
  private readonly critics: MlpEnsemble;
  /** What the critics bootstrap from: their own moving average, or a state-value network. */
  private readonly target: MlpEnsemble | StateValue;
  private readonly temperature: Temperature;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly parts: Required<AgentPart>;

  constructor({ stateSize, design, config, rng }: ActorCriticOptions) {
    this.config = config;
    const { name, coordinates } = design;
    const {
      hiddenSizes,
      maxGradientNorm,
      criticLearningRate,
      targetEntropy,
      criticLayerNormalization: layerNormalization,
    } = config;
    const schedule = scheduleOf(config);

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
      layerNormalization,
      rng: rng.split('critics'),
    });
    this.target = config.valueNetwork
      ? new StateValue({
          inputSize: stateSize,
          hiddenSizes,
          layerNormalization,
          learningRate: criticLearningRate,
          maxGradientNorm,
          schedule,
          rng: rng.split('value'),
        })
      : this.critics.createTarget();
    this.temperature = new Temperature(
      { ...config, schedule },
      targetEntropy === 'auto' ? coordinates.targetEntropy : targetEntropy,
      name,
    );
    this.actorOptimizer = new Adam(this.actor.variables, {
      learningRate: config.actorLearningRate,
      maxGradientNorm,
      schedule,
    });
    this.criticOptimizer = new Adam([this.critics.parameters], {
      learningRate: criticLearningRate,
      maxGradientNorm,
      schedule,
    });
    this.parts = mergeParts([
      joinParts(name, {
        actor: this.actor,
        critics: networkPart(this.critics),
        ...(this.target instanceof StateValue
          ? { value: this.target }
          : { targetCritics: networkPart(this.target) }),
        actorOptimizer: this.actorOptimizer,
        criticOptimizer: this.criticOptimizer,
      }),
      this.temperature,
    ]);
  }

  act(states: tf.Tensor2D, rng: Rng | undefined): Float32Array {
    const policy = this.actor.at(states);
    return readTensor(rng === undefined ? policy.mode() : policy.sample(rng).action);
  }

  /** An action for one state, and its log-probability. */
  draw(state: tf.Tensor2D, rng: Rng): { readonly action: Float32Array; readonly logProb: number } {
    const { action, logRatio } = this.actor.at(state).sample(rng);
    return { action: readTensor(action), logProb: readTensor(logRatio)[0]! };
  }

  /** Q_i(s, a), [critics, B, 1]. */
  values(states: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor {
    return this.critics.apply([states, actions]);
  }

  /**
   * Equation 5 of Haarnoja et al. 2018 (arXiv 1812.05905) with the target of equation 2, or with that of n steps,
   *
   *   y = r_t + sum_{k=1}^{n-1} discount^k (r_{t+k} - alpha log mu(a_{t+k} | s_{t+k})) + discount^n V(s_{t+n}),
   *
   * where mu is the policy that drew a_{t+k} when it acted. The sum is a sample of that policy's soft return, so it counts
   * that policy's entropy, weighted by the current alpha. If mu is the learned policy, the fixed point is its soft Q.
   * (-log pi of the current policy at an old action has no upper bound.) The entropy of a_t is not part of Q(s_t, a_t).
   *
   * If there is a state-value network, it learns first, from the critics before their step. The targets follow at the
   * end: no other update reads them.
   */
  updateCritics(
    { observations, actions, rewards, nextObservations, continues, logProbs }: TransitionBatch,
    noise: Rng,
    { stateGradient = false }: CriticUpdateOptions = {},
  ): CriticUpdate {
    const { critics, target } = this;
    const { discount, targetRate } = this.config;
    const value =
      target instanceof StateValue
        ? {
            valueLoss: target.learn(
              observations,
              softStateValue(this.drawValues(critics, observations, noise)),
            ),
          }
        : {};
    const next =
      target instanceof StateValue
        ? { values: target.ofTarget(nextObservations) }
        : this.drawValues(target, nextObservations, noise);
    const targets = bellmanTarget({
      ...next,
      rewards:
        logProbs === undefined
          ? rewards
          : (tf.sub(rewards, tf.mul(this.temperature.current(), logProbs)) as tf.Tensor1D),
      continues,
      discount,
    });

    // Gradients are those of variables.
    const states = stateGradient ? tf.variable(observations) : observations;
    const { loss, gradients } = lossAndGradients(
      () => criticLoss(critics.apply([states as tf.Tensor2D, actions]), targets),
      states instanceof tf.Variable ? [critics.parameters, states] : [critics.parameters],
    );
    if (states instanceof tf.Variable) states.dispose();
    this.criticOptimizer.step(gradients.slice(0, 1));

    if (target instanceof StateValue) target.follow(targetRate);
    else polyakStep(target.parameters, critics.parameters, targetRate);
    return {
      metrics: { ...value, criticLoss: loss, meanTarget: tf.mean(targets) },
      ...(stateGradient && { stateGradient: gradients[1] as tf.Tensor2D }),
    };
  }

  /** Equation 9. */
  updateActor(states: tf.Tensor2D, noise: Rng): ActorUpdate {
    const temperature = this.temperature.current();
    let entropy: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const policy = this.actor.at(states);
      const { action, logRatio } = policy.sample(noise);
      const values = this.critics.apply([states, action]);
      const objective = actorLoss({ values, logProb: logRatio, temperature });
      entropy = tf.keep(objective.entropy);
      return policy.penalty === undefined ? objective.loss : tf.add(objective.loss, policy.penalty());
    }, this.actor.variables);
    this.actorOptimizer.step(gradients);
    return { actorLoss: loss, entropy: inScope(entropy!) };
  }

  /** Equation 18. */
  updateTemperature(entropy: ActorUpdate['entropy']): tf.Scalar {
    const before = this.temperature.current();
    this.temperature.learn(entropy);
    return before;
  }

  describeActor(part: string): DescribedActor {
    return this.actor.describe(part);
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

  /** What an estimate of V(s) is made of, for each state: one action of the policy, and what these critics say of it. */
  private drawValues(critics: MlpEnsemble, states: tf.Tensor2D, noise: Rng): SoftValueInputs {
    const { action, logRatio } = this.actor.at(states).sample(noise);
    const values = critics.apply([states, action]);
    return { values, logProb: logRatio, temperature: this.temperature.current() };
  }
}
