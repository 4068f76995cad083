import { importanceSoftValue, polyakStep, repeatRows } from '@maxent/backend';
import type { AgentContext, BoxArray, PolicyDescription } from '@maxent/core';
import { Adam, lossAndGradients, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { describeNetworks } from '../describe-network.js';
import { type AgentPart, networkPart } from '../learner/agent-parts.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import type { TransitionBatch } from '../learner/transition-replay.js';
import { bellmanTarget, criticLoss } from '../sac/losses.js';
import type { ContinuousSoftQConfig } from './config.js';
import { FrozenSoftQ, softQLogDensity } from './frozen-soft-q.js';
import { ImplicitPolicyAgent } from './implicit-policy-agent.js';
import { type Proposals, policyProposals, uniformProposals } from './proposals.js';

/**
 * Soft Q-learning for continuous actions with an implicit policy (Haarnoja, Tang, Abbeel and Levine 2017,
 * "Reinforcement Learning with Deep Energy-Based Policies", arXiv 1702.08165, algorithm 1). Each gradient step lowers
 *
 *   (Q(s, a) - y)^2 / 2,  y = rewardScale r + discount V(s'),  V(s') = 0 where the episode terminated,
 *   V(s') = temperature log of the integral of exp(Q_target(s', a') / temperature) over the cube [-1, 1]^d,
 *
 * with the integral estimated from a few actions, and then moves the sampling network toward the policy pi(a | s) =
 * exp((Q(s, a) - V(s)) / temperature). Densities and entropies refer to the cube. Entropy is rewarded; charging
 * divergence from a uniform policy instead would give V - temperature d log 2.
 *
 * Observations of any space are flattened; actions must be a bounded Box and are scaled to the cube.
 */
export class ContinuousSoftQLearning extends ImplicitPolicyAgent {
  protected readonly learned: AgentPart;
  private readonly critics: MlpEnsemble;
  private readonly targetCritics: MlpEnsemble;
  private readonly optimizer: Adam;

  /** Throws SpaceMismatchError unless actions are a Box with finite bounds. */
  constructor(context: AgentContext, config: ContinuousSoftQConfig) {
    super(context, config, 'sql');
    this.critics = new MlpEnsemble({
      members: config.criticCount,
      inputSize: context.observationSpace.flatSize + this.actions.size,
      hiddenSizes: config.hiddenSizes,
      outputSize: 1,
      rng: context.rng.split('critics'),
    });
    this.targetCritics = this.critics.createTarget();
    this.optimizer = new Adam([this.critics.parameters], { learningRate: config.criticLearningRate });
    this.learned = this.partsWith({
      critics: networkPart(this.critics),
      targetCritics: networkPart(this.targetCritics),
      criticOptimizer: this.optimizer,
    });
  }

  logDensity(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor1D {
    return softQLogDensity(this.critics, this.config.temperature, observations, actions);
  }

  /** min_i Q_i(s, a), in units of (scaled) reward. */
  actionValue(observation: unknown, action: BoxArray): number {
    return this.leastValue(observation, action, (states, actions) => this.critics.apply([states, actions]));
  }

  /** A copy of the current Q-function, with its temperature; the caller disposes of it. */
  frozenSoftQ(): FrozenSoftQ {
    return new FrozenSoftQ(this.critics.createTarget(), this.config.temperature, this.normalization?.copy());
  }

  describePolicy(): PolicyDescription {
    const { modeNoise } = this;
    const sampler = describeNetworks('sampler', this.sampler.network);
    const critics = describeNetworks('critics', this.critics);
    const shape = [modeNoise.length / this.actions.size, this.actions.size];
    return this.describe({
      layers: sampler.networks[0]!,
      head: {
        type: 'implicit',
        noise: 'modeNoise',
        critics: critics.networks.map((layers) => this.normalized(layers)),
      },
      tensors: {
        ...sampler.tensors,
        ...critics.tensors,
        modeNoise: { shape, data: modeNoise.slice() },
      },
    });
  }

  protected learnValues({
    observations,
    actions,
    rewards,
    nextObservations,
    continues,
  }: TransitionBatch): StepMetrics {
    const { discount, targetEvery, targetRate } = this.config;
    const values = this.softValues(nextObservations);
    const target = bellmanTarget({ values, rewards, continues, discount });
    const { loss, gradients } = lossAndGradients(
      () => criticLoss(this.critics.apply([observations, actions]), target),
      [this.critics.parameters],
    );
    this.optimizer.step(gradients);
    if (this.optimizer.steps % targetEvery === 0) {
      polyakStep(this.targetCritics.parameters, this.critics.parameters, targetRate);
    }
    return { criticLoss: loss, meanTarget: this.inRewardUnits(tf.mean<tf.Scalar>(target)) };
  }

  /** Estimates of the target critics' V(s), [B, 1]. */
  private softValues(observations: tf.Tensor2D): tf.Tensor2D {
    const { valueParticles: perState, temperature } = this.config;
    const { actions, logDensities } = this.proposals(observations);
    const values = this.targetCritics.apply([repeatRows(observations, perState), actions]);
    const estimates = importanceSoftValue({ values, logDensities, perState, temperature });
    return tf.reshape(estimates, [observations.shape[0], 1]);
  }

  private proposals(observations: tf.Tensor2D): Proposals {
    const { valueParticles: perState, valueProposals } = this.config;
    const { noise } = this.streams;
    const { size } = this.actions;
    const [states] = observations.shape;
    if (valueProposals === 'uniform') return uniformProposals({ states, perState, size }, noise);
    const drawsPerState = perState >> 1;
    const draws = this.sampler.draw(observations, drawsPerState, noise);
    return policyProposals(tf.reshape(draws, [states, drawsPerState, size]), perState, noise);
  }
}
