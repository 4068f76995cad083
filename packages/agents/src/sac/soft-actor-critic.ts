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
import { TanhNormal } from '@maxent/distributions';
import { Adam, lossAndGradients, Mlp, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { ActionScaling } from '../action-scaling.js';
import { type AgentParts, disposeParts, loadParts, networkPart, saveParts } from '../agent-parts.js';
import { type ContinuousBatch, ContinuousReplay } from '../continuous-replay.js';
import { criticInput } from '../critics.js';
import { createLogTemperature, loadLogTemperature } from '../log-temperature.js';
import { observationRow } from '../observation-row.js';
import { requireCounter, requireReplay, requireStream } from '../snapshot-parts.js';
import { gradientStepsDue } from '../update-schedule.js';
import type { SoftActorCriticConfig } from './config.js';
import { actorLoss, bellmanTarget, criticLoss, logTemperatureGradient, softStateValue } from './losses.js';
import { StateValue } from './state-value.js';

/** Scalars of the last gradient step, on the backend until somebody asks for them. */
interface StepStatistics {
  readonly valueLoss?: tf.Scalar;
  readonly criticLoss: tf.Scalar;
  readonly actorLoss: tf.Scalar;
  readonly meanTarget: tf.Scalar;
  readonly meanLogProbability: tf.Scalar;
  readonly temperature: tf.Scalar;
}

/**
 * Soft actor-critic with automatic temperature (Haarnoja et al. 2018, arXiv 1812.05905, algorithm 1): a
 * tanh-Gaussian actor, critics (two of them by default) initialised independently and their Polyak-averaged targets.
 * Each gradient step updates, in this order, critics, actor, temperature, targets; all use the temperature from before
 * the step.
 *
 * With `valueNetwork` it is the algorithm's first version (arXiv 1801.01290, algorithm 1): the critics bootstrap from
 * the Polyak average of a state-value network, which each gradient step updates first.
 *
 * Observations of any space are flattened; actions must be a bounded Box and are scaled to [-1, 1].
 */
export class SoftActorCritic implements Agent<unknown, BoxArray> {
  private readonly observationSpace: Space<unknown>;
  private readonly scaling: ActionScaling;
  private readonly targetEntropy: number;
  private readonly actor: Mlp;
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
  ) {
    this.observationSpace = observationSpace;
    this.scaling = ActionScaling.of(actionSpace, 'sac');
    this.targetEntropy = config.targetEntropy === 'auto' ? -this.scaling.size : config.targetEntropy;
    const observationSize = observationSpace.flatSize;
    const actionSize = this.scaling.size;
    const { hiddenSizes } = config;

    this.actor = new Mlp({
      inputSize: observationSize,
      hiddenSizes,
      outputSize: 2 * actionSize,
      rng: rng.split('actor'),
    });
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
    this.actorOptimizer = new Adam([this.actor.parameters], {
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
      actor: networkPart(this.actor),
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
      scaling: this.scaling,
      capacity: config.replayCapacity,
      batchSize: config.batchSize,
      rewardScale: config.rewardScale,
    });
    this.explorationRng = rng.split('exploration');
    this.replayRng = rng.split('replay');
    this.noiseRng = rng.split('noise');
  }

  /**
   * Uniformly random while `learningStarts` lasts, then a sample from the policy; tanh(mean) when deterministic. With
   * `rng` given, always a sample from the policy.
   */
  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    if (!deterministic && rng === undefined && this.observed < this.config.learningStarts) {
      return this.scaling.randomAction(this.explorationRng);
    }
    const action = tf.tidy(() => {
      const policy = this.policy(observationRow(this.observationSpace, observation));
      return deterministic ? policy.mode() : policy.sampleAndLogProb(rng ?? this.explorationRng).sample;
    });
    const cube = readTensor(action);
    action.dispose();
    return this.scaling.fromCube(cube);
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
      const observed = requireCounter(snapshot, 'observed', 'sac');
      const explorationRng = requireStream(snapshot, 'explorationRng', 'sac');
      const replayRng = requireStream(snapshot, 'replayRng', 'sac');
      const noiseRng = requireStream(snapshot, 'noiseRng', 'sac');
      const replay = requireReplay(snapshot, 'sac');
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
    loadParts(this.parts, snapshot, 'sac');
    loadLogTemperature(this.logTemperature, snapshot, 'sac');
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
        this.temperatureOptimizer.step([
          logTemperatureGradient(actor.meanLogProbability, this.targetEntropy),
        ]);
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
  ): Pick<StepStatistics, 'actorLoss' | 'meanLogProbability'> {
    let meanLogProbability: tf.Scalar | undefined;
    const { loss, gradients } = lossAndGradients(() => {
      const { sample: action, logProb } = this.policy(observations).sampleAndLogProb(this.noiseRng);
      meanLogProbability = tf.keep(tf.mean(logProb)) as tf.Scalar;
      const values = this.critics.apply(criticInput(observations, action));
      return actorLoss(values, logProb, temperature);
    }, [this.actor.parameters]);
    this.actorOptimizer.step(gradients);
    return { actorLoss: loss, meanLogProbability: meanLogProbability! };
  }

  /** An estimate of V(s) for each observation, from these critics and one action of the policy, [B]. */
  private softValue(critics: MlpEnsemble, observations: tf.Tensor2D, temperature: tf.Scalar): tf.Tensor1D {
    const { sample, logProb } = this.policy(observations).sampleAndLogProb(this.noiseRng);
    return softStateValue(critics.apply(criticInput(observations, sample)), logProb, temperature);
  }

  /** pi(. | s) for each observation, over actions in the cube. */
  private policy(observations: tf.Tensor2D): TanhNormal {
    return new TanhNormal({ head: this.actor.apply(observations) });
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
      entropy: -readScalar(statistics.meanLogProbability),
      temperature: readScalar(statistics.temperature),
    };
  }
}
