import { polyakStep, readScalar, readTensor } from '@maxent/backend';
import {
  type ActOptions,
  type Agent,
  type AgentContext,
  encodeValue,
  type Metrics,
  type PolicyDescription,
  type Rng,
  requireForm,
  requireOutcome,
  type Snapshot,
  type Space,
  type Transition,
  type UpdateResult,
} from '@maxent/core';
import { Adam, lossAndGradients, Mlp, MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { drawAction, greedyAction } from '../action-values/backup.js';
import { type AgentParts, disposeParts, loadParts, networkPart, saveParts } from '../agent-parts.js';
import { describeNetworks } from '../describe-network.js';
import { DiscreteReplay } from '../discrete-replay.js';
import { createLogTemperature, loadLogTemperature } from '../log-temperature.js';
import { ObservationRow } from '../observation-row.js';
import { logTemperatureGradient } from '../sac/losses.js';
import { requireCounter, requireReplay, requireStream } from '../snapshot-parts.js';
import { requireDiscreteActions } from '../supported-spaces.js';
import { temporalDifferenceLoss } from '../temporal-difference-loss.js';
import { requireTrainingMemory } from '../training-memory.js';
import { gradientStepsDue } from '../update-schedule.js';
import type { DiscreteSacConfig } from './config.js';
import { discreteActorLoss, logSoftmaxInPlace, smallestValues, softStateValue } from './losses.js';

const NAME = 'discrete-sac';
const CRITICS = 2;

/** Of the last gradient step. */
type StepStatistics = Readonly<
  Record<'criticLoss' | 'actorLoss' | 'meanTarget' | 'entropy' | 'temperature', number>
>;

/**
 * Soft actor-critic for discrete actions (Christodoulou 2019, arXiv 1910.07207, algorithm 1): a softmax actor, two
 * critics initialised independently that value all actions at once, and their targets, Polyak-averaged or copied now and
 * then. Each gradient step updates, in this order, critics, actor, temperature, targets; all use the temperature from
 * before the step.
 *
 * Observations of any space are flattened; a Discrete one becomes one-hot. Throws SpaceMismatchError unless actions are
 * Discrete.
 */
export class DiscreteSoftActorCritic implements Agent<unknown, number> {
  private readonly observationSpace: Space<unknown>;
  private readonly seen: ObservationRow;
  private readonly actionSpace: Space<unknown>;
  private readonly actionCount: number;
  private readonly targetEntropy: number;
  private readonly actor: Mlp;
  private readonly critics: MlpEnsemble;
  private readonly targetCritics: MlpEnsemble;
  private readonly logTemperature: tf.Variable<tf.Rank.R0>;
  private readonly actorOptimizer: Adam;
  private readonly criticOptimizer: Adam;
  private readonly temperatureOptimizer: Adam;
  private readonly parts: AgentParts;
  private readonly replay: DiscreteReplay;
  private readonly targets: Float32Array;
  /** The transition being appended, reused from step to step. */
  private readonly row: { readonly observation: Float32Array; readonly nextObservation: Float32Array };
  private explorationRng: Rng;
  private replayRng: Rng;
  private observed = 0;
  private statistics: StepStatistics | undefined;

  constructor(
    { observationSpace, actionSpace, rng }: AgentContext,
    private readonly config: DiscreteSacConfig,
  ) {
    this.observationSpace = observationSpace;
    this.seen = new ObservationRow(observationSpace);
    this.actionSpace = actionSpace;
    this.actionCount = requireDiscreteActions(actionSpace, NAME).count;
    this.targetEntropy = config.targetEntropyFraction * Math.log(this.actionCount);
    const { hiddenSizes, batchSize, maxGradientNorm } = config;
    const inputSize = observationSpace.flatSize;
    const sizes = { inputSize, hiddenSizes, outputSize: this.actionCount };

    requireTrainingMemory({
      inputSize: inputSize + this.actionCount,
      widths: { hiddenSizes },
      counts: { batchSize },
    });
    this.replay = new DiscreteReplay({
      observationSize: inputSize,
      capacity: config.replayCapacity,
      batchSize,
    });

    this.actor = new Mlp({ ...sizes, rng: rng.split('actor') });
    this.critics = new MlpEnsemble({ ...sizes, members: CRITICS, rng: rng.split('critics') });
    this.targetCritics = this.critics.createTarget();
    this.logTemperature = createLogTemperature(config);

    this.actorOptimizer = new Adam([this.actor.parameters], {
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
      actor: networkPart(this.actor),
      critics: networkPart(this.critics),
      targetCritics: networkPart(this.targetCritics),
      actorOptimizer: this.actorOptimizer,
      criticOptimizer: this.criticOptimizer,
      temperatureOptimizer: this.temperatureOptimizer,
    };

    this.targets = new Float32Array(batchSize);
    this.row = { observation: new Float32Array(inputSize), nextObservation: new Float32Array(inputSize) };
    this.explorationRng = rng.split('exploration');
    this.replayRng = rng.split('replay');
  }

  /** pi(. | s), [actions]. */
  policy(observation: unknown): Float64Array {
    this.seen.read(observation, 'policy: observation');
    return this.seenPolicy();
  }

  /**
   * Uniformly random while `learningStarts` lasts, then a draw from the policy; the most likely action when
   * deterministic, the lowest one on ties. With `rng` given, always a draw from the policy.
   */
  act(observation: unknown, { deterministic, rng }: ActOptions): number {
    this.seen.read(observation, 'act: observation');
    if (deterministic) return greedyAction(this.seenLogits(), 0, this.actionCount);
    if (rng === undefined && this.observed < this.config.learningStarts) {
      return this.explorationRng.integer(this.actionCount);
    }
    return drawAction(rng ?? this.explorationRng, this.seenPolicy());
  }

  observe(transition: Transition<unknown, number>): void {
    const { row } = this;
    const { observation, nextObservation, action, reward, terminated } = transition;
    requireOutcome(transition);
    encodeValue(this.observationSpace, observation, row.observation, 'observe: observation');
    encodeValue(this.observationSpace, nextObservation, row.nextObservation, 'observe: nextObservation');
    requireForm(this.actionSpace, action, 'observe: action');
    this.replay.append({ ...row, action, reward, bootstrap: terminated ? 0 : this.config.discount });
    this.observed += 1;
  }

  update(): UpdateResult {
    const due = gradientStepsDue(this.config, this.observed);
    for (let i = 0; i < due; i++) this.statistics = tf.tidy(() => this.gradientStep());
    return { gradientSteps: due, metrics: (): Metrics => ({ ...this.statistics }) };
  }

  save(): Snapshot {
    const parts = saveParts(this.parts);
    return {
      arrays: { ...parts.arrays, logTemperature: { shape: [], data: readTensor(this.logTemperature) } },
      rows: { replay: this.replay.log },
      metadata: {
        ...parts.metadata,
        observed: this.observed,
        explorationRng: this.explorationRng.state(),
        replayRng: this.replayRng.state(),
      },
    };
  }

  load(snapshot: Snapshot): void {
    const before = this.save();
    try {
      const observed = requireCounter(snapshot, 'observed', NAME);
      const explorationRng = requireStream(snapshot, 'explorationRng', NAME);
      const replayRng = requireStream(snapshot, 'replayRng', NAME);
      const replay = requireReplay(snapshot, NAME);
      this.loadNetworks(snapshot);
      this.replay.log.load(replay);
      Object.assign(this, { observed, explorationRng, replayRng });
    } catch (error) {
      // A replay that does not fit is left as it was; what was loaded before it is put back.
      this.loadNetworks(before);
      throw error;
    }
    this.statistics = undefined;
  }

  describePolicy(): PolicyDescription {
    const { observationSpace, actionSpace, actor } = this;
    const { networks, tensors } = describeNetworks('actor', actor);
    return {
      agent: NAME,
      observationSpace,
      actionSpace,
      layers: networks[0]!,
      head: { type: 'categorical', temperature: 1 },
      tensors,
    };
  }

  dispose(): void {
    disposeParts(this.parts);
    this.logTemperature.dispose();
  }

  private loadNetworks(snapshot: Snapshot): void {
    loadParts(this.parts, snapshot, NAME);
    loadLogTemperature(this.logTemperature, snapshot, NAME);
  }

  /** pi(. | s) at what was seen last, [actions]. */
  private seenPolicy(): Float64Array {
    return Float64Array.from(logSoftmaxInPlace(this.seenLogits(), this.actionCount), Math.exp);
  }

  private seenLogits(): Float32Array {
    return tf.tidy(() => readTensor(this.actor.apply(this.seen.tensor())));
  }

  private gradientStep(): StepStatistics {
    const { replay, critics, targetCritics, config } = this;
    const temperature = Math.exp(readScalar(this.logTemperature));
    replay.sample(this.replayRng);
    const observations = replay.observations();

    this.computeTargets(temperature);
    const { actions } = replay;
    const critic = lossAndGradients(
      () =>
        temporalDifferenceLoss(critics.apply(observations), {
          actions,
          targets: this.targets,
          loss: config.loss,
        }),
      [critics.parameters],
    );
    this.criticOptimizer.step(critic.gradients);

    const values = smallestValues(readTensor(critics.apply(observations)), CRITICS);
    let entropy = 0;
    const actor = lossAndGradients(() => {
      const logits = this.actor.apply(observations);
      entropy = meanEntropy(readTensor(logits), this.actionCount);
      return discreteActorLoss(logits, values, temperature);
    }, [this.actor.parameters]);
    this.actorOptimizer.step(actor.gradients);

    if (config.temperature === 'auto') {
      this.temperatureOptimizer.step([logTemperatureGradient(tf.scalar(-entropy), this.targetEntropy)]);
    }
    if (this.criticOptimizer.steps % config.targetEvery === 0) {
      polyakStep(targetCritics.parameters, critics.parameters, config.targetRate);
    }
    return {
      criticLoss: readScalar(critic.loss),
      actorLoss: readScalar(actor.loss),
      meanTarget: this.targets.reduce((sum, y) => sum + y, 0) / this.targets.length,
      entropy,
      temperature,
    };
  }

  /** Writes y = r + discount V_target(s') of the minibatch into `targets`. */
  private computeTargets(temperature: number): void {
    const { replay, targets, actionCount } = this;
    const nextObservations = replay.nextObservations();
    const values = smallestValues(readTensor(this.targetCritics.apply(nextObservations)), CRITICS);
    const logProbabilities = logSoftmaxInPlace(readTensor(this.actor.apply(nextObservations)), actionCount);
    for (let i = 0; i < targets.length; i++) {
      const nextValue = softStateValue(values, logProbabilities, i, actionCount, temperature);
      targets[i] = replay.rewards[i]! + replay.bootstraps[i]! * nextValue;
    }
  }
}

/** Mean over rows of -sum_a pi log pi, in nats; overwrites the logits, [rows, actions]. */
function meanEntropy(logits: Float32Array, actionCount: number): number {
  const logProbabilities = logSoftmaxInPlace(logits, actionCount);
  let sum = 0;
  for (const logProbability of logProbabilities) sum -= Math.exp(logProbability) * logProbability;
  return (sum * actionCount) / logProbabilities.length;
}
