import { joinSnapshots } from '@maxent/core';
import { type LoopState, makeActingCheckpoint, makeCheckpoint } from '../checkpoint.js';
import type { BlowUpWatch } from './blow-up-watch.js';
import { assertFiniteCheckpoint } from './finiteness.js';
import type { GuardedOptions } from './guard-options.js';

/**
 * Makes the checkpoints of a run and remembers the last one. A checkpoint with a number that is not finite is not
 * stored.
 */
export class CheckpointKeeper {
  private lastStep = -1;

  constructor(
    private readonly options: GuardedOptions,
    private readonly blowUp: BlowUpWatch,
  ) {}

  resumeFrom(step: number): void {
    this.lastStep = step;
  }

  /** Whether the last checkpoint was made at `step`. */
  has(step: number): boolean {
    return this.lastStep === step;
  }

  /** Whether a multiple of the interval has passed since the last checkpoint. */
  isDue(step: number): boolean {
    const { checkpointEvery } = this.options;
    const intervals = (at: number) => Math.floor(Math.max(at, 0) / checkpointEvery);
    return intervals(step) > intervals(this.lastStep);
  }

  /** Stores a checkpoint that the run can resume from. Without a storage, only checks the agent's numbers. */
  async save(loop: LoopState): Promise<void> {
    const { storage, agent } = this.options;
    const { step } = loop;
    const checkpoint =
      storage === undefined
        ? joinSnapshots({ agent: agent.save() })
        : await makeCheckpoint(this.options, loop);
    assertFiniteCheckpoint(checkpoint, step, this.kept);
    this.blowUp.checkAgent(checkpoint, step);
    await storage?.saveCheckpoint(step, checkpoint);
    this.lastStep = step;
  }

  /** Stores what acting needs, as the best policy so far. */
  async saveBest(step: number): Promise<void> {
    const best = makeActingCheckpoint(this.options);
    assertFiniteCheckpoint(best, step, this.kept);
    await this.options.storage?.saveBest(step, best);
  }

  /** A sentence that says which checkpoint is left. */
  get kept(): string {
    if (this.options.storage === undefined || this.lastStep < 0) return 'There is no earlier checkpoint.';
    return `The checkpoint of step ${this.lastStep} is the last good one and is kept.`;
  }
}
