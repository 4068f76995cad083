import { fillTensor } from '@maxent/backend';
import type { Rng, Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { NStepWindows } from '../learner/n-step-windows.js';
import { type Experience, Replay } from '../learner/replay.js';
import type { TransitionRow } from '../learner/transition-reader.js';
import type { BatchView } from '../learner/transition-replay.js';

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

/** `bootstrap` is the factor of V(nextObservation) in the Bellman target: a power of the discount, 0 after termination. */
type Column = 'observation' | 'action' | 'reward' | 'nextObservation' | 'bootstrap';

/** Experience with Discrete actions, n rewards a row, and the last minibatch drawn from it. */
export class NStepReplay extends Replay<Column> implements Experience {
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
    const step = { ...row, action: Float32Array.of(row.action.indexOf(1)), bonus, duration: 1 };
    window.push(step, ({ duration, ...complete }) => {
      const bootstrap = complete.terminated ? 0 : this.options.discount ** duration;
      this.log.append({ ...complete, bootstrap });
    });
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
