import type { TransitionReader } from '@maxent/agents';
import type { ActOptions, Adaptation, AdaptOptions, Belief, BoxArray, Rng, Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { ContextRows, TaskRow } from './context-rows.js';
import type { TaskConditions } from './task-conditions.js';

export interface PearlAdaptationOptions<Action> extends AdaptOptions {
  readonly conditions: TaskConditions;
  readonly contextRows: ContextRows;
  readonly reader: TransitionReader<Action>;
  /** The policy's action given a latent: a sample, or its mode without an `rng`. */
  readonly act: (observation: unknown, latent: Float32Array, rng: Rng | undefined) => Action;
}

/** Adaptation to one task (Rakelly et al. 2019, algorithm 2): everything observed in it is context. */
export class PearlAdaptation<Action = BoxArray> implements Adaptation<unknown, Action> {
  private readonly rows: TaskRow[] = [];
  private latent: Float32Array;

  constructor(private readonly options: PearlAdaptationOptions<Action>) {
    this.latent = this.options.conditions.fromPrior(options.descriptor, options.rng);
  }

  beginEpisode({ explore }: { readonly explore: boolean }): void {
    const { conditions, descriptor, rng } = this.options;
    this.latent = explore
      ? conditions.fromPrior(descriptor, rng)
      : conditions.fromContext(descriptor, () => this.context(), rng);
  }

  act(observation: unknown, { deterministic, rng }: ActOptions): Action {
    return this.options.act(observation, this.latent, deterministic ? undefined : (rng ?? this.options.rng));
  }

  observe(transition: Transition<unknown, Action>): void {
    const { conditions, contextRows, reader } = this.options;
    if (conditions.encoder === undefined) return;
    const row = contextRows.rowOf(reader.read(transition), transition);
    // The reader overwrites its result with the next transition.
    const { observation, action, nextObservation } = row;
    this.rows.push({
      ...row,
      observation: observation.slice(),
      action: action.slice(),
      nextObservation: nextObservation.slice(),
    });
  }

  belief(): Belief | undefined {
    return this.options.conditions.believe(() => this.context());
  }

  private context(): tf.Tensor3D {
    return this.options.contextRows.tensor(1, this.rows.length, (_, column, out) => {
      const width = out.length / this.rows.length;
      for (const [i, row] of this.rows.entries()) {
        const value = row[column];
        if (typeof value === 'number') out[i] = value;
        else out.set(value, i * width);
      }
    });
  }
}
