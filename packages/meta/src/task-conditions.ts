import { readTensor } from '@maxent/backend';
import { type Belief, InvalidInputError, isNumberList, type Rng, showValue } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import type { PearlConfig } from './config.js';
import type { ContextEncoder } from './encoders/context-encoder.js';

export interface TaskConditionsOptions {
  readonly input: PearlConfig['taskInput'];
  readonly latentSize: number;
  /** Of the train tasks, one after the other. */
  readonly descriptors: readonly (readonly number[])[];
  /** Given exactly when tasks are inferred. */
  readonly encoder: ContextEncoder | undefined;
}

/** What the networks see of a task: a draw from a belief, its descriptor, or nothing. */
export class TaskConditions {
  readonly encoder: ContextEncoder | undefined;
  /** Numbers that the networks see of a task. */
  readonly size: number;
  private readonly input: PearlConfig['taskInput'];
  private readonly descriptors: readonly (readonly number[])[];

  constructor({ input, latentSize, descriptors, encoder }: TaskConditionsOptions) {
    this.input = input;
    this.descriptors = descriptors;
    this.encoder = encoder;
    this.size = { inferred: latentSize, told: descriptors[0]!.length, none: 0 }[input];
  }

  /** A draw from the prior, where tasks are inferred. */
  fromPrior(task: number | readonly number[], rng: Rng): Float32Array {
    if (this.input !== 'inferred') return this.told([task]);
    const latent = new Float32Array(this.size);
    rng.fillNormal(latent);
    return latent;
  }

  /** A draw from the belief, where tasks are inferred; `context` is [1, transitions, row size]. */
  fromContext(task: number | readonly number[], context: () => tf.Tensor3D, rng: Rng): Float32Array {
    if (this.input !== 'inferred') return this.told([task]);
    const { mean, variance } = this.believe(context)!;
    return Float32Array.from(mean, (value, i) => value + Math.sqrt(variance[i]!) * rng.normal());
  }

  /** Undefined where tasks are not inferred. */
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

  /** Descriptors of train tasks by index, or of any task, [tasks * size]; nothing for a blind agent. */
  told(tasks: readonly (number | readonly number[])[]): Float32Array {
    const told = new Float32Array(tasks.length * this.size);
    if (this.input === 'none') return told;
    for (const [k, task] of tasks.entries()) {
      const descriptor = typeof task === 'number' ? this.descriptors[task]! : task;
      if (!isNumberList(descriptor, this.size) || !descriptor.every(Number.isFinite)) {
        throw new InvalidInputError(
          'descriptor',
          `expected a list of finite numbers like those of the train tasks, of length ${this.size}, got ${showValue(descriptor)}`,
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
