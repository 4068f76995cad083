import { fillTensor } from '@maxent/backend';
import { joinSnapshots, type Rng, type Snapshot, type Transition } from '@maxent/core';
import type * as tf from '@tensorflow/tfjs-core';
import { joinParts, mergeSnapshots } from './agent-parts.js';
import { DrawnLogProbs } from './drawn-log-probs.js';
import { NStepWindows } from './n-step-windows.js';
import { type Experience, Replay } from './replay.js';
import type { TransitionRow } from './transition-reader.js';
import {
  gatherBatch,
  replayRow,
  type TransitionBatch,
  type TransitionColumn,
  type TransitionReplayOptions,
  transitionColumns,
} from './transition-replay.js';

export interface NStepTransitionsOptions extends TransitionReplayOptions {
  /** n, the number of rewards before the bootstrap. */
  readonly nStep: number;
}

/**
 * Experience with n rewards a row, and with the log-probabilities of the actions along the way, as `NStepWindow` sums
 * them. Actions must be those that `remember` was told of, each in its environment.
 */
export class NStepTransitions extends Replay<TransitionColumn | 'logProb'> implements Experience {
  private drawnLogProbs: DrawnLogProbs;
  /** Steps waiting for their n rewards. */
  private windows: NStepWindows;
  private readonly slots: Int32Array;

  constructor(private readonly options: NStepTransitionsOptions) {
    super({ ...transitionColumns(options), logProb: { dataType: 'float32', width: 1 } }, options.capacity);
    this.drawnLogProbs = new DrawnLogProbs(options.actionSize);
    this.windows = this.emptyWindows();
    this.slots = new Int32Array(options.batchSize);
  }

  /** Takes over the coordinates of an action that was drawn in an environment, and its log-probability. */
  remember(action: Float32Array, logProb: number, environment?: number): void {
    this.drawnLogProbs.remember(action, logProb, environment);
  }

  /** Throws InvalidInputError, changing nothing, unless the action is the one that was drawn last. */
  append(row: TransitionRow, { environment }: Pick<Transition, 'environment'>): void {
    const logProb = this.drawnLogProbs.take(row.action, environment);
    this.windows
      .of(environment)
      .push({ ...row, logProb }, (complete) => this.log.append(replayRow(complete)));
  }

  /** A minibatch, drawn uniformly and with replacement. */
  sample(rng: Rng): TransitionBatch {
    const { log } = this;
    const slots = log.sampleSlots(rng, this.slots);
    const logProbs = fillTensor<tf.Rank.R1>([slots.length], (array) =>
      log.gatherInto('logProb', slots, array),
    );
    return { ...gatherBatch([{ log, slots }], this.options), logProbs };
  }

  override save(): Snapshot {
    const { windows, drawnLogProbs } = this;
    return mergeSnapshots([
      super.save(),
      joinSnapshots({ windows: windows.save(), drawnLogProbs: drawnLogProbs.save() }),
    ]);
  }

  override prepare(snapshot: Snapshot, agent: string): () => void {
    const takeRows = super.prepare(snapshot, agent);
    const windows = this.emptyWindows();
    const drawnLogProbs = new DrawnLogProbs(this.options.actionSize);
    joinParts(agent, { windows, drawnLogProbs }).load(snapshot);
    return () => {
      takeRows();
      this.windows = windows;
      this.drawnLogProbs = drawnLogProbs;
    };
  }

  private emptyWindows(): NStepWindows {
    const { nStep, discount, observationSize, actionSize } = this.options;
    return new NStepWindows({ length: nStep, discount, observationSize, actionShape: [actionSize] });
  }
}
