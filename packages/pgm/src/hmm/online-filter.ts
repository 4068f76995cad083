import { InvalidInputError, requireObject } from '@maxent/core';
import { BackwardStep } from './backward-step.js';
import { ForwardMessages } from './forward-messages.js';
import {
  type HiddenMarkovModel,
  isTimeVarying,
  type MarkovChain,
  readModel,
  requireBelowInfinity,
  requireStates,
} from './model.js';
import { requireLag } from './smooth.js';

export interface OnlineHmmFilterOptions {
  /** How many steps `smoothed` looks ahead; default 0, which is the filter. */
  readonly lag?: number;
}

/**
 * The filter of `hmmFilter` and the fixed-lag smoother of `hmmFixedLagSmooth`, one observation at a time, in memory
 * that does not grow: O((lag + 2) K). `push` takes O(K^2), and reading `smoothed` O(lag K^2). Throws InvalidInputError
 * for an invalid model, and for a lag that is not an integer of at least 0.
 */
export class OnlineHmmFilter {
  private readonly chain: MarkovChain;
  private readonly lag: number;
  /** The number of times that have a transition to the next. */
  private readonly stepLimit: number;
  /** Time t lies in slot t modulo the number of slots. */
  private readonly messages: ForwardMessages;
  private readonly backward: BackwardStep;
  private pushed = 0;
  /** Whether the slot of time `pushed` holds its prediction. */
  private predictionReady = true;
  private sum = 0;

  constructor(model: HiddenMarkovModel, options: OnlineHmmFilterOptions = {}) {
    requireObject('options', options, '{ lag: 2 }');
    const { lag = 0 } = options;
    requireLag(lag);
    requireStates(model);
    const varying = isTimeVarying(model.transition);
    this.stepLimit = varying ? (model.transition as readonly unknown[]).length : Infinity;
    this.chain = readModel(model, varying ? this.stepLimit : 0);
    this.lag = lag;
    const { stateCount } = this.chain;
    this.messages = new ForwardMessages(stateCount, lag + 2, new Float64Array((lag + 2) * stateCount));
    this.backward = new BackwardStep(this.messages);
    this.messages.begin(0, this.chain.initial);
  }

  /** How many observations have been pushed. */
  get count(): number {
    return this.pushed;
  }

  /** The log-probability of everything pushed so far; once that is impossible, -Infinity from then on. */
  get logLikelihood(): number {
    return this.sum;
  }

  /**
   * Conditions on the next observation: `logLikelihoods` is log p(y_t | z_t = k), [K], zeros if it is missing. Throws
   * InvalidInputError for a row that does not fit, and when a time-varying model has no more steps.
   */
  push(logLikelihoods: Float64Array): void {
    const { stateCount } = this.chain;
    if (logLikelihoods.length !== stateCount) {
      throw new InvalidInputError(
        'logLikelihoods',
        `expected ${stateCount} entries, got ${logLikelihoods.length}`,
      );
    }
    requireBelowInfinity(logLikelihoods, (k) => `logLikelihoods[${k}]`);
    if (this.sum > -Infinity) {
      this.predictNext();
      const slot = this.slotOf(this.pushed);
      this.messages.logLikelihoods.set(logLikelihoods, slot * stateCount);
      this.sum = this.messages.update(slot) ? this.sum + this.messages.logNormalizers[slot]! : -Infinity;
      this.predictionReady = false;
    }
    this.pushed++;
  }

  /** p(z_t | y_0 .. y_t) for the last t pushed, [K]. null before the first, and once the evidence is impossible. */
  get filtered(): Float64Array | null {
    if (this.pushed === 0 || this.sum === -Infinity) return null;
    return this.rowOf(this.messages.filtered, this.pushed - 1);
  }

  /**
   * p(z_{t+1} | y_0 .. y_t) for the last t pushed, [K]; the initial distribution before the first. null once the
   * evidence is impossible. Throws InvalidInputError if a time-varying model has no step to t + 1.
   */
  get predicted(): Float64Array | null {
    if (this.sum === -Infinity) return null;
    this.predictNext();
    return this.rowOf(this.messages.predicted, this.pushed);
  }

  /** p(z_{t-lag} | y_0 .. y_t) for the last t pushed, [K]. null while t < lag, and once the evidence is impossible. */
  get smoothed(): Float64Array | null {
    if (this.pushed <= this.lag || this.sum === -Infinity) return null;
    let later = this.rowOf(this.messages.filtered, this.pushed - 1);
    let earlier = new Float64Array(this.chain.stateCount);
    for (let t = this.pushed - 2; t >= this.pushed - 1 - this.lag; t--) {
      const matrix = this.chain.transitionAt(t);
      this.backward.smooth(this.slotOf(t), this.slotOf(t + 1), matrix, later, 0, earlier, 0);
      [later, earlier] = [earlier, later];
    }
    return later;
  }

  private predictNext(): void {
    if (this.predictionReady) return;
    if (this.pushed > this.stepLimit) {
      throw new InvalidInputError(
        'transition',
        `expected a matrix for step ${this.pushed - 1}, got ${this.stepLimit} matrices`,
      );
    }
    const last = this.pushed - 1;
    this.messages.predict(this.slotOf(this.pushed), this.slotOf(last), this.chain.transitionAt(last));
    this.predictionReady = true;
  }

  private slotOf(t: number): number {
    return t % this.messages.slots;
  }

  private rowOf(rows: Float64Array, t: number): Float64Array<ArrayBuffer> {
    const start = this.slotOf(t) * this.chain.stateCount;
    return new Float64Array(rows.subarray(start, start + this.chain.stateCount));
  }
}
