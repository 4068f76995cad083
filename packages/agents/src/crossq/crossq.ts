import type { ActOptions, AgentContext, BoxArray, PolicyDescription } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { ActionScaling } from '../action-scaling.js';
import { Learner } from '../learner/learner.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import { requireTrainingMemory } from '../learner/training-memory.js';
import { TransitionReplay } from '../learner/transition-replay.js';
import type { CrossQConfig } from './config.js';
import { NormalizedActorCritic } from './normalized-actor-critic.js';

/**
 * CrossQ (Bhatt et al. 2024, "CrossQ: Batch Normalization in Deep Reinforcement Learning for Greater Sample Efficiency and
 * Simplicity", arXiv 1902.05605): soft actor-critic with batch normalization in critics and actor, one pass of the critics
 * over (s, a) and (s', a') together, and no target networks. Every `policyDelay`-th gradient step also updates actor and
 * temperature; all losses use the temperature from before the step.
 *
 * Observations of any space are flattened; actions must be a bounded Box and are scaled to [-1, 1].
 */
export class CrossQ extends Learner<BoxArray, 'exploration' | 'replay' | 'noise'> {
  protected readonly learned: NormalizedActorCritic;
  protected readonly experience: TransitionReplay;
  private readonly policyDelay: number;

  constructor(context: AgentContext, config: CrossQConfig) {
    const actions = ActionScaling.of(context.actionSpace, 'crossq');
    const streams = ['exploration', 'replay', 'noise'] as const;
    super(context, {
      name: 'crossq',
      streams,
      actions,
      // The first normalization of each network is the observations'.
      config: { ...config, normalizeObservations: false },
      schedule: config,
    });
    const sizes = { observationSize: context.observationSpace.flatSize, actionSize: actions.size };
    const { hiddenSizes, criticHiddenSizes, batchSize, criticCount, replayCapacity: capacity } = config;
    requireTrainingMemory({
      inputSize: sizes.observationSize + sizes.actionSize,
      // The critics see two rows of each transition.
      widths: { hiddenSizes, criticHiddenSizes: [...criticHiddenSizes, ...criticHiddenSizes] },
      counts: { batchSize, criticCount },
    });
    this.policyDelay = config.policyDelay;
    this.experience = new TransitionReplay({ ...sizes, capacity, batchSize, ...this.view });
    const targetEntropy = config.targetEntropy === 'auto' ? actions.targetEntropy : config.targetEntropy;
    this.learned = new NormalizedActorCritic({ ...sizes, targetEntropy, config, rng: context.rng });
  }

  /**
   * A draw from the uniform distribution for the first `learningStarts` steps, then a sample from the policy. If
   * deterministic, tanh of the mean. With `rng`, always a sample from the policy.
   */
  act(observation: unknown, options: ActOptions): BoxArray {
    return this.choose(observation, options, (observations, rng) => this.learned.act(observations, rng));
  }

  /** min_i Q_i(s, a) of the critics as they are evaluated, by their running statistics; in units of (scaled) reward. */
  actionValue(observation: unknown, action: BoxArray): number {
    return this.leastValue(observation, action, (states, actions) => this.learned.values(states, actions));
  }

  describePolicy(): PolicyDescription {
    return this.describe(this.learned.describeActor('actor'));
  }

  protected gradientStep(): StepMetrics {
    const { replay, noise } = this.streams;
    const batch = this.experience.sample(replay);
    const critics = this.learned.updateCritics(batch, noise);
    const updates = this.gradientSteps + 1;
    if (updates % this.policyDelay === 0) this.learned.updateActor(batch.observations, noise);
    return {
      ...critics,
      meanTarget: this.inRewardUnits(critics.meanTarget as tf.Scalar),
      ...(updates >= this.policyDelay && this.learned.actorMetrics()),
    };
  }
}
