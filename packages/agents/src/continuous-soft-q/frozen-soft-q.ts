import { type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import type { MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { AgentPart } from '../agent-parts.js';
import { criticInput, smallestValue } from '../critics.js';

/** Q(s, a) / temperature with the smallest of the critics, [rows], for `observations` [rows, n] and `actions` [rows, d]. */
export function softQLogDensity(
  critics: MlpEnsemble,
  temperature: number,
  observations: tf.Tensor2D,
  actions: tf.Tensor2D,
): tf.Tensor1D {
  return tf.div(smallestValue(critics.apply(criticInput(observations, actions))), temperature);
}

/** A soft Q-function that is not learnt any more, with the temperature that it was learnt at. */
export class FrozenSoftQ implements AgentPart {
  constructor(
    private readonly critics: MlpEnsemble,
    private temperature: number,
  ) {}

  logDensity(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor1D {
    return softQLogDensity(this.critics, this.temperature, observations, actions);
  }

  save(): Snapshot {
    return { arrays: this.critics.namedArrays(), metadata: { temperature: this.temperature } };
  }

  load({ arrays, metadata }: Snapshot): void {
    const { temperature } = metadata;
    if (typeof temperature !== 'number' || !(temperature > 0)) {
      throw new SnapshotMismatchError(
        `soft Q-function: temperature must be a number above 0, got ${showStored(temperature)}`,
      );
    }
    this.critics.loadNamedArrays(arrays);
    this.temperature = temperature;
  }

  dispose(): void {
    this.critics.dispose();
  }
}
