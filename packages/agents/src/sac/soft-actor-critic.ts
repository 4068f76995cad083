import { fillTensor, polyakStep, readScalar, readTensor } from '@maxent/backend';
import {
  type ActOptions,
  type Agent,
  type AgentContext,
  type BoxArray,
  joinSnapshots,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type Space,
  splitSnapshot,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import { TanhNormal } from '@maxent/distributions';
import { Adam, lossAndGradients, Mlp, MlpEnsemble } from '@maxent/nn';
import { ReplayBuffer } from '@maxent/replay';
import * as tf from '@tensorflow/tfjs-core';
import { ActionScaling } from '../action-scaling.js';
import type { SoftActorCriticConfig } from './config.js';
import { actorLoss, criticLoss, logTemperatureGradient, softTarget } from './losses.js';

const CRITICS = 2;

/** One minibatch on the backend. B is the batch size. */
interface Batch {
  /** [B, observation size] */
  readonly observations: tf.Tensor2D;
  /** Actions in the cube [-1, 1]^d, [B, d]. */
  readonly actions: tf.Tensor2D;
  /** [B] */
  readonly rewards: tf.Tensor1D;
  /** [B, observation size] */
  readonly nextObservations: tf.Tensor2D;
  /** 0 where the episode terminated, 1 elsewhere, [B]. */
  readonly continues: tf.Tensor1D;
}

/** Scalars of the last gradient step, on the backend until somebody asks for them. */
interface StepStatistics {
  readonly criticLoss: tf.Scalar;
  readonly actorLoss: tf.Scalar;
  readonly meanTarget: tf.Scalar;
  readonly meanLogProbability: tf.Scalar;
  readonly temperature: tf.Scalar;
}

/**
 * Soft actor-critic with automatic temperature (Haarnoja et al. 2018, arXiv 1812.05905, algorithm 1): a
 * tanh-Gaussian actor, two critics initialised independently and their Polyak-averaged targets. Each gradient step
 * updates, in this order, critics, actor, temperature, targets; all use the temperature from before the step.
 *
 * Observations of any space are flattened; actions must be a bounded Box and are scaled to [-1, 1].
 */
export class SoftActorCritic implements Agent<unknown, BoxArray> {
  private readonly observationSpace: Space<unknown>;
  private readonly scaling: ActionScaling;
  private readonly targetEntropy: number;
  private readonly actor: Mlp;
  private readonly critics: MlpEnsemble;
  private readonly targetCritics: MlpEnsemble;
  private readonly logTemperature: tf.Variable<tf.Rank.R0>;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly temperatureOptimizer: Adam;
  private readonly replay: ReplayBuffer<
    'observation' | 'action' | 'reward' | 'nextObservation' | 'terminated' | 'truncated'
  >;
  private readonly slots: Int32Array;
  /** The transition being appended, reused from step to step. */
  private readonly row: Readonly<Record<'observation' | 'action' | 'nextObservation', Float32Array>>;
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
      members: CRITICS,
      inputSize: observationSize + actionSize,
      hiddenSizes,
      outputSize: 1,
      rng: rng.split('critics'),
    });
    this.targetCritics = this.critics.createTarget();
    const temperature = config.temperature === 'auto' ? config.initialTemperature : config.temperature;
    this.logTemperature = tf.tidy(() => tf.variable(tf.scalar(Math.log(temperature))));

    const { maxGradientNorm } = config;
    const clipping = maxGradientNorm === null ? {} : { maxGradientNorm };
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

    this.replay = new ReplayBuffer({
      columns: {
        observation: { dataType: 'float32', width: observationSize },
        action: { dataType: 'float32', width: actionSize },
        reward: { dataType: 'float32', width: 1 },
        nextObservation: { dataType: 'float32', width: observationSize },
        terminated: { dataType: 'uint8', width: 1 },
        truncated: { dataType: 'uint8', width: 1 },
      },
      capacity: config.replayCapacity,
    });
    this.slots = new Int32Array(config.batchSize);
    this.row = {
      observation: new Float32Array(observationSize),
      action: new Float32Array(actionSize),
      nextObservation: new Float32Array(observationSize),
    };
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
      const cube = new Float32Array(this.scaling.size);
      this.explorationRng.fillUniform(cube, -1, 1);
      return this.scaling.fromCube(cube);
    }
    const action = tf.tidy(() => {
      const observations = fillTensor([1, this.observationSpace.flatSize], (array) =>
        this.observationSpace.flattenInto(observation, array),
      ) as tf.Tensor2D;
      const policy = this.policy(observations);
      return deterministic ? policy.mode() : policy.sampleAndLogProb(rng ?? this.explorationRng).sample;
    });
    const cube = readTensor(action);
    action.dispose();
    return this.scaling.fromCube(cube);
  }

  observe({
    observation,
    action,
    reward,
    nextObservation,
    terminated,
    truncated,
  }: Transition<unknown, BoxArray>): void {
    const { row } = this;
    this.observationSpace.flattenInto(observation, row.observation);
    this.observationSpace.flattenInto(nextObservation, row.nextObservation);
    this.scaling.toCube(action, row.action);
    this.replay.append({
      ...row,
      reward,
      terminated: Number(terminated),
      truncated: Number(truncated),
    });
    this.observed += 1;
  }

  update(): UpdateResult {
    const { learningStarts, trainEvery, gradientSteps } = this.config;
    const due = this.observed > learningStarts && this.observed % trainEvery === 0 ? gradientSteps : 0;
    for (let i = 0; i < due; i++) this.gradientStep();
    return { gradientSteps: due, metrics: () => this.metrics() };
  }

  save(): Snapshot {
    const parts = joinSnapshots({
      actor: { arrays: this.actor.namedArrays(), metadata: {} },
      critics: { arrays: this.critics.namedArrays(), metadata: {} },
      targetCritics: { arrays: this.targetCritics.namedArrays(), metadata: {} },
      actorOptimizer: this.actorOptimizer.save(),
      criticOptimizer: this.criticOptimizer.save(),
      temperatureOptimizer: this.temperatureOptimizer.save(),
    });
    return {
      arrays: { ...parts.arrays, logTemperature: { shape: [], data: readTensor(this.logTemperature) } },
      rows: { replay: this.replay },
      metadata: {
        ...parts.metadata,
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
      const { observed, explorationRng, replayRng, noiseRng } = readMetadata(snapshot);
      const replay = snapshot.rows?.replay;
      if (replay === undefined) throw new SnapshotMismatchError('sac: the snapshot has no replay');
      this.loadNetworks(snapshot);
      this.replay.load(replay);
      Object.assign(this, { observed, explorationRng, replayRng, noiseRng });
    } catch (error) {
      // A replay that does not fit is left as it was; networks loaded before it are put back.
      this.loadNetworks(networksBefore);
      throw error;
    }
    this.dropStatistics();
  }

  dispose(): void {
    for (const part of [
      this.actor,
      this.critics,
      this.targetCritics,
      this.actorOptimizer,
      this.criticOptimizer,
      this.temperatureOptimizer,
    ]) {
      part.dispose();
    }
    this.logTemperature.dispose();
    this.dropStatistics();
  }

  private loadNetworks(snapshot: Snapshot): void {
    const part = (name: string): Snapshot => {
      const found = splitSnapshot(snapshot, name);
      if (found === undefined) throw new SnapshotMismatchError(`sac: the snapshot has no part "${name}"`);
      return found;
    };
    this.actor.loadNamedArrays(part('actor').arrays);
    this.critics.loadNamedArrays(part('critics').arrays);
    this.targetCritics.loadNamedArrays(part('targetCritics').arrays);
    this.actorOptimizer.load(part('actorOptimizer'));
    this.criticOptimizer.load(part('criticOptimizer'));
    this.temperatureOptimizer.load(part('temperatureOptimizer'));
    const logTemperature = snapshot.arrays.logTemperature?.data;
    if (!(logTemperature instanceof Float32Array) || logTemperature.length !== 1) {
      throw new SnapshotMismatchError('sac: the snapshot has no float32 scalar "logTemperature"');
    }
    tf.tidy(() => this.logTemperature.assign(tf.scalar(logTemperature[0]!)));
  }

  private dropStatistics(): void {
    tf.dispose({ ...this.statistics });
    this.statistics = undefined;
  }

  private gradientStep(): void {
    const previous = this.statistics;
    this.statistics = tf.tidy(() => {
      const batch = this.sampleBatch();
      const temperature = tf.exp(this.logTemperature) as tf.Scalar;
      const critic = this.updateCritics(batch, temperature);
      const actor = this.updateActor(batch, temperature);
      if (this.config.temperature === 'auto') {
        this.temperatureOptimizer.step([
          logTemperatureGradient(actor.meanLogProbability, this.targetEntropy),
        ]);
      }
      polyakStep(this.targetCritics.parameters, this.critics.parameters, this.config.targetRate);
      return { ...critic, ...actor, temperature };
    });
    tf.dispose({ ...previous });
  }

  private updateCritics(
    batch: Batch,
    temperature: tf.Scalar,
  ): Pick<StepStatistics, 'criticLoss' | 'meanTarget'> {
    const { observations, actions, rewards, nextObservations, continues } = batch;
    const next = this.policy(nextObservations).sampleAndLogProb(this.noiseRng);
    const target = softTarget({
      rewards,
      continues,
      nextValues: this.targetCritics.apply(criticInput(nextObservations, next.sample)),
      nextLogProbability: next.logProb,
      temperature,
      discount: this.config.discount,
    });
    const inputs = criticInput(observations, actions);
    const { loss, gradients } = lossAndGradients(
      () => criticLoss(this.critics.apply(inputs), target),
      [this.critics.parameters],
    );
    this.criticOptimizer.step(gradients);
    return { criticLoss: loss, meanTarget: tf.mean(target) };
  }

  private updateActor(
    { observations }: Batch,
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

  /** pi(. | s) for each observation, over actions in the cube. */
  private policy(observations: tf.Tensor2D): TanhNormal {
    return new TanhNormal({ head: this.actor.apply(observations) });
  }

  private sampleBatch(): Batch {
    const slots = this.replay.sampleSlots(this.replayRng, this.slots);
    const { batchSize } = this.config;
    const observationSize = this.observationSpace.flatSize;
    const gather = (name: 'observation' | 'action' | 'nextObservation', width: number) =>
      fillTensor([batchSize, width], (array) => this.replay.gatherInto(name, slots, array)) as tf.Tensor2D;
    return {
      observations: gather('observation', observationSize),
      actions: gather('action', this.scaling.size),
      rewards: fillTensor([batchSize], (array) =>
        this.replay.gatherInto('reward', slots, array),
      ) as tf.Tensor1D,
      nextObservations: gather('nextObservation', observationSize),
      continues: fillTensor([batchSize], (array) => {
        this.replay.gatherInto('terminated', slots, array);
        for (let i = 0; i < array.length; i++) array[i] = 1 - array[i]!;
      }) as tf.Tensor1D,
    };
  }

  private metrics() {
    if (this.statistics === undefined) return {};
    const { statistics } = this;
    return {
      criticLoss: readScalar(statistics.criticLoss),
      actorLoss: readScalar(statistics.actorLoss),
      meanTarget: readScalar(statistics.meanTarget),
      entropy: -readScalar(statistics.meanLogProbability),
      temperature: readScalar(statistics.temperature),
    };
  }
}

/** [B, observation size + d] */
function criticInput(observations: tf.Tensor2D, actions: tf.Tensor): tf.Tensor2D {
  return tf.concat([observations, actions], 1) as tf.Tensor2D;
}

/** The counters and random streams of a snapshot. Throws SnapshotMismatchError when one is missing or malformed. */
function readMetadata({ metadata }: Snapshot) {
  const { observed } = metadata;
  if (!Number.isSafeInteger(observed) || (observed as number) < 0) {
    throw new SnapshotMismatchError(`sac: observed must be a whole number, got ${JSON.stringify(observed)}`);
  }
  const stream = (name: string): Rng => {
    try {
      return Rng.fromState(metadata[name]);
    } catch (cause) {
      throw new SnapshotMismatchError(`sac: the snapshot's "${name}" is no random stream`, { cause });
    }
  };
  return {
    observed: observed as number,
    explorationRng: stream('explorationRng'),
    replayRng: stream('replayRng'),
    noiseRng: stream('noiseRng'),
  };
}
