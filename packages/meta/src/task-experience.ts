import {
  type BatchView,
  type Experience,
  gatherBatch,
  requirePart,
  type TransitionBatch,
  type TransitionRow,
} from '@maxent/agents';
import { joinSnapshots, type Rng, type Snapshot, type Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { ContextRows } from './context-rows.js';
import {
  type ContextSource,
  requireTaskReplayMemory,
  TaskReplay,
  type TaskReplayOptions,
} from './task-replay.js';

export interface TaskExperienceOptions extends TaskReplayOptions {
  /** Number of train tasks. */
  readonly tasks: number;
  readonly contextRows: ContextRows;
  /** The task that experience currently comes from. */
  readonly current: () => number;
}

/** Experience of every train task. New transitions go to the task being visited. */
export class TaskExperience implements Experience {
  readonly tasks: readonly TaskReplay[];

  /** Throws InvalidInputError if it would not fit the limit on memory. */
  constructor(private readonly options: TaskExperienceOptions) {
    requireTaskReplayMemory(options, options.tasks);
    this.tasks = Array.from({ length: options.tasks }, () => new TaskReplay(options));
  }

  get size(): number {
    return this.tasks.reduce((sum, { size }) => sum + size, 0);
  }

  append(row: TransitionRow, transition: Transition): void {
    const { contextRows, current } = this.options;
    this.tasks[current()]!.append(contextRows.rowOf(row, transition));
  }

  /** `rows` rows of each of these tasks, drawn uniformly from all its experience, task after task. */
  drawBatch(chosen: readonly number[], rows: number, view: BatchView, rng: Rng): TransitionBatch {
    const drawn = chosen.map((task) => {
      const { log } = this.tasks[task]!;
      return { log, slots: log.sampleSlots(rng, new Int32Array(rows)) };
    });
    return gatherBatch(drawn, view);
  }

  /** `rows` rows of the context of each of these tasks, [tasks, rows, row size]. */
  drawContexts(chosen: readonly number[], rows: number, source: ContextSource, rng: Rng): tf.Tensor3D {
    const tasks = chosen.map((task) => this.tasks[task]!);
    const slots = tasks.map((task) => task.drawContext(source, rng, rows));
    return this.options.contextRows.tensor(tasks.length, rows, (k, column, out) =>
      tasks[k]!.log.gatherInto(column, slots[k]!, out),
    );
  }

  save(): Snapshot {
    return joinSnapshots(Object.fromEntries(this.tasks.map((task, k) => [`task-${k}`, task.save()])));
  }

  prepare(snapshot: Snapshot, agent: string): () => void {
    const loads = this.tasks.map((task, k) => task.prepare(requirePart(snapshot, `task-${k}`, agent), agent));
    return () => {
      for (const load of loads) load();
    };
  }
}
