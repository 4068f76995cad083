import type { Snapshot } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { BoxTransition } from './workload.js';

const LEARNING_RATE = 3e-4;
const DISCOUNT = 0.99;
const TARGET_RATE = 0.005;
const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** One minibatch on the backend. */
export interface StockBatch {
  readonly observations: tf.Tensor2D;
  readonly actions: tf.Tensor2D;
  readonly rewards: tf.Tensor1D;
  readonly nextObservations: tf.Tensor2D;
  readonly continues: tf.Tensor1D;
}

interface Layer {
  readonly weight: tf.Variable;
  readonly bias: tf.Variable;
}

/** The batch as tensors, made once. */
export function stockBatch(transitions: readonly BoxTransition[]): StockBatch {
  const matrix = (rows: ArrayLike<number>[]): tf.Tensor2D => tf.tensor2d(rows.map((row) => Array.from(row)));
  return {
    observations: matrix(transitions.map(({ observation }) => observation)),
    actions: matrix(transitions.map(({ action }) => action)),
    rewards: tf.tensor1d(transitions.map(({ reward }) => reward)),
    nextObservations: matrix(transitions.map(({ nextObservation }) => nextObservation)),
    continues: tf.tensor1d(
      transitions.map(({ terminated }) => Number(!terminated)),
      'float32',
    ),
  };
}

/**
 * Soft actor-critic as a user of TensorFlow.js would write it, without any of our code: `matMul`, automatic
 * differentiation with `variableGrads`, `train.adam`. The same algorithm, order of updates and hyperparameters as
 * `SoftActorCritic` of @maxent/agents, from the same initial weights.
 */
export class StockSoftActorCritic {
  private readonly actor: Layer[];
  private readonly critics: [Layer[], Layer[]];
  private readonly targets: [Layer[], Layer[]];
  private readonly logTemperature: tf.Variable;
  private readonly actorOptimizer = makeAdam();
  private readonly criticOptimizer = makeAdam();
  private readonly temperatureOptimizer = makeAdam();
  private losses: { critic: tf.Scalar; actor: tf.Scalar } | undefined;
  private draws = 0;

  /** `initial`: the arrays of a snapshot of our agent. */
  constructor(
    initial: Snapshot['arrays'],
    private readonly actionSize: number,
  ) {
    this.actor = readLayers(initial, 'actor/');
    this.critics = [readLayers(initial, 'critics/member.0.'), readLayers(initial, 'critics/member.1.')];
    this.targets = [
      readLayers(initial, 'targetCritics/member.0.'),
      readLayers(initial, 'targetCritics/member.1.'),
    ];
    this.logTemperature = tf.variable(tf.scalar(initial.logTemperature!.data[0]!));
  }

  update(batch: StockBatch): void {
    const previous = this.losses;
    this.losses = tf.tidy(() => {
      const temperature = tf.exp(this.logTemperature) as tf.Scalar;
      const critic = this.updateCritics(batch, temperature);
      const { actor, meanLogProb } = this.updateActor(batch, temperature);
      this.updateTemperature(meanLogProb);
      this.updateTargets();
      return { critic, actor };
    });
    tf.dispose(previous ?? []);
  }

  /** Losses of the last update. Waits until it is done. */
  readLosses(): { criticLoss: number; actorLoss: number } {
    return { criticLoss: this.losses!.critic.dataSync()[0]!, actorLoss: this.losses!.actor.dataSync()[0]! };
  }

  private updateCritics(batch: StockBatch, temperature: tf.Scalar): tf.Scalar {
    const { observations, actions, rewards, nextObservations, continues } = batch;
    const target = tf.tidy(() => {
      const next = this.samplePolicy(nextObservations);
      const value = this.smallestValue(this.targets, nextObservations, next.action);
      const soft = tf.sub(value, tf.mul(temperature, next.logProb));
      return tf.add(rewards, tf.mul(DISCOUNT, tf.mul(continues, soft)));
    });
    const inputs = tf.concat([observations, actions], 1);
    const halfMeanSquare = (critic: Layer[]): tf.Tensor =>
      tf.mul(0.5, tf.mean(tf.square(tf.sub(tf.squeeze(applyLayers(critic, inputs), [1]), target))));
    const [first, second] = this.critics;
    const { value, grads } = tf.variableGrads(
      () => tf.add(halfMeanSquare(first), halfMeanSquare(second)) as tf.Scalar,
      variablesOf([...first, ...second]),
    );
    applyGradients(this.criticOptimizer, grads);
    return value;
  }

