import { RateMeter } from './rate-meter.js';

/** The engine compiles and optimizes during the first updates, which take many times as long as later ones. */
const WARM_UP_MILLISECONDS = 2000;
/** A pace measured for less time than this says little. */
const MEASURED_MILLISECONDS = 2000;
const WINDOW_MILLISECONDS = 60_000;

/** The length of a run and the intervals of its evaluations, in environment steps. */
interface Schedule {
  readonly steps: number;
  readonly evaluation: { readonly every: number };
}

/**
 * How long the rest of a run will take: its steps at the pace of the last minute of learning, and its evaluations as long
 * as the ones so far. Steps before the first update cost less than later ones, and those right after it cost more, so
 * neither count.
 */
export class Forecast {
  private readonly pace = new RateMeter(WINDOW_MILLISECONDS);
  private learningSince: number | undefined;
  private warmSince: number | undefined;
  private evaluations = 0;
  private evaluationMilliseconds = 0;

  constructor(private readonly schedule: Schedule) {}

  /** The first update of this session is done. `at` is a time that stands still during evaluations. */
  learns(at: number): void {
    this.learningSince = at;
  }

  evaluated(milliseconds: number): void {
    this.evaluations += 1;
    this.evaluationMilliseconds += milliseconds;
  }

  /** Undefined before enough steps with learning have been seen. */
  secondsLeft(step: number, at: number): number | undefined {
    if (this.learningSince === undefined || at - this.learningSince < WARM_UP_MILLISECONDS) return undefined;
    this.warmSince ??= at;
    const stepsPerSecond = this.pace.mark(step, at);
    if (at - this.warmSince < MEASURED_MILLISECONDS || stepsPerSecond === 0) return undefined;
    const left = Math.max(0, this.schedule.steps - step) / stepsPerSecond;
    return left + this.evaluationsAfter(step) * this.secondsPerEvaluation;
  }

  /** The evaluations at multiples of the interval, and the one at the last step. */
  private evaluationsAfter(step: number): number {
    const { steps, evaluation } = this.schedule;
    const upTo = (end: number): number => Math.floor(end / evaluation.every);
    const last = steps % evaluation.every === 0 ? 0 : 1;
    return step >= steps ? 0 : upTo(steps) - upTo(step) + last;
  }

  private get secondsPerEvaluation(): number {
    return this.evaluations === 0 ? 0 : this.evaluationMilliseconds / this.evaluations / 1000;
  }
}
