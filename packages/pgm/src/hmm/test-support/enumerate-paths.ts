import { denseOf, isFloat64Array } from '@maxent/core';
import { logSumExp } from '../../numerics/log-sum-exp.js';
import { type HiddenMarkovModel, type HmmTransition, isTimeVarying } from '../model.js';

/** Every path with log p(z, y); the answer to all questions about a small model, by summing over K^T paths. */
export class PathTable {
  readonly stateCount: number;
  readonly length: number;
  private readonly paths: number[][] = [];
  /** log p(z_0 .. z_t, y_0 .. y_t) of each path, [paths][T]. */
  private readonly logJoints: number[][] = [];
  /** log p(z_0 .. z_t, y_0 .. y_{t-1}) of each path, [paths][T]. */
  private readonly logBefore: number[][] = [];

  constructor(
    private readonly model: HiddenMarkovModel,
    private readonly logLikelihoods: Float64Array,
  ) {
    const K = model.initial.length;
    const T = logLikelihoods.length / K;
    this.stateCount = K;
    this.length = T;
    for (let code = 0; code < K ** T; code++) {
      const path = Array.from({ length: T }, (_, t) => Math.floor(code / K ** t) % K);
      let log = 0;
      const before: number[] = [];
      const joint = path.map((state, t) => {
        log +=
          t === 0
            ? Math.log(model.initial[state]!)
            : Math.log(denseAt(model.transition, t - 1)[path[t - 1]! * K + state]!);
        before.push(log);
        log += logLikelihoods[t * K + state]!;
        return log;
      });
      this.paths.push(path);
      this.logJoints.push(joint);
      this.logBefore.push(before);
    }
  }

  logLikelihood(): number {
    // Paths that share their first t states share a prefix; the last entry has all of them.
    return logSumExp(Float64Array.from(this.logJoints, (joint) => joint[this.length - 1]!));
  }

  /** p(z_t = state | y_0 .. y_u) for t <= u. */
  marginal(t: number, state: number, u: number): number {
    return this.probability((path) => path[t] === state, u, this.logJoints);
  }

  /** p(z_t = state | y_0 .. y_{t-1}) */
  predicted(t: number, state: number): number {
    return this.probability((path) => path[t] === state, t, this.logBefore);
  }

  /** p(z_t = from, z_{t+1} = to | y_0 .. y_{T-1}) */
  pair(t: number, from: number, to: number): number {
    return this.probability(
      (path) => path[t] === from && path[t + 1] === to,
      this.length - 1,
      this.logJoints,
    );
  }

  /** log p(y_{t+1} .. y_{T-1} | z_t = state): the terms after t, summed over the states after t. */
  logLikelihoodAfter(t: number, state: number): number {
    const K = this.stateCount;
    let logs = new Float64Array(K);
    for (let u = this.length - 1; u > t; u--) {
      const matrix = denseAt(this.model.transition, u - 1);
      logs = logs.map((_, from) =>
        logSumExp(
          logs.map((log, to) => Math.log(matrix[from * K + to]!) + this.logLikelihoods[u * K + to]! + log),
        ),
      );
    }
    return logs[state]!;
  }

  /** Returns the best path; of equal ones, the one whose last state, then the one before, and so on, is lowest. */
  best(): { path: number[]; logProb: number } {
    let best = 0;
    this.paths.forEach((_path, i) => {
      // Paths are numbered with the last state as the most significant digit.
      if (this.logJoints[i]![this.length - 1]! > this.logJoints[best]![this.length - 1]!) best = i;
    });
    return { path: this.paths[best]!, logProb: this.logJoints[best]![this.length - 1]! };
  }

  /** Returns log p(z, y) of one path. */
  logJoint(path: ArrayLike<number>): number {
    const i = this.paths.findIndex((candidate) => candidate.every((state, t) => state === path[t]));
    return this.logJoints[i]![this.length - 1]!;
  }

  private probability(event: (path: number[]) => boolean, t: number, logs: number[][]): number {
    const all = Float64Array.from(logs, (row) => row[t]!);
    const inside = all.map((log, i) => (event(this.paths[i]!) ? log : -Infinity));
    return Math.exp(logSumExp(inside) - logSumExp(all));
  }
}

function denseAt(transition: HmmTransition, t: number): Float64Array {
  const matrix = isTimeVarying(transition) ? transition[t]! : transition;
  return isFloat64Array(matrix) ? matrix : denseOf(matrix);
}