  private updateActor({ observations }: StockBatch, temperature: tf.Scalar) {
    let meanLogProb: tf.Tensor | undefined;
    const { value, grads } = tf.variableGrads(() => {
      const { action, logProb } = this.samplePolicy(observations);
      meanLogProb = tf.keep(tf.mean(logProb));
      const q = this.smallestValue(this.critics, observations, action);
      return tf.mean(tf.sub(tf.mul(temperature, logProb), q)) as tf.Scalar;
    }, variablesOf(this.actor));
    applyGradients(this.actorOptimizer, grads);
    return { actor: value, meanLogProb: meanLogProb! };
  }

  private updateTemperature(meanLogProb: tf.Tensor): void {
    const targetEntropy = -this.actionSize;
    const { grads } = tf.variableGrads(
      () => tf.neg(tf.mul(this.logTemperature, tf.add(meanLogProb, targetEntropy))) as tf.Scalar,
      [this.logTemperature],
    );
    applyGradients(this.temperatureOptimizer, grads);
    meanLogProb.dispose();
  }

  private updateTargets(): void {
    for (const [i, target] of this.targets.entries()) {
      const sources = variablesOf(this.critics[i]!);
      for (const [j, variable] of variablesOf(target).entries()) {
        variable.assign(tf.add(tf.mul(variable, 1 - TARGET_RATE), tf.mul(sources[j]!, TARGET_RATE)));
      }
    }
  }

  /** a = tanh(u), u normal; log pi = log N(u) - sum log(1 - tanh(u)^2), the latter as 2 (log 2 - u - softplus(-2u)). */
  private samplePolicy(observations: tf.Tensor2D): { action: tf.Tensor2D; logProb: tf.Tensor1D } {
    const [mean, rawLogStd] = tf.split(applyLayers(this.actor, observations), 2, 1) as [
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const logStd = tf.clipByValue(rawLogStd, -20, 2);
    // A seed of its own for every draw; the benchmark is repeatable, and tfjs draws no slower for it.
    this.draws += 1;
    const noise = tf.randomNormal(mean.shape, 0, 1, 'float32', this.draws);
    const raw = tf.add(mean, tf.mul(tf.exp(logStd), noise));
    const normal = tf.sub(tf.sub(tf.mul(-0.5, tf.square(noise)), logStd), LOG_SQRT_TWO_PI);
    const squash = tf.mul(2, tf.sub(tf.sub(Math.LN2, raw), tf.softplus(tf.mul(-2, raw))));
    return {
      action: tf.tanh(raw) as tf.Tensor2D,
      logProb: tf.sum(tf.sub(normal, squash), 1) as tf.Tensor1D,
    };
  }

  private smallestValue(critics: [Layer[], Layer[]], observations: tf.Tensor2D, actions: tf.Tensor2D) {
    const inputs = tf.concat([observations, actions], 1);
    const [first, second] = critics;
    return tf.squeeze(tf.minimum(applyLayers(first, inputs), applyLayers(second, inputs)), [1]);
  }
}

function makeAdam(): tf.AdamOptimizer {
  return tf.train.adam(LEARNING_RATE, 0.9, 0.999, 1e-8);
}

function applyGradients(optimizer: tf.Optimizer, gradients: tf.NamedTensorMap): void {
  optimizer.applyGradients(Object.entries(gradients).map(([name, tensor]) => ({ name, tensor })));
}

function applyLayers(layers: readonly Layer[], input: tf.Tensor): tf.Tensor {
  const last = layers.length - 1;
  return layers.reduce((x, { weight, bias }, i) => {
    const affine = tf.add(tf.matMul(x, weight), bias);
    return i === last ? affine : tf.relu(affine);
  }, input);
}

function variablesOf(layers: readonly Layer[]): tf.Variable[] {
  return layers.flatMap(({ weight, bias }) => [weight, bias]);
}

/** The layers with the arrays `<prefix>layer.<i>.weight` and `<prefix>layer.<i>.bias`. */
function readLayers(arrays: Snapshot['arrays'], prefix: string): Layer[] {
  const variable = (name: string): tf.Variable => {
    const { data, shape } = arrays[name]!;
    return tf.variable(tf.tensor(data, [...shape], 'float32'));
  };
  const layers: Layer[] = [];
  for (let i = 0; `${prefix}layer.${i}.weight` in arrays; i++) {
    layers.push({
      weight: variable(`${prefix}layer.${i}.weight`),
      bias: variable(`${prefix}layer.${i}.bias`),
    });
  }
  return layers;
}
