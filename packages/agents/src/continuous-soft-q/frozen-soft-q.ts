import { fillTensor, readTensor, softValue } from '@maxent/backend';
import { type Snapshot, SnapshotMismatchError, showStored } from '@maxent/core';
import type { MlpEnsemble } from '@maxent/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type AgentPart, optionalParts } from '../learner/agent-parts.js';
import type { ObservationNormalization } from '../learner/observation-normalization.js';

/** Q(s, a) / temperature with the smallest of the critics, [rows], for `observations` [rows, n] and `actions` [rows, d]. */
export function softQLogDensity(
  critics: MlpEnsemble,
  temperature: number,
  observations: tf.Tensor2D,
  actions: tf.Tensor2D,
): tf.Tensor1D {
  return tf.div(softValue({ values: critics.apply([observations, actions]) }), temperature);
}

/** A soft Q-function that learns no more, with the temperature and normalization that it was learned with. */
export class FrozenSoftQ implements AgentPart {
  private readonly scaling: AgentPart;

  constructor(
    private readonly critics: MlpEnsemble,
    private temperature: number,
    private readonly normalization?: ObservationNormalization | undefined,
  ) {
    this.scaling = optionalParts('soft Q-function', { normalizeObservations: normalization });
  }

  /** Q(s, a) / temperature, [rows]; raw `observations`, [rows, n], and `actions` in the cube, [rows, d]. */
  logDensity(observations: tf.Tensor2D, actions: tf.Tensor2D): tf.Tensor1D {
    return softQLogDensity(this.critics, this.temperature, this.normalized(observations), actions);
  }

  save(): Snapshot {
    const scaling = this.scaling.save();
    return {
      arrays: { ...this.critics.namedArrays(), ...scaling.arrays },
      metadata: { ...scaling.metadata, temperature: this.temperature },
    };
  }

  load(snapshot: Snapshot): void {
    const { arrays, metadata } = snapshot;
    const { temperature } = metadata;
    if (typeof temperature !== 'number' || !(temperature > 0)) {
      throw new SnapshotMismatchError(
        `soft Q-function: temperature must be a number above 0, got ${showStored(temperature)}`,
      );
    }
    this.critics.loadNamedArrays(arrays);
    this.scaling.load(snapshot);
    this.temperature = temperature;
  }

  dispose(): void {
    this.critics.dispose();
  }

  private normalized(observations: tf.Tensor2D): tf.Tensor2D {
    const { normalization } = this;
    if (normalization === undefined) return observations;
    return fillTensor<tf.Rank.R2>(observations.shape, (rows) => {
      rows.set(readTensor(observations));
      normalization.apply(rows);
    });
  }
}
