import { fillTensor } from '@maxent/backend';
import {
  type BoxArray,
  encodeValue,
  oldestRow,
  type Rng,
  requireOutcome,
  type Space,
  type Transition,
} from '@maxent/core';
import { ReplayBuffer, requireReplayMemory } from '@maxent/replay';
import type * as tf from '@tensorflow/tfjs-core';
import type { ActionCoordinates } from './action-coordinates.js';

export interface ContinuousReplayOptions {
  readonly observationSpace: Space<unknown>;
  readonly coordinates: ActionCoordinates;
  readonly capacity: number;
  /** Rows per minibatch, B. */
  readonly batchSize: number;
  /** Factor of the rewards of a minibatch; they are stored as they came. */
  readonly rewardScale: number;
  /** Per step of the underlying process. */
  readonly discount: number;
}

/** One minibatch on the backend. B is the batch size. */
export interface ContinuousBatch {
  /** [B, observation size] */
  readonly observations: tf.Tensor2D;
  /** Actions in the policy's coordinates, [B, d]. */
  readonly actions: tf.Tensor2D;
  /** Scaled, [B]. */
  readonly rewards: tf.Tensor1D;
  /** [B, observation size] */
  readonly nextObservations: tf.Tensor2D;
  /** 0 where the episode terminated; elsewhere 1, or discount^(duration - 1) after a step that took longer, [B]. */
  readonly continues: tf.Tensor1D;
}

type Column =
  | 'observation'
  | 'action'
  | 'reward'
  | 'nextObservation'
  | 'terminated'
  | 'truncated'
  | 'duration';

/** Experience of continuous actions: observations flattened, actions in the policy's coordinates. */
export class ContinuousReplay {
  readonly log: ReplayBuffer<Column>;
  private readonly slots: Int32Array;
  private readonly durations: Float32Array;
  /** The transition being appended, reused from step to step. */
  private readonly row: Readonly<Record<'observation' | 'action' | 'nextObservation', Float32Array>>;

  constructor(private readonly options: ContinuousReplayOptions) {
    const { observationSpace, coordinates, capacity, batchSize } = options;
    const observationSize = observationSpace.flatSize;
    const columns = {
      observation: { dataType: 'float32', width: observationSize },
      action: { dataType: 'float32', width: coordinates.size },
      reward: { dataType: 'float32', width: 1 },
      nextObservation: { dataType: 'float32', width: observationSize },
      terminated: { dataType: 'uint8', width: 1 },
      truncated: { dataType: 'uint8', width: 1 },
      duration: { dataType: 'uint32', width: 1 },
    } as const;
    requireReplayMemory('replayCapacity', columns, capacity);
    this.log = new ReplayBuffer({ columns, capacity });
    this.slots = new Int32Array(batchSize);
    this.durations = new Float32Array(batchSize);
    this.row = {
      observation: new Float32Array(observationSize),
      action: new Float32Array(coordinates.size),
      nextObservation: new Float32Array(observationSize),
    };
  }

  /**
   * Throws SpaceMismatchError for an observation or action that does not fit its space, InvalidInputError for a reward,
   * flag or duration that is not one; nothing is stored then.
   */
  append(transition: Transition<unknown, BoxArray>): void {
    requireOutcome(transition);
    const { row, log } = this;
    const { observationSpace, coordinates } = this.options;
    const { observation, action, reward, nextObservation, terminated, truncated, duration = 1 } = transition;
    encodeValue(observationSpace, observation, row.observation, 'observe: observation');
    encodeValue(observationSpace, nextObservation, row.nextObservation, 'observe: nextObservation');
    coordinates.encode(action, row.action, 'observe: action');
    log.append({ ...row, reward, terminated: Number(terminated), truncated: Number(truncated), duration });
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
    const { observationSpace, coordinates, batchSize, rewardScale, discount } = this.options;
    log.sampleSlots(rng, slots);
    const gather = (name: Column, width: number) =>
      fillTensor<tf.Rank.R2>([batchSize, width], (array) => log.gatherInto(name, slots, array));
    return {
      observations: gather('observation', observationSpace.flatSize),
      actions: gather('action', coordinates.size),
      rewards: fillTensor<tf.Rank.R1>([batchSize], (array) => {
        log.gatherInto('reward', slots, array);
        for (let i = 0; i < array.length; i++) array[i]! *= rewardScale;
      }),
      nextObservations: gather('nextObservation', observationSpace.flatSize),
      continues: fillTensor<tf.Rank.R1>([batchSize], (array) => {
        log.gatherInto('terminated', slots, array);
        log.gatherInto('duration', slots, this.durations);
        for (let i = 0; i < array.length; i++) {
          array[i] = array[i] === 0 ? discount ** (this.durations[i]! - 1) : 0;
        }
      }),
    };
  }
}
