import { type ActionValues, type Backup, greedyAction } from './backup.js';

export interface SoftBackupOptions {
  /** Above 0, in units of reward per nat. */
  readonly temperature: number;
  /** `none` adds the policy's entropy, `uniform` subtracts its divergence from the uniform policy. */
  readonly actionPrior: 'none' | 'uniform';
}

/**
 * The maximum-entropy backup, tau the temperature (Haarnoja et al. 2017, arXiv 1702.08165, equations 3 and 4):
 *
 *   V(s) = tau log sum_a p(a) exp(Q(s, a) / tau),  pi(a | s) = p(a) exp((Q(s, a) - V(s)) / tau)
 *
 * with p(a) = 1 (prior `none`, entropy form) or 1 / |A| (prior `uniform`, KL form); both have the same policy.
 */
export class SoftBackup implements Backup {
  private readonly temperature: number;
  private readonly actionPrior: SoftBackupOptions['actionPrior'];

  constructor({ temperature, actionPrior }: SoftBackupOptions) {
    this.temperature = temperature;
    this.actionPrior = actionPrior;
  }

  value(values: ActionValues, start: number, count: number): number {
    const largest = values[start + greedyAction(values, start, count)]!;
    let sum = 0;
    for (let a = 0; a < count; a++) sum += Math.exp((values[start + a]! - largest) / this.temperature);
    const mass = this.actionPrior === 'uniform' ? sum / count : sum;
    return largest + this.temperature * Math.log(mass);
  }

  /** sum_a pi(a) Q_evaluating(a) + bonus, pi and its bonus from `selecting`. */
  doubleValue(selecting: ActionValues, evaluating: ActionValues, start: number, count: number): number {
    return this.expectation(selecting, evaluating, start, count) + this.bonus(selecting, start, count);
  }

  policyInto(values: ActionValues, start: number, count: number, probs: Float64Array): void {
    const largest = values[start + greedyAction(values, start, count)]!;
    let sum = 0;
    for (let a = 0; a < count; a++) {
      const weight = Math.exp((values[start + a]! - largest) / this.temperature);
      probs[a] = weight;
      sum += weight;
    }
    for (let a = 0; a < count; a++) probs[a]! /= sum;
  }

  /** tau H(pi(. | s)), or -tau KL(pi(. | s), uniform). */
  bonus(values: ActionValues, start: number, count: number): number {
    return this.value(values, start, count) - this.expectation(values, values, start, count);
  }

  /** sum_a pi(a) f(a), pi the policy for `values`. */
  private expectation(values: ActionValues, f: ActionValues, start: number, count: number): number {
    const largest = values[start + greedyAction(values, start, count)]!;
    let sum = 0;
    let mass = 0;
    for (let a = 0; a < count; a++) {
      const weight = Math.exp((values[start + a]! - largest) / this.temperature);
      mass += weight;
      sum += weight * f[start + a]!;
    }
    return sum / mass;
  }
}
