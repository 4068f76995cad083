import type { Evaluation, Metrics, RunOutcome } from '@maxent/core';
import type { LoopState } from '../checkpoint.js';
import type { RunRow } from '../run-storage.js';
import type { FinishedEpisode } from './episode-account.js';
import { Forecast } from './forecast.js';
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
  private readonly forecast: Forecast;
  private learning = false;
  private evaluating = 0;
  private lastProgress = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: Pick<TrainOptions, 'listeners' | 'storage' | 'steps' | 'evaluation'>,
    private readonly loop: LoopState,
  ) {
    this.forecast = new Forecast(options);
    this.messages = new RunMessages(options.listeners, () => loop.step);
  }

  start(resumed: boolean): void {
    const { step, wallSeconds } = this.loop;
    this.clock.start(step, wallSeconds);
    this.rate.mark(step, this.steppingTime);
    this.messages.emit({ type: 'start', step, totalSteps: this.options.steps, resumed });
  }

  /** After every update: the first of a session measures the pace anew, because steps now cost more. */
  learned(): void {
    if (this.learning) return;
    this.learning = true;
    this.rate.restart(this.loop.step, this.steppingTime);
    this.forecast.learns(this.steppingTime);
  }

  /** Keeps the time of an evaluation apart from the pace of steps. */
  async timeEvaluation<T>(evaluate: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await evaluate();
    const milliseconds = performance.now() - begin;
    this.evaluating += milliseconds;
    this.forecast.evaluated(milliseconds);
    return result;
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
    const { steps: totalSteps } = this.options;
    const at = this.steppingTime;
    const stepsPerSecond = this.rate.mark(step, at);
    const secondsLeft = this.forecast.secondsLeft(step, at);
    this.messages.emit({
      type: 'progress',
      step,
      totalSteps,
      updates,
      stepsPerSecond,
      ...(secondsLeft !== undefined && { secondsLeft }),
    });
  }

  /** Milliseconds on a clock that stands still during evaluations. */
  private get steppingTime(): number {
    return performance.now() - this.evaluating;
  }
}
