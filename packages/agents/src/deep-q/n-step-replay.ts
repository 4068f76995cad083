import { fillTensor } from '@maxent/backend';
import type { Rng, Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { type Experience, Replay } from '../learner/replay.js';
import type { TransitionRow } from '../learner/transition-reader.js';
import type { BatchView } from '../learner/transition-replay.js';
import type { NStepRow } from './n-step-window.js';
import { NStepWindows } from './n-step-windows.js';

export interface NStepReplayOptions extends BatchView {
  readonly observationSize: number;
  /** n, the number of rewards before the bootstrap. */
  readonly nStep: number;
  readonly capacity: number;
  /** Rows per minibatch, B. */
  readonly batchSize: number;
  /** What the objective adds to the reward for choosing an action at this flat, raw observation; default 0. */
  readonly bonus?: ((observation: Float32Array) => number) | undefined;
}

/** Experience with Discrete actions, n rewards a row, and the last minibatch drawn from it. */
export class NStepReplay extends Replay<keyof NStepRow> implements Experience {
  /** Steps waiting for their n rewards. */
  readonly windows: NStepWindows;
  /** [B] each, of the last `sample`. */
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly bootstraps: Float32Array;
  private readonly slots: Int32Array;

  constructor(private readonly options: NStepReplayOptions) {
    const { observationSize, nStep, discount, capacity, batchSize } = options;
    super(
      {
        observation: { dataType: 'float32', width: observationSize },
        action: { dataType: 'int32', width: 1 },
        reward: { dataType: 'float32', width: 1 },
        nextObservation: { dataType: 'float32', width: observationSize },
        bootstrap: { dataType: 'float32', width: 1 },
      },
      capacity,
    );
    this.windows = new NStepWindows({ length: nStep, discount, observationSize });
    this.slots = new Int32Array(batchSize);
    this.actions = new Float32Array(batchSize);
    this.rewards = new Float32Array(batchSize);
    this.bootstraps = new Float32Array(batchSize);
  }

  /** Actions are one-hot. */
  append(row: TransitionRow, { environment }: Pick<Transition, 'environment'>): void {
    const window = this.windows.of(environment);
    const bonus = window.empty ? 0 : (this.options.bonus?.(row.observation) ?? 0);
    window.push({ ...row, action: row.action.indexOf(1), bonus }, (complete) =>
      this.log.append({ ...complete }),
    );
  }

  /** Draws a minibatch, uniformly and with replacement. */
  sample(rng: Rng): void {
    this.log.sampleSlots(rng, this.slots);
    this.log.gatherInto('action', this.slots, this.actions);
    this.log.gatherInto('reward', this.slots, this.rewards);
    this.log.gatherInto('bootstrap', this.slots, this.bootstraps);
  }

  /** [B, observation size] */
  observations(): tf.Tensor2D {
    return this.gather('observation');
  }

  /** [B, observation size] */
  nextObservations(): tf.Tensor2D {
    return this.gather('nextObservation');
  }

  private gather(name: 'observation' | 'nextObservation'): tf.Tensor2D {
    const { observationSize, normalization } = this.options;
    return fillTensor<tf.Rank.R2>([this.slots.length, observationSize], (array) => {
      this.log.gatherInto(name, this.slots, array);
      normalization?.apply(array);
    });
  }
}
