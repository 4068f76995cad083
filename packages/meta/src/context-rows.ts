import type { ObservationNormalization, TransitionRow } from '@maxent/agents';
import { fillTensor } from '@maxent/backend';
import { InvalidInputError, type PolicyTask, type TaskEncoder, type Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

/** A transition of a task as replay keeps it. */
export interface TaskRow extends TransitionRow {
  /** The number that takes the reward's place when the task is inferred. */
  readonly contextReward: number;
}

export interface ContextRowsOptions {
  readonly observationSize: number;
  /** Coordinates of an action. */
  readonly actionSize: number;
  /** Whether a row also holds the next observation. */
  readonly nextObservation: boolean;
  /** The entry of a step's info that a row holds instead of the reward; null for the reward itself. */
  readonly contextReward: string | null;
  /** Scales observations by its current statistics. */
  readonly normalization?: ObservationNormalization | undefined;
}

/** A part of a row of context. */
interface Field {
  readonly column: 'observation' | 'action' | 'contextReward' | 'nextObservation';
  readonly width: number;
}

/**
 * The rows of context from which an encoder infers a task: observation, action, reward and, if asked for, the next
 * observation, one after another. A row never holds whether an episode ended.
 */
export class ContextRows {
  /** Length of a row. */
  readonly size: number;
  private readonly fields: readonly Field[];

  constructor(private readonly options: ContextRowsOptions) {
    const { observationSize, actionSize, nextObservation } = options;
    this.fields = [
      { column: 'observation', width: observationSize },
      { column: 'action', width: actionSize },
      { column: 'contextReward', width: 1 },
      ...(nextObservation ? [{ column: 'nextObservation', width: observationSize } as const] : []),
    ];
    this.size = this.fields.reduce((sum, { width }) => sum + width, 0);
  }

  /** Where the observations begin in a row. */
  get observationsFrom(): readonly number[] {
    const { observationSize, nextObservation } = this.options;
    return nextObservation ? [0, this.size - observationSize] : [0];
  }

  /** How an agent's `PolicyDescription` describes these rows. */
  describe(encoder: TaskEncoder): NonNullable<PolicyTask['inferred']> {
    const { nextObservation, contextReward: reward } = this.options;
    return { encoder, nextObservation, reward };
  }

  /** The row of a transition with its context's reward. Throws InvalidInputError if the step does not report it. */
  rowOf(row: TransitionRow, { info, reward }: Transition): TaskRow {
    const { contextReward: name } = this.options;
    if (name === null) return { ...row, contextReward: reward };
    const value = info?.[name];
    if (Number.isFinite(value)) return { ...row, contextReward: value as number };
    throw new InvalidInputError(
      'contextReward',
      `steps report no finite number "${name}"; they report ${Object.keys(info ?? {}).join(', ') || 'nothing'}`,
    );
  }

  /**
   * Contexts as the encoder reads them, [contexts, rows, size].
   *
   * @param rows number of rows in each context.
   * @param gather writes a column of one context's rows, one after the other.
   */
  tensor(
    contexts: number,
    rows: number,
    gather: (context: number, column: Field['column'], out: Float32Array) => void,
  ): tf.Tensor3D {
    return fillTensor<tf.Rank.R3>([contexts, rows, this.size], (out) => {
      for (let context = 0; context < contexts; context++) {
        let start = context * rows * this.size;
        for (const { column, width } of this.fields) {
          const values = new Float32Array(rows * width);
          gather(context, column, values);
          if (column.endsWith('bservation')) this.options.normalization?.apply(values);
          for (let i = 0; i < rows; i++) {
            out.set(values.subarray(i * width, (i + 1) * width), start + i * this.size);
          }
          start += width;
        }
      }
    });
  }
}
