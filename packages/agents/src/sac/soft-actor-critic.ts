import { polyakStep, readScalar, readTensor } from '@maxent/backend';
import type {
  ActOptions,
  Agent,
  AgentContext,
  BoxArray,
  Rng,
  Snapshot,
  Space,
  Transition,
  UpdateResult,
} from '@maxent/core';
import { Adam, lossAndGradients, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type ActionCoordinates, drawAction } from '../action-coordinates.js';
import { ActionScaling } from '../action-scaling.js';
import { type AgentParts, disposeParts, loadParts, networkPart, saveParts } from '../agent-parts.js';
import { type ContinuousBatch, ContinuousReplay } from '../continuous-replay.js';
import { criticInput } from '../critics.js';
import { createLogTemperature, loadLogTemperature } from '../log-temperature.js';
import { observationRow } from '../observation-row.js';
import { requireCounter, requireReplay, requireStream } from '../snapshot-parts.js';
import { gradientStepsDue } from '../update-schedule.js';
import type { SoftActorCriticConfig } from './config.js';
import { GaussianPolicy } from './gaussian-policy.js';
import { actorLoss, bellmanTarget, criticLoss, logTemperatureGradient, softStateValue } from './losses.js';
import { StateValue } from './state-value.js';
import type { ActorDesign, TrainablePolicy } from './trainable-policy.js';

/** Scalars of the last gradient step, on the backend until somebody asks for them. */
interface StepStatistics {
  readonly valueLoss?: tf.Scalar;
  readonly criticLoss: tf.Scalar;
  readonly actorLoss: tf.Scalar;
  readonly meanTarget: tf.Scalar;
  readonly meanLogRatio: tf.Scalar;
  readonly temperature: tf.Scalar;
}

/**
 * Soft actor-critic with automatic temperature (Haarnoja et al. 2018, arXiv 1812.05905, algorithm 1): an
 * actor, by default a tanh-Gaussian one, critics (two of them by default) initialised independently and their Polyak-averaged targets.
 * Each gradient step updates, in this order, critics, actor, temperature, targets; all use the temperature from before
 * the step.
 *
 * With `valueNetwork` it is the algorithm's first version (arXiv 1801.01290, algorithm 1): the critics bootstrap from
 * the Polyak average of a state-value network, which each gradient step updates first.
 *
 * Observations of any space are flattened; by default actions must be a bounded Box and are scaled to [-1, 1]. Another
 * `design` brings its own policy, coordinates of actions and prior, relative to which entropy is then meant.
 */
export class SoftActorCritic implements Agent<unknown, BoxArray> {
  private readonly observationSpace: Space<unknown>;
  private readonly name: string;
  private readonly coordinates: ActionCoordinates;
  private readonly targetEntropy: number;
  private readonly actor: TrainablePolicy;
  private readonly critics: MlpEnsemble;
  /** What the critics bootstrap from: their own average, or that of a state-value network. */
  private readonly target: MlpEnsemble | StateValue;
  private readonly logTemperature: tf.Variable<tf.Rank.R0>;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly temperatureOptimizer: Adam;
  private readonly replay: ContinuousReplay;
  private readonly parts: AgentParts;
  private explorationRng: Rng;
  private replayRng: Rng;
  private noiseRng: Rng;
  private observed = 0;
  private statistics: StepStatistics | undefined;

  constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    private readonly config: SoftActorCriticConfig,
    design: ActorDesign = gaussianDesign(actionSpace, config),
  ) {
    this.observationSpace = observationSpace;
    this.name = design.name;
    this.coordinates = design.coordinates;
    this.targetEntropy =
      config.targetEntropy === 'auto' ? this.coordinates.targetEntropy : config.targetEntropy;
    const observationSize = observationSpace.flatSize;
    const actionSize = this.coordinates.size;
    const { hiddenSizes } = config;

    this.actor = design.makePolicy({ observationSize, actionSize, rng: rng.split('actor') });
    this.critics = new MlpEnsemble({
      members: config.criticCount,
      inputSize: observationSize + actionSize,
      hiddenSizes,
      outputSize: 1,
      rng: rng.split('critics'),
    });
    this.logTemperature = createLogTemperature(config);

    const { maxGradientNorm } = config;
    const clipping = maxGradientNorm === null ? {} : { maxGradientNorm };
    this.target = config.valueNetwork
      ? new StateValue({
          inputSize: observationSize,
          hiddenSizes,
          learningRate: config.criticLearningRate,
          ...clipping,
          rng: rng.split('value'),
        })
      : this.critics.createTarget();
    this.actorOptimizer = new Adam(this.actor.variables, {
      learningRate: config.actorLearningRate,
      ...clipping,
    });
    this.criticOptimizer = new Adam([this.critics.parameters], {
      learningRate: config.criticLearningRate,
      ...clipping,
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

    this.replay = new ContinuousReplay({
      observationSpace,
      coordinates: this.coordinates,
      capacity: config.replayCapacity,
      batchSize: config.batchSize,
      rewardScale: config.rewardScale,
      discount: config.discount,
    });
    this.explorationRng = rng.split('exploration');
    this.replayRng = rng.split('replay');
    this.noiseRng = rng.split('noise');
  }

  /**
   * A draw from the prior (uniform, by default) while `learningStarts` lasts, then a sample from the policy; its mode,
   * for a Gaussian tanh(mean), when deterministic. With `rng` given, always a sample from the policy.
   */
  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    if (!deterministic && rng === undefined && this.observed < this.config.learningStarts) {
      return drawAction(this.coordinates, this.explorationRng);
    }
    const action = tf.tidy(() => {
      const policy = this.actor.at(observationRow(this.observationSpace, observation));
      return deterministic ? policy.mode() : policy.sample(rng ?? this.explorationRng).action;
    });
    const coordinates = readTensor(action);
    action.dispose();
    return this.coordinates.decode(coordinates);
  }

  observe(transition: Transition<unknown, BoxArray>): void {
    this.replay.append(transition);
    this.observed += 1;
  }

  update(): UpdateResult {
    const due = gradientStepsDue(this.config, this.observed);
    for (let i = 0; i < due; i++) this.gradientStep();
    return { gradientSteps: due, metrics: () => this.metrics() };
  }

  save(): Snapshot {
    const { arrays, metadata } = saveParts(this.parts);
    return {
      arrays: { ...arrays, logTemperature: { shape: [], data: readTensor(this.logTemperature) } },
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
    const networksBefore = this.save();
    try {
      const observed = requireCounter(snapshot, 'observed', this.name);
      const explorationRng = requireStream(snapshot, 'explorationRng', this.name);
      const replayRng = requireStream(snapshot, 'replayRng', this.name);
      const noiseRng = requireStream(snapshot, 'noiseRng', this.name);
      const replay = requireReplay(snapshot, this.name);
      this.loadNetworks(snapshot);
      this.replay.log.load(replay);
      Object.assign(this, { observed, explorationRng, replayRng, noiseRng });
    } catch (error) {
      // A replay that does not fit is left as it was; networks loaded before it are put back.
      this.loadNetworks(networksBefore);
      throw error;
    }
    this.dropStatistics();
  }

  dispose(): void {
    disposeParts(this.parts);
    this.logTemperature.dispose();
    this.dropStatistics();
  }

  private loadNetworks(snapshot: Snapshot): void {
    loadParts(this.parts, snapshot, this.name);
    loadLogTemperature(this.logTemperature, snapshot, this.name);
  }

  private dropStatistics(): void {
    tf.dispose({ ...this.statistics });
    this.statistics = undefined;
  }

  private gradientStep(): void {
    const previous = this.statistics;
    this.statistics = tf.tidy(() => {
      const batch = this.replay.sample(this.replayRng);
      const temperature = tf.exp(this.logTemperature) as tf.Scalar;
      const { target } = this;
      const value =
        target instanceof StateValue
          ? {
              valueLoss: target.learn(
                batch.observations,
                this.softValue(this.critics, batch.observations, temperature),
              ),
            }
          : {};
      const critic = this.updateCritics(batch, temperature);
      const actor = this.updateActor(batch, temperature);
      if (this.config.temperature === 'auto') {
        this.temperatureOptimizer.step([logTemperatureGradient(actor.meanLogRatio, this.targetEntropy)]);
      }
      if (target instanceof StateValue) target.follow(this.config.targetRate);
      else polyakStep(target.parameters, this.critics.parameters, this.config.targetRate);
      return { ...value, ...critic, ...actor, temperature };
    });
    tf.dispose({ ...previous });
  }

  private updateCritics(
    batch: ContinuousBatch,
    temperature: tf.Scalar,
  ): Pick<StepStatistics, 'criticLoss' | 'meanTarget'> {
    const { observations, actions, rewards, nextObservations, continues } = batch;
    const nextValues =
      this.target instanceof StateValue
        ? this.target.ofTarget(nextObservations)
        : this.softValue(this.target, nextObservations, temperature);
    const target = bellmanTarget({ rewards, continues, nextValues, discount: this.config.discount });
    const inputs = criticInput(observations, actions);
    const { loss, gradients } = lossAndGradients(
      () => criticLoss(this.critics.apply(inputs), target),
      [this.critics.parameters],
    );
    this.criticOptimizer.step(gradients);
    return { criticLoss: loss, meanTarget: tf.mean(target) };
  }

  private updateActor(
    { observations }: ContinuousBatch,
    temperature: tf.Scalar,
  ): Pick<StepStatistics, 'actorLoss' | 'meanLogRatio'> {
    let meanLogRatio: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const { action, logRatio } = this.actor.at(observations).sample(this.noiseRng);
      meanLogRatio = tf.keep(tf.mean(logRatio)) as tf.Scalar;
      const values = this.critics.apply(criticInput(observations, action));
      return actorLoss(values, logRatio, temperature);
    }, this.actor.variables);
    this.actorOptimizer.step(gradients);
    return { actorLoss: loss, meanLogRatio: meanLogRatio! };
  }

  /** An estimate of V(s) for each observation, from these critics and one action of the policy, [B]. */
  private softValue(critics: MlpEnsemble, observations: tf.Tensor2D, temperature: tf.Scalar): tf.Tensor1D {
    const { action, logRatio } = this.actor.at(observations).sample(this.noiseRng);
    return softStateValue(critics.apply(criticInput(observations, action)), logRatio, temperature);
  }

  private metrics() {
    if (this.statistics === undefined) return {};
    const { statistics } = this;
    const { valueLoss } = statistics;
    return {
      ...(valueLoss !== undefined && { valueLoss: readScalar(valueLoss) }),
      criticLoss: readScalar(statistics.criticLoss),
      actorLoss: readScalar(statistics.actorLoss),
      meanTarget: readScalar(statistics.meanTarget),
      entropy: -readScalar(statistics.meanLogRatio),
      temperature: readScalar(statistics.temperature),
    };
  }
}

function gaussianDesign(actionSpace: Space<unknown>, { hiddenSizes }: SoftActorCriticConfig): ActorDesign {
  return {
    name: 'sac',
    coordinates: ActionScaling.of(actionSpace, 'sac'),
    makePolicy: (options) => new GaussianPolicy({ ...options, hiddenSizes }),
  };
}
