import { fillTensor } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import { ReplayBuffer, requireReplayMemory } from '@maxent/replay';
import type * as tf from '@tensorflow/tfjs-core';

export interface DiscreteReplayOptions {
  readonly observationSize: number;
  readonly capacity: number;
  /** Rows per minibatch, B. */
  readonly batchSize: number;
}

/** One step, or several in one: from `observation` by `action` to `nextObservation`. */
export interface DiscreteReplayRow {
  readonly observation: Float32Array;
  readonly action: number;
  /** What was earned on the way, discounted. */
  readonly reward: number;
  readonly nextObservation: Float32Array;
  /** Factor of V(nextObservation) in the Bellman target: a power of the discount, 0 after termination. */
  readonly bootstrap: number;
}

/** Experience of discrete actions, and the minibatch that was drawn from it last. */
export class DiscreteReplay {
  readonly log: ReplayBuffer<keyof DiscreteReplayRow>;
  /** [B] each, of the last `sample`. */
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  readonly bootstraps: Float32Array;
  private readonly slots: Int32Array;
  private readonly observationSize: number;

  constructor({ observationSize, capacity, batchSize }: DiscreteReplayOptions) {
    this.observationSize = observationSize;
    const columns = {
      observation: { dataType: 'float32', width: observationSize },
      action: { dataType: 'int32', width: 1 },
      reward: { dataType: 'float32', width: 1 },
      nextObservation: { dataType: 'float32', width: observationSize },
      bootstrap: { dataType: 'float32', width: 1 },
    } as const;
    requireReplayMemory('replayCapacity', columns, capacity);
    this.log = new ReplayBuffer({ columns, capacity });
    this.slots = new Int32Array(batchSize);
    this.actions = new Float32Array(batchSize);
    this.rewards = new Float32Array(batchSize);
    this.bootstraps = new Float32Array(batchSize);
  }

  append(row: DiscreteReplayRow): void {
    this.log.append({ ...row });
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
    return fillTensor<tf.Rank.R2>([this.slots.length, this.observationSize], (array) =>
      this.log.gatherInto(name, this.slots, array),
    );
  }
}
