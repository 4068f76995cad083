import type { ActOptions, AgentContext, BoxArray, PolicyDescription, Space } from '@maxent/core';
import { ActionScaling } from '../action-scaling.js';
import { Learner } from '../learner/learner.js';
import { NStepTransitions } from '../learner/n-step-transitions.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import { requireTrainingMemory } from '../learner/training-memory.js';
import { type TransitionBatch, TransitionReplay } from '../learner/transition-replay.js';
import { ActorCritic } from './actor-critic.js';
import type { SoftActorCriticConfig } from './config.js';
import { GaussianPolicy } from './gaussian-policy.js';
import type { ActorDesign } from './trainable-policy.js';

/**
 * Soft actor-critic with automatic temperature (Haarnoja et al. 2018, arXiv 1812.05905, algorithm 1): an actor
 * (tanh-Gaussian by default), independently initialized critics (two by default), and their Polyak-averaged targets.
 * Each gradient step updates critics, their targets, actor and temperature; all use the temperature from before the
 * step.
 *
 * With `valueNetwork` it is the algorithm's first version (arXiv 1801.01290, algorithm 1): the critics bootstrap from
 * the Polyak average of a state-value network, which each gradient step updates first.
 *
 * With `nStep` above 1 it learns from the actions that `act` drew, and from no others: see `ActorCritic.updateCritics`.
 *
 * Observations of any space are flattened; by default actions must be a bounded Box and are scaled to [-1, 1]. Another
 * `design` has its own policy, action coordinates and prior; entropy is then relative to that prior.
 */
export class SoftActorCritic extends Learner<BoxArray, 'exploration' | 'replay' | 'noise'> {
  protected readonly learned: ActorCritic;
  protected readonly experience: TransitionReplay | NStepTransitions;

  constructor(
    context: AgentContext,
    config: SoftActorCriticConfig,
    design: ActorDesign = gaussianDesign(context.actionSpace, config),
  ) {
    const { name, coordinates } = design;
    const streams = ['exploration', 'replay', 'noise'] as const;
    super(context, { name, streams, actions: coordinates, config, schedule: config });
    const observationSize = context.observationSpace.flatSize;
    const { hiddenSizes, batchSize, criticCount, nStep, replayCapacity: capacity } = config;
    requireTrainingMemory({
      inputSize: observationSize + coordinates.size,
      widths: { hiddenSizes },
      counts: { batchSize, criticCount },
    });
    const sizes = { observationSize, actionSize: coordinates.size, capacity, batchSize, ...this.view };
    this.experience = nStep === 1 ? new TransitionReplay(sizes) : new NStepTransitions({ ...sizes, nStep });
    this.learned = new ActorCritic({ stateSize: observationSize, design, config, rng: context.rng });
  }

  /**
   * A draw from the prior (uniform by default) for the first `learningStarts` steps, then a sample from the policy. If
   * deterministic, the policy's mode, which is tanh(mean) for a Gaussian. With `rng`, always a sample from the policy.
   */
  act(observation: unknown, options: ActOptions): BoxArray {
    const { experience, learned } = this;
    if (!(experience instanceof NStepTransitions) || options.deterministic || options.rng !== undefined) {
      return this.choose(observation, options, (states, rng) => learned.act(states, rng));
    }
    let logProb = this.actions.priorLogProb ?? 0;
    const action = this.choose(observation, options, (states, rng) => {
      const drawn = learned.draw(states, rng!);
      logProb = drawn.logProb;
      return drawn.action;
    });
    const coordinates = new Float32Array(this.actions.size);
    this.actions.encode(action, coordinates);
    experience.remember(coordinates, logProb, options.environment);
    return action;
  }

  /** min_i Q_i(s, a), in units of (scaled) reward. */
  actionValue(observation: unknown, action: BoxArray): number {
    return this.leastValue(observation, action, (states, actions) => this.learned.values(states, actions));
  }

  describePolicy(): PolicyDescription {
    return this.describe(this.learned.describeActor('actor'));
  }

  protected gradientStep(): StepMetrics {
    const { batch, metrics } = this.criticStep();
    const actor = this.learned.updateActor(batch.observations, this.streams.noise);
    const temperature = this.learned.updateTemperature(actor.entropy);
    return { ...metrics, ...actor, temperature };
  }

  /** The part of a gradient step that updates the critics and their targets, on a batch that it draws. */
  protected criticStep(): { readonly batch: TransitionBatch; readonly metrics: StepMetrics } {
    const { replay, noise } = this.streams;
    const batch = this.experience.sample(replay);
    const { metrics } = this.learned.updateCritics(batch, noise);
    return { batch, metrics: { ...metrics, meanTarget: this.inRewardUnits(metrics.meanTarget) } };
  }
}

function gaussianDesign(actionSpace: Space<unknown>, { hiddenSizes }: SoftActorCriticConfig): ActorDesign {
  return {
    name: 'sac',
    coordinates: ActionScaling.of(actionSpace, 'sac'),
    makePolicy: (options) => new GaussianPolicy({ ...options, hiddenSizes }),
  };
}
