import { fillTensor } from '@maxent/backend';
import type { ActOptions, Adaptation, AdaptOptions, Belief, BoxArray, Rng, Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { TaskConditions } from './task-conditions.js';
import { contextRowSize, type TaskReplayOptions, writeContextRow } from './task-replay.js';

export interface PearlAdaptationOptions extends AdaptOptions {
  readonly conditions: TaskConditions;
  readonly context: Omit<TaskReplayOptions, 'capacity'>;
  /** The policy's action upon a latent: a sample, or its mode without an `rng`. */
  readonly act: (observation: unknown, latent: Float32Array, rng: Rng | undefined) => BoxArray;
}

/** One task being found out (Rakelly et al. 2019, algorithm 2): everything seen of it is context. */
export class PearlAdaptation implements Adaptation<unknown, BoxArray> {
  private readonly rows: Float32Array[] = [];
  private readonly rowSize: number;
  private latent: Float32Array;

  constructor(private readonly options: PearlAdaptationOptions) {
    this.rowSize = contextRowSize(options.context);
    this.latent = this.options.conditions.fromPrior(options.descriptor, options.rng);
  }

  beginEpisode({ explore }: { readonly explore: boolean }): void {
    const { conditions, descriptor, rng } = this.options;
    this.latent = explore
      ? conditions.fromPrior(descriptor, rng)
      : conditions.fromContext(descriptor, () => this.context(), rng);
  }

  act(observation: unknown, { deterministic, rng }: ActOptions): BoxArray {
    return this.options.act(observation, this.latent, deterministic ? undefined : (rng ?? this.options.rng));
  }

  observe(transition: Transition<unknown, BoxArray>): void {
    if (this.options.conditions.encoder === undefined) return;
    const row = new Float32Array(this.rowSize);
    writeContextRow(transition, this.options.context, row);
    this.rows.push(row);
  }

  belief(): Belief | undefined {
    return this.options.conditions.believe(() => this.context());
  }

  private context(): tf.Tensor3D {
    const { rows, rowSize } = this;
    return fillTensor<tf.Rank.R3>([1, rows.length, rowSize], (array) => {
      for (const [i, row] of rows.entries()) array.set(row, i * rowSize);
    });
  }
}
