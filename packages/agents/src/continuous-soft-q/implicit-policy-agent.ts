import { readTensor, repeatRows, tensorOf } from '@maxent/backend';
import { type ActOptions, type AgentContext, type BoxArray, Rng, type Space } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { ActionScaling } from '../action-scaling.js';
import { diverged } from '../action-values/backup.js';
import { type AgentPart, type AgentParts, joinParts, networkPart } from '../learner/agent-parts.js';
import { Learner } from '../learner/learner.js';
import type { StepMetrics } from '../learner/step-metrics.js';
import { requireTrainingMemory } from '../learner/training-memory.js';
import { type TransitionBatch, TransitionReplay } from '../learner/transition-replay.js';
import type { ContinuousSoftQConfig } from './config.js';
import { SamplingNetwork } from './sampling-network.js';

/** A deterministic action is the most valuable of this many draws from the policy. */
const MODE_CANDIDATES = 32;

/**
 * An agent whose policy is a sampling network, trained toward the density exp(Q / temperature) of some soft Q-function.
 * The subclass decides which Q-function that is and whether it is learned.
 */
export abstract class ImplicitPolicyAgent extends Learner<BoxArray, 'exploration' | 'replay' | 'noise'> {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly replay: TransitionReplay;
  protected readonly sampler: SamplingNetwork;
  /** The same for every agent: a deterministic action must not draw random numbers. */
  protected readonly modeNoise: Float32Array;

  protected constructor(
    context: AgentContext,
    readonly config: ContinuousSoftQConfig,
    name: string,
  ) {
    const { observationSpace, actionSpace, rng } = context;
    const actions = ActionScaling.of(actionSpace, name);
    const streams = ['exploration', 'replay', 'noise'] as const;
    super(context, { name, streams, actions, config, schedule: config });
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    const observationSize = observationSpace.flatSize;
    const actionSize = actions.size;
    const { hiddenSizes, batchSize, criticCount, valueParticles } = config;
    requireTrainingMemory({
      inputSize: observationSize + actionSize,
      widths: { hiddenSizes },
      counts: { batchSize, criticCount, valueParticles },
    });
    // Stein variational gradient descent compares each of its fixed actions of a state with each one it moves.
    const { fixedParticles, updatedParticles } = config;
    requireTrainingMemory({
      inputSize: actionSize,
      widths: {},
      counts: { batchSize, fixedParticles, updatedParticles },
    });
    this.replay = new TransitionReplay({
      observationSize,
      actionSize,
      capacity: config.replayCapacity,
      batchSize,
      ...this.view,
    });
    this.sampler = new SamplingNetwork({
      observationSize,
      actionSize,
      hiddenSizes: config.hiddenSizes,
      learningRate: config.samplerLearningRate,
      fixedParticles: config.fixedParticles,
      updatedParticles: config.updatedParticles,
      rng: rng.split('sampler'),
    });
    this.modeNoise = new Float32Array(MODE_CANDIDATES * actionSize);
    Rng.fromSeed(0).fillNormal(this.modeNoise);
  }

  protected get experience(): TransitionReplay {
    return this.replay;
  }

  /**
   * Q(s, a) / temperature of each row: the log-density of the policy, up to a constant for each state. [rows]
   *
   * @param observations [rows, observation size]
   * @param actions in the cube [-1, 1]^d, [rows, d].
   */
  abstract logDensity(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor1D;

  /** A gradient step on the Q-function, if it is learned. */
  protected abstract learnValues(batch: TransitionBatch): StepMetrics;

  /**
   * Uniformly random for the first `learningStarts` steps, then a draw from the sampling network. With `rng`, always a
   * draw from the network. An implicit policy has no mean; the deterministic action is the most valuable of some fixed
   * draws.
   */
  act(observation: unknown, options: ActOptions): BoxArray {
    return this.choose(observation, options, (observations, rng) =>
      rng === undefined
        ? this.mostValuableDraw(observations)
        : readTensor(tf.tanh(this.sampler.draw(observations, 1, rng))),
    );
  }

  /** One gradient step on the Q-function, then one on the policy, in the order of algorithm 1. */
  protected gradientStep(): StepMetrics {
    const batch = this.replay.sample(this.streams.replay);
    const ofValues = this.learnValues(batch);
    const ofPolicy = this.sampler.improve(
      batch.observations,
      (observations, actions) => this.logDensity(observations, actions),
      this.streams.noise,
    );
    return { ...ofValues, ...ofPolicy };
  }

  /** The sampling network and `values`: everything that is learned. */
  protected partsWith(values: AgentParts): Required<AgentPart> {
    const { network, optimizer } = this.sampler;
    return joinParts(this.name, { sampler: networkPart(network), samplerOptimizer: optimizer, ...values });
  }

  /** [d] */
  private mostValuableDraw(observation: tf.Tensor2D): Float32Array {
    const { size } = this.actions;
    const observations = repeatRows(observation, MODE_CANDIDATES);
    const noise = tensorOf<tf.Rank.R2>(this.modeNoise, [MODE_CANDIDATES, size]);
    const actions = tf.tanh(this.sampler.apply(observations, noise));
    const values = readTensor(this.logDensity(observations, actions));
    const best = values.indexOf(Math.max(...values));
    if (best < 0) throw diverged('the value of an action is NaN');
    return readTensor(actions).slice(best * size, (best + 1) * size);
  }
}
