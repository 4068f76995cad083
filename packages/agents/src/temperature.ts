import { readScalar, readTensor } from '@maxent/backend';
import { isFloat32Array, type Snapshot, SnapshotMismatchError } from '@maxent/core';
import { Adam, type LearningRateSchedule } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type AgentPart, joinParts } from './learner/agent-parts.js';

export interface TemperatureConfig {
  /** "auto" learns it. */
  readonly temperature: number | 'auto';
  /** Initial value of a learned temperature. */
  readonly initialTemperature: number;
  readonly temperatureLearningRate: number;
  /** How the learning rate falls; default constant. */
  readonly schedule?: LearningRateSchedule;
}

/**
 * Derivative with respect to log alpha of -log alpha * mean(log pi + targetEntropy): the temperature rises while the
 * policy's entropy is below its target. This is equation 18 of Haarnoja et al. 2018 (arXiv 1812.05905) with log alpha
 * in place of alpha as the factor, as in the authors' own code; the two differ by the positive factor alpha, which Adam
 * almost removes.
 */
export function logTemperatureGradient(meanLogProb: tf.Scalar, targetEntropy: number): tf.Scalar {
  return tf.neg(tf.add(meanLogProb, targetEntropy));
}

/** The weight of entropy relative to reward, alpha: fixed, or learned so that the policy's entropy meets a target. */
export class Temperature implements AgentPart {
  private readonly learns: boolean;
  /** The variable is the logarithm, so the temperature always stays positive. */
  private readonly logarithm: tf.Variable<tf.Rank.R0>;
  private readonly optimizer: Adam;
  private readonly optimizerPart: Required<AgentPart>;

  /** @param targetEntropy in nats; @param agent for messages. */
  constructor(
    { temperature, initialTemperature, temperatureLearningRate, schedule }: TemperatureConfig,
    private readonly targetEntropy: number,
    private readonly agent: string,
  ) {
    this.learns = temperature === 'auto';
    const start = temperature === 'auto' ? initialTemperature : temperature;
    this.logarithm = tf.tidy(() => tf.variable(tf.scalar(Math.log(start))));
    this.optimizer = new Adam([this.logarithm], { learningRate: temperatureLearningRate, schedule });
    this.optimizerPart = joinParts(agent, { temperatureOptimizer: this.optimizer });
  }

  current(): tf.Scalar {
    return tf.exp(this.logarithm);
  }

  read(): number {
    return Math.exp(readScalar(this.logarithm));
  }

  /** If the temperature is learned, one step toward the value at which the policy has its target entropy. */
  learn(entropy: tf.Scalar | number): void {
    if (!this.learns) return;
    tf.tidy(() => {
      this.optimizer.step([logTemperatureGradient(tf.neg(entropy), this.targetEntropy)]);
    });
  }

  save(): Snapshot {
    const { arrays, metadata } = this.optimizerPart.save();
    const logTemperature = { shape: [], data: readTensor(this.logarithm) };
    return { arrays: { ...arrays, logTemperature }, metadata };
  }

  load(snapshot: Snapshot): void {
    const data = snapshot.arrays.logTemperature?.data;
    if (!isFloat32Array(data) || data.length !== 1) {
      throw new SnapshotMismatchError(`${this.agent}: the snapshot has no float32 scalar "logTemperature"`);
    }
    this.optimizerPart.load(snapshot);
    tf.tidy(() => this.logarithm.assign(tf.scalar(data[0]!)));
  }

  dispose(): void {
    this.optimizerPart.dispose();
    this.logarithm.dispose();
  }
}
