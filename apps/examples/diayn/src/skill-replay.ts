import {
  type BatchView,
  type Experience,
  gatherBatch,
  Replay,
  replayRow,
  type TransitionBatch,
  type TransitionColumn,
  type TransitionRow,
  type TransitionSizes,
  transitionColumns,
} from '@maxent/agents';
import { fillTensor } from '@maxent/backend';
import type { Rng, Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';

export interface SkillReplayOptions extends TransitionSizes, BatchView {
  readonly capacity: number;
  /** Rows per minibatch, B. */
  readonly batchSize: number;
  readonly skills: number;
  /** The skill that this environment's episode follows. */
  readonly skillIn: (environment: number | undefined) => number;
}

export interface SkillBatch extends TransitionBatch {
  /** One-hot, [B, skills]. */
  readonly skills: tf.Tensor2D;
}

/** Transitions, each with the skill that its episode followed. The environment's rewards are kept but not learned from. */
export class SkillReplay extends Replay<TransitionColumn | 'skill'> implements Experience {
  private readonly slots: Int32Array;

  constructor(private readonly options: SkillReplayOptions) {
    super({ ...transitionColumns(options), skill: { dataType: 'uint32', width: 1 } }, options.capacity);
    this.slots = new Int32Array(options.batchSize);
  }

  append(row: TransitionRow, { environment }: Pick<Transition, 'environment'>): void {
    this.log.append({ ...replayRow(row), skill: this.options.skillIn(environment) });
  }

  /** A minibatch, drawn uniformly and with replacement. */
  sample(rng: Rng): SkillBatch {
    const { log, options } = this;
    const slots = log.sampleSlots(rng, this.slots);
    const drawn = new Float32Array(slots.length);
    log.gatherInto('skill', slots, drawn);
    return {
      ...gatherBatch([{ log, slots }], options),
      skills: fillTensor<tf.Rank.R2>([slots.length, options.skills], (oneHot) => {
        oneHot.fill(0);
        drawn.forEach((skill, row) => {
          oneHot[row * options.skills + skill] = 1;
        });
      }),
    };
  }
}
