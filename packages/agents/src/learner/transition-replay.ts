import { fillTensor } from '@maxent/backend';
import { oldestRow, type Rng, type RowColumn } from '@maxent/core';
import type { ReplayBuffer, ReplayRow } from '@maxent/replay';
import type * as tf from '@tensorflow/tfjs-core';
import type { ObservationNormalization } from './observation-normalization.js';
import { type Experience, Replay } from './replay.js';
import type { RewardScaling } from './reward-scaling.js';
import type { TransitionRow } from './transition-reader.js';

/** How minibatches scale the raw rows of a replay. */
export interface BatchView {
  /** Per step of the underlying process. */
  readonly discount: number;
  /** Multiplies rewards. */
  readonly rewardScale: number;
  /** Divides rewards by its current divisor. */
  readonly rewardScaling?: RewardScaling | undefined;
  /** Scales observations by its current statistics. */
  readonly normalization?: ObservationNormalization | undefined;
}

export interface TransitionSizes {
  readonly observationSize: number;
  /** Coordinates of an action, d. */
  readonly actionSize: number;
}

export interface TransitionReplayOptions extends BatchView, TransitionSizes {
  readonly capacity: number;
  /** Rows per minibatch, B. */
  readonly batchSize: number;
}

/** One minibatch on the backend. B is the batch size. */
export interface TransitionBatch {
  /** [B, observation size] */
  readonly observations: tf.Tensor2D;
  /** In the learner's coordinates: a point of the cube for a Box, one-hot for Discrete actions, [B, d]. */
  readonly actions: tf.Tensor2D;
  /** Scaled, [B]. */
  readonly rewards: tf.Tensor1D;
  /** [B, observation size] */
  readonly nextObservations: tf.Tensor2D;
  /** 0 where the episode terminated; elsewhere 1, or discount^(duration - 1) after a step that took longer, [B]. */
  readonly continues: tf.Tensor1D;
  /** With n-step rewards, sum_{k=1}^{n-1} discount^k log mu(a_{t+k} | s_{t+k}) of the policy that acted, [B]. */
  readonly logProbs?: tf.Tensor1D;
}

export type TransitionColumn = keyof TransitionRow;

/** The columns of a replay of transitions. */
export function transitionColumns({
  observationSize,
  actionSize,
}: TransitionSizes): Record<TransitionColumn, RowColumn> {
  return {
    observation: { dataType: 'float32', width: observationSize },
    action: { dataType: 'float32', width: actionSize },
    reward: { dataType: 'float32', width: 1 },
    nextObservation: { dataType: 'float32', width: observationSize },
    terminated: { dataType: 'uint8', width: 1 },
    truncated: { dataType: 'uint8', width: 1 },
    duration: { dataType: 'uint32', width: 1 },
  };
}

/** The row of a transition, with the other columns that it has. */
export function replayRow<Row extends TransitionRow>(
  row: Row,
): ReplayRow<TransitionColumn> & Omit<Row, TransitionColumn> {
  return { ...row, terminated: Number(row.terminated), truncated: Number(row.truncated) };
}

/** Experience, one transition a row: observations flattened, actions in the learner's coordinates. */
export class TransitionReplay extends Replay<TransitionColumn> implements Experience {
  private readonly slots: Int32Array;

  constructor(private readonly options: TransitionReplayOptions) {
    super(transitionColumns(options), options.capacity);
    this.slots = new Int32Array(options.batchSize);
  }

  append(row: TransitionRow): void {
    this.log.append(replayRow(row));
  }

  /** Appends the rows of another replay of the same widths, oldest first. */
  appendAll({ log }: TransitionReplay): void {
    const to = log.appended;
    for (let row = oldestRow(log); row < to; row++) {
      this.log.append(log.read(row, row + 1));
    }
  }

  /** A minibatch, drawn uniformly and with replacement. */
  sample(rng: Rng): TransitionBatch {
    const { log } = this;
    return gatherBatch([{ log, slots: log.sampleSlots(rng, this.slots) }], this.options);
  }
}

/** Rows of one replay. */
export interface DrawnRows {
  readonly log: Pick<ReplayBuffer<TransitionColumn>, 'columns' | 'gatherInto'>;
  readonly slots: Int32Array;
}

/** One minibatch of rows from several replays of the same widths, in the replays' order. */
export function gatherBatch(
  drawn: readonly DrawnRows[],
  { discount, rewardScale, rewardScaling, normalization }: BatchView,
): TransitionBatch {
  const rows = drawn.reduce((sum, { slots }) => sum + slots.length, 0);
  const { columns } = drawn[0]!.log;
  const gather = (name: TransitionColumn, out: Float32Array): void => {
    let start = 0;
    for (const { log, slots } of drawn) {
      const end = start + slots.length * columns[name].width;
      log.gatherInto(name, slots, out.subarray(start, end));
      start = end;
    }
  };
  const matrix = (name: TransitionColumn) =>
    fillTensor<tf.Rank.R2>([rows, columns[name].width], (array) => {
      gather(name, array);
      if (name !== 'action') normalization?.apply(array);
    });
  const rewardFactor = rewardScaling === undefined ? rewardScale : rewardScale / rewardScaling.divisor;
  return {
    observations: matrix('observation'),
    actions: matrix('action'),
    rewards: fillTensor<tf.Rank.R1>([rows], (array) => {
      gather('reward', array);
      for (let i = 0; i < array.length; i++) array[i]! *= rewardFactor;
    }),
    nextObservations: matrix('nextObservation'),
    continues: fillTensor<tf.Rank.R1>([rows], (array) => {
      const durations = new Float32Array(rows);
      gather('terminated', array);
      gather('duration', durations);
      for (let i = 0; i < array.length; i++) {
        array[i] = array[i] === 0 ? discount ** (durations[i]! - 1) : 0;
      }
    }),
  };
}
