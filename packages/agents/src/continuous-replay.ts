import { fillTensor } from '@maxent/backend';
import { type BoxArray, oldestRow, type Rng, type Space, type Transition } from '@maxent/core';
import { ReplayBuffer } from '@maxent/replay';
import type * as tf from '@tensorflow/tfjs-core';
import type { ActionScaling } from './action-scaling.js';

export interface ContinuousReplayOptions {
  readonly observationSpace: Space<unknown>;
  readonly scaling: ActionScaling;
  readonly capacity: number;
  /** Rows per minibatch, B. */
  readonly batchSize: number;
  /** Factor of the rewards of a minibatch; they are stored as they came. */
  readonly rewardScale: number;
}

/** One minibatch on the backend. B is the batch size. */
export interface ContinuousBatch {
  /** [B, observation size] */
  readonly observations: tf.Tensor2D;
  /** Actions in the cube [-1, 1]^d, [B, d]. */
  readonly actions: tf.Tensor2D;
  /** Scaled, [B]. */
  readonly rewards: tf.Tensor1D;
  /** [B, observation size] */
  readonly nextObservations: tf.Tensor2D;
  /** 0 where the episode terminated, 1 elsewhere, [B]. */
  readonly continues: tf.Tensor1D;
}

type Column = 'observation' | 'action' | 'reward' | 'nextObservation' | 'terminated' | 'truncated';

/** Experience of continuous actions: observations flattened, actions in the cube [-1, 1]^d. */
export class ContinuousReplay {
  readonly log: ReplayBuffer<Column>;
  private readonly slots: Int32Array;
  /** The transition being appended, reused from step to step. */
  private readonly row: Readonly<Record<'observation' | 'action' | 'nextObservation', Float32Array>>;

  constructor(private readonly options: ContinuousReplayOptions) {
    const { observationSpace, scaling, capacity, batchSize } = options;
    const observationSize = observationSpace.flatSize;
    this.log = new ReplayBuffer({
      columns: {
        observation: { dataType: 'float32', width: observationSize },
        action: { dataType: 'float32', width: scaling.size },
        reward: { dataType: 'float32', width: 1 },
        nextObservation: { dataType: 'float32', width: observationSize },
        terminated: { dataType: 'uint8', width: 1 },
        truncated: { dataType: 'uint8', width: 1 },
      },
      capacity,
    });
    this.slots = new Int32Array(batchSize);
    this.row = {
      observation: new Float32Array(observationSize),
      action: new Float32Array(scaling.size),
      nextObservation: new Float32Array(observationSize),
    };
  }

  append(transition: Transition<unknown, BoxArray>): void {
    const { row, log } = this;
    const { observationSpace, scaling } = this.options;
    const { observation, action, reward, nextObservation, terminated, truncated } = transition;
    observationSpace.flattenInto(observation, row.observation);
    observationSpace.flattenInto(nextObservation, row.nextObservation);
    scaling.toCube(action, row.action);
    log.append({ ...row, reward, terminated: Number(terminated), truncated: Number(truncated) });
  }

  /** Appends the rows of another replay of the same widths, oldest first. */
  appendAll({ log }: ContinuousReplay): void {
    const to = log.appended;
    for (let row = oldestRow(log); row < to; row++) {
      this.log.append(log.read(row, row + 1));
    }
  }

  /** A minibatch, drawn uniformly and with replacement. */
  sample(rng: Rng): ContinuousBatch {
    const { log, slots } = this;
    const { observationSpace, scaling, batchSize, rewardScale } = this.options;
    log.sampleSlots(rng, slots);
    const gather = (name: Column, width: number) =>
      fillTensor<tf.Rank.R2>([batchSize, width], (array) => log.gatherInto(name, slots, array));
    return {
      observations: gather('observation', observationSpace.flatSize),
      actions: gather('action', scaling.size),
      rewards: fillTensor<tf.Rank.R1>([batchSize], (array) => {
        log.gatherInto('reward', slots, array);
        for (let i = 0; i < array.length; i++) array[i]! *= rewardScale;
      }),
      nextObservations: gather('nextObservation', observationSpace.flatSize),
      continues: fillTensor<tf.Rank.R1>([batchSize], (array) => {
        log.gatherInto('terminated', slots, array);
        for (let i = 0; i < array.length; i++) array[i] = 1 - array[i]!;
      }),
    };
  }
}
