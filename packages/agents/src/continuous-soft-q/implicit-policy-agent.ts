import { readTensor, tensorOf } from '@maxent/backend';
import {
  type ActOptions,
  type Agent,
  type AgentContext,
  type BoxArray,
  type Metrics,
  Rng,
  type Snapshot,
  type Space,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { drawAction } from '../action-coordinates.js';
import { ActionScaling } from '../action-scaling.js';
import { diverged } from '../action-values/backup.js';
import {
  type AgentPart,
  type AgentParts,
  disposeParts,
  loadParts,
  networkPart,
  saveParts,
} from '../agent-parts.js';
import { type ContinuousBatch, ContinuousReplay } from '../continuous-replay.js';
import { ObservationRow } from '../observation-row.js';
import { requireCounter, requireReplay, requireStream } from '../snapshot-parts.js';
import { requireTrainingMemory } from '../training-memory.js';
import { gradientStepsDue } from '../update-schedule.js';
import type { ContinuousSoftQConfig } from './config.js';
import { repeatRows, SamplingNetwork } from './sampling-network.js';

/** Draws of the policy among which a deterministic action is the most valuable one. */
const MODE_CANDIDATES = 32;

/**
 * An agent whose policy is a sampling network, trained towards the density exp(Q / temperature) of some soft
 * Q-function. Which Q-function that is, and whether it is learnt, is for a subclass to say.
 */
export abstract class ImplicitPolicyAgent implements Agent<unknown, BoxArray> {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly replay: ContinuousReplay;
  private readonly seen: ObservationRow;
  protected readonly scaling: ActionScaling;
  protected readonly sampler: SamplingNetwork;
  /** The same for every agent: a deterministic action must draw nothing. */
  protected readonly modeNoise: Float32Array;
  private readonly ownParts: AgentParts;
  private explorationRng: Rng;
  private replayRng: Rng;
  /** Of value estimates and of the sampler's training. */
  protected noiseRng: Rng;
  protected observed = 0;
  private lastMetrics: Metrics = {};

  protected constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    readonly config: ContinuousSoftQConfig,
    private readonly name: string,
  ) {
    this.observationSpace = observationSpace;
    this.seen = new ObservationRow(observationSpace);
    this.actionSpace = actionSpace;
    this.scaling = ActionScaling.of(actionSpace, name);
    const actionSize = this.scaling.size;
    const { hiddenSizes, batchSize, criticCount, valueParticles } = config;
    requireTrainingMemory({
      inputSize: observationSpace.flatSize + actionSize,
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
    this.replay = new ContinuousReplay({
      observationSpace,
      coordinates: this.scaling,
      capacity: config.replayCapacity,
      batchSize: config.batchSize,
      rewardScale: config.rewardScale,
      discount: config.discount,
    });
    this.sampler = new SamplingNetwork({
      observationSize: observationSpace.flatSize,
      actionSize,
      hiddenSizes: config.hiddenSizes,
      learningRate: config.samplerLearningRate,
      fixedParticles: config.fixedParticles,
      updatedParticles: config.updatedParticles,
      rng: rng.split('sampler'),
    });
    this.ownParts = { sampler: networkPart(this.sampler.network), samplerOptimizer: this.sampler.optimizer };
    this.modeNoise = new Float32Array(MODE_CANDIDATES * actionSize);
    Rng.fromSeed(0).fillNormal(this.modeNoise);
    this.explorationRng = rng.split('exploration');
    this.replayRng = rng.split('replay');
    this.noiseRng = rng.split('noise');
  }

  /**
   * Q(s, a) / temperature of each row: the log-density of the policy, up to a constant of the state. [rows]
   *
   * @param observations [rows, observation size]
   * @param actions in the cube [-1, 1]^d, [rows, d].
   */
  abstract logDensity(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor1D;

  /** What a subclass has to save beside the sampling network. */
  protected abstract valueParts(): Readonly<Record<string, AgentPart>>;

  /** A gradient step on the Q-function, if it is learnt; runs in a tidy. */
  protected abstract learnValues(batch: ContinuousBatch): Metrics;

  /**
   * Uniformly random while `learningStarts` lasts, then a draw of the sampling network. With `rng` given, always a draw
   * of it. An implicit policy has no mean; the deterministic action is the most valuable of some fixed draws.
   */
  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    this.seen.read(observation, 'act: observation');
    if (!deterministic && rng === undefined && this.observed < this.config.learningStarts) {
      return drawAction(this.scaling, this.explorationRng);
    }
    return this.scaling.decode(
      tf.tidy(() => {
        const observations = this.seen.tensor();
        return deterministic
          ? this.mostValuableDraw(observations)
          : readTensor(tf.tanh(this.sampler.draw(observations, 1, rng ?? this.explorationRng)));
      }),
    );
  }

  observe(transition: Transition<unknown, BoxArray>): void {
    this.replay.append(transition);
    this.observed += 1;
  }

  update(): UpdateResult {
    const due = gradientStepsDue(this.config, this.observed);
    for (let i = 0; i < due; i++) this.gradientStep();
    return { gradientSteps: due, metrics: () => this.lastMetrics };
  }

  save(): Snapshot {
    const { arrays, metadata } = saveParts(this.parts());
    return {
      arrays,
      rows: { replay: this.replay.log },
      metadata: {
        ...metadata,
        observed: this.observed,
        explorationRng: this.explorationRng.state(),
        replayRng: this.replayRng.state(),
        noiseRng: this.noiseRng.state(),
      },
    };
  }

  load(snapshot: Snapshot): void {
    const { name } = this;
    const before = saveParts(this.parts());
    try {
      const observed = requireCounter(snapshot, 'observed', name);
      const explorationRng = requireStream(snapshot, 'explorationRng', name);
      const replayRng = requireStream(snapshot, 'replayRng', name);
      const noiseRng = requireStream(snapshot, 'noiseRng', name);
      const replay = requireReplay(snapshot, name);
      loadParts(this.parts(), snapshot, name);
      this.replay.log.load(replay);
      Object.assign(this, { observed, explorationRng, replayRng, noiseRng });
    } catch (error) {
      // A replay that does not fit is left as it was; networks loaded before it are put back.
      loadParts(this.parts(), before, name);
      throw error;
    }
    this.lastMetrics = {};
  }

  dispose(): void {
    disposeParts(this.parts());
  }

  /** One gradient step on the Q-function, then one on the policy, as algorithm 1 orders them. */
  private gradientStep(): void {
    tf.tidy(() => {
      const batch = this.replay.sample(this.replayRng);
      const ofValues = this.learnValues(batch);
      const ofPolicy = this.sampler.improve(
        batch.observations,
        (observations, actions) => this.logDensity(observations, actions),
        this.noiseRng,
      );
      this.lastMetrics = { ...ofValues, ...ofPolicy };
    });
  }

  private parts(): AgentParts {
    return { ...this.ownParts, ...this.valueParts() };
  }

  /** [d] */
  private mostValuableDraw(observation: tf.Tensor2D): Float32Array {
    const { size } = this.scaling;
    const observations = repeatRows(observation, MODE_CANDIDATES);
    const noise = tensorOf<tf.Rank.R2>(this.modeNoise, [MODE_CANDIDATES, size]);
    const actions = tf.tanh(this.sampler.apply(observations, noise));
    const values = readTensor(this.logDensity(observations, actions));
    const best = values.indexOf(Math.max(...values));
    if (best < 0) throw diverged('the value of an action is NaN');
    return readTensor(actions).slice(best * size, (best + 1) * size);
  }
}
