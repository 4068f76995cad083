import type { Evaluation, Metrics, RunOutcome } from '@maxent/core';
import type { LoopState } from '../checkpoint.js';
import type { RunRow } from '../run-storage.js';
import type { FinishedEpisode } from './episode-account.js';
import { RateMeter } from './rate-meter.js';
import { RunClock } from './run-clock.js';
import { RunMessages } from './run-messages.js';
import type { TrainOptions } from './train-options.js';

const PROGRESS_MILLISECONDS = 250;

/** What a run stores as rows and tells its listeners. */
export class RunRecord {
  readonly messages: RunMessages;
  readonly clock = new RunClock();
  private readonly rows: RunRow[] = [];
  private readonly rate = new RateMeter();
  private lastProgress = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: Pick<TrainOptions, 'listeners' | 'storage' | 'steps'>,
    private readonly loop: LoopState,
  ) {
    this.messages = new RunMessages(options.listeners, () => loop.step);
  }

  start(resumed: boolean): void {
    const { step, wallSeconds } = this.loop;
    this.clock.start(step, wallSeconds);
    this.rate.mark(step);
    this.messages.emit({ type: 'start', step, totalSteps: this.options.steps, resumed });
  }

  /** Measures the rate of steps anew, because they now cost more. */
  restartRate(): void {
    this.rate.restart(this.loop.step);
  }

  /** A warning that is also stored. */
  warning(message: string): void {
    this.rows.push({ type: 'warning', step: this.loop.step, message, wallSeconds: this.clock.wallSeconds });
    this.messages.warn(message);
  }

  episode(ended: FinishedEpisode): void {
    this.rows.push({ type: 'episode', ...ended, wallSeconds: this.clock.wallSeconds });
    this.messages.emit({ type: 'episode', ...ended });
  }

  metrics(values: Metrics): void {
    const { step, updates } = this.loop;
    const stepsPerSecond = this.clock.lap(step);
    this.rows.push({
      type: 'metrics',
      step,
      updates,
      values,
      wallSeconds: this.clock.wallSeconds,
      stepsPerSecond,
    });
    this.messages.emit({ type: 'metrics', step, updates, values });
  }

  evaluation(evaluation: Evaluation): void {
    this.rows.push({ type: 'evaluation', ...evaluation, wallSeconds: this.clock.wallSeconds });
    this.messages.emit({ type: 'evaluation', evaluation });
  }

  /** Reports progress if the last report was a while ago. */
  progressIfDue(): void {
    const now = performance.now();
    if (now - this.lastProgress < PROGRESS_MILLISECONDS) return;
    this.lastProgress = now;
    this.progress();
  }

  end(outcome: RunOutcome): void {
    const { step, updates } = this.loop;
    this.progress();
    this.messages.emit({ type: 'end', step, updates, outcome });
  }

  /** Gives the rows so far to the storage. */
  async store(): Promise<void> {
    const rows = this.rows.splice(0);
    if (rows.length === 0) return;
    await this.options.storage?.append(rows);
    this.loop.rows += rows.length;
  }

  private progress(): void {
    const { step, updates } = this.loop;
    const stepsPerSecond = this.rate.mark(step);
    this.messages.emit({ type: 'progress', step, totalSteps: this.options.steps, updates, stepsPerSecond });
  }
}
