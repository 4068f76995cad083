import { readTensor } from '@maxent/backend';
import { type Belief, InvalidInputError, isNumberList, type Rng, showValue } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { PearlConfig } from './config.js';
import type { ContextEncoder } from './encoders/context-encoder.js';

export interface TaskConditionsOptions {
  readonly input: PearlConfig['taskInput'];
  readonly latentSize: number;
  /** Descriptors of the train tasks, one after another. */
  readonly descriptors: readonly (readonly number[])[];
  /** Defined exactly if tasks are inferred. */
  readonly encoder: ContextEncoder | undefined;
}

/** What the networks see of a task: a draw from a belief, its descriptor, or nothing. */
export class TaskConditions {
  readonly encoder: ContextEncoder | undefined;
  /** How many numbers the networks see of a task. */
  readonly size: number;
  private readonly input: PearlConfig['taskInput'];
  private readonly descriptors: readonly (readonly number[])[];

  constructor({ input, latentSize, descriptors, encoder }: TaskConditionsOptions) {
    this.input = input;
    this.descriptors = descriptors;
    this.encoder = encoder;
    this.size = { inferred: latentSize, told: descriptors[0]!.length, none: 0 }[input];
  }

  /** A draw from the prior if tasks are inferred. */
  fromPrior(task: number | readonly number[], rng: Rng): Float32Array {
    if (this.input !== 'inferred') return this.told([task]);
    const latent = new Float32Array(this.size);
    rng.fillNormal(latent);
    return latent;
  }

  /** A draw from the belief if tasks are inferred; `context` is [1, transitions, row size]. */
  fromContext(task: number | readonly number[], context: () => tf.Tensor3D, rng: Rng): Float32Array {
    if (this.input !== 'inferred') return this.told([task]);
    const { mean, variance } = this.believe(context)!;
    return Float32Array.from(mean, (value, i) => value + Math.sqrt(variance[i]!) * rng.normal());
  }

  /** Undefined if tasks are not inferred. */
  believe(context: () => tf.Tensor3D): Belief | undefined {
    const { encoder } = this;
    if (encoder === undefined) return undefined;
    const beliefs = tf.tidy(() => ({ ...encoder.infer(context()) }));
    const belief = {
      mean: Array.from(readTensor(beliefs.mean)),
      variance: Array.from(readTensor(beliefs.variance)),
    };
    tf.dispose([beliefs.mean, beliefs.variance]);
    return belief;
  }

  /**
   * Descriptors, [tasks * size], of train tasks given by index or of other tasks given by descriptor; empty for a blind
   * agent.
   */
  told(tasks: readonly (number | readonly number[])[]): Float32Array {
    const told = new Float32Array(tasks.length * this.size);
    if (this.input === 'none') return told;
    for (const [k, task] of tasks.entries()) {
      const descriptor = typeof task === 'number' ? this.descriptors[task]! : task;
      if (!isNumberList(descriptor, this.size) || !descriptor.every(Number.isFinite)) {
        throw new InvalidInputError(
          'descriptor',
          `expected a list of finite numbers of length ${this.size}, like the descriptors of the train tasks, got ${showValue(descriptor)}`,
        );
      }
      told.set(descriptor, k * this.size);
    }
    return told;
  }

  dispose(): void {
    this.encoder?.dispose();
  }
}
