import type { ContinuousBatch } from '@maxent/agents';
import { fillTensor } from '@maxent/backend';
import type { Rng } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { ContextSource, ReplayColumn, TaskReplay } from './task-replay.js';

/** A minibatch of `size` rows of each task, drawn uniformly from all its experience, task after task. */
export function drawBatch(
  tasks: readonly TaskReplay[],
  size: number,
  rewardScale: number,
  rng: Rng,
): ContinuousBatch {
  const slots = tasks.map(({ log }) => log.sampleSlots(rng, new Int32Array(size)));
  const rows = tasks.length * size;
  const gather = (name: ReplayColumn, array: Float32Array): void => {
    for (const [k, { log }] of tasks.entries()) {
      const length = size * log.columns[name].width;
      log.gatherInto(name, slots[k]!, array.subarray(k * length, (k + 1) * length));
    }
  };
  const matrix = (name: ReplayColumn) =>
    fillTensor<tf.Rank.R2>([rows, tasks[0]!.log.columns[name].width], (array) => gather(name, array));
  return {
    observations: matrix('observation'),
    actions: matrix('action'),
    rewards: fillTensor<tf.Rank.R1>([rows], (array) => {
      gather('reward', array);
      for (let i = 0; i < array.length; i++) array[i]! *= rewardScale;
    }),
    nextObservations: matrix('nextObservation'),
    continues: fillTensor<tf.Rank.R1>([rows], (array) => {
      gather('terminated', array);
      for (let i = 0; i < array.length; i++) array[i] = 1 - array[i]!;
    }),
  };
}

/** `size` rows of the context of each task, [tasks, size, row size]. */
export function drawContexts(
  tasks: readonly TaskReplay[],
  size: number,
  source: ContextSource,
  columns: readonly ReplayColumn[],
  rng: Rng,
): tf.Tensor3D {
  const widths = columns.map((name) => tasks[0]!.log.columns[name].width);
  const rowSize = widths.reduce((sum, width) => sum + width, 0);
  const slots = new Int32Array(size);
  return fillTensor<tf.Rank.R3>([tasks.length, size, rowSize], (out) => {
    for (const [k, task] of tasks.entries()) {
      task.drawContext(source, rng, slots);
      let offset = k * size * rowSize;
      for (const [c, name] of columns.entries()) {
        const width = widths[c]!;
        const column = new Float32Array(size * width);
        task.log.gatherInto(name, slots, column);
        for (let i = 0; i < size; i++) {
          out.set(column.subarray(i * width, (i + 1) * width), offset + i * rowSize);
        }
        offset += width;
      }
    }
  });
}

/** The columns of a row of context, in the order of `writeContextRow`. */
export function contextColumns(nextObservation: boolean): readonly ReplayColumn[] {
  const columns: ReplayColumn[] = ['observation', 'action', 'contextReward'];
  return nextObservation ? [...columns, 'nextObservation'] : columns;
}
