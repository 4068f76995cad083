import { Rng, type TabularMdp } from '@maxent/core';
import { gridWorld } from '@maxent/envs';
import {
  bellmanOperator,
  emissionLogLikelihoods,
  hmmSmooth,
  inferControl,
  kalmanFilter,
  LinearGaussianModel,
  sampleHmm,
  sampleLinearGaussian,
} from '@maxent/pgm';
import type { ProblemArrays, ProblemName, ProblemSize } from './protocol.js';

/** A problem that both sides solve, and our side of it. */
export interface Problem {
  readonly size: ProblemSize;
  readonly arrays: ProblemArrays;
  /** One piece of work each. */
  readonly works: Readonly<Record<string, () => void>>;
  /** The result of the work, to compare with the other side's answer. */
  answer(): Float64Array;
}

const SEED = 1;
const HMM_STATES = 64;
/** Sweeps from V = 0 after which values are compared; the same number in pgm_worker.py. */
const ANSWER_SWEEPS = 30;
const CONTROL = { inference: 'variational', discount: 0.99, temperature: 0.1 } as const;

export const problems: Readonly<Record<ProblemName, (size: number) => Problem>> = {
  hmm,
  kalman,
  grid,
  horizon,
  memory,
};

/** Forward-backward over `steps` observations of 64 states with overlapping Gaussian emissions. */
function hmm(steps: number): Problem {
  const rng = Rng.fromSeed(SEED);
  const initial = new Float64Array(HMM_STATES).fill(1 / HMM_STATES);
  const transition = new Float64Array(HMM_STATES * HMM_STATES);
  for (let from = 0; from < HMM_STATES; from++) {
    const row = transition.subarray(from * HMM_STATES, (from + 1) * HMM_STATES);
    for (let to = 0; to < HMM_STATES; to++) row[to] = rng.exponential();
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (let to = 0; to < HMM_STATES; to++) row[to]! /= sum;
  }
  const means = Float64Array.from({ length: HMM_STATES }, (_, state) => state / 4);
  const stds = new Float64Array(HMM_STATES).fill(1);
  const emission = { kind: 'gaussian', means, stds } as const;
  const { observations } = sampleHmm({ initial, transition, emission }, steps, rng);
  const solve = () => hmmSmooth({ initial, transition }, emissionLogLikelihoods(emission, observations));
  return {
    size: { steps, states: HMM_STATES },
    arrays: { initial, transition, means, stds, observations },
    works: { solve },
    answer() {
      const { logLikelihood, smoothed } = solve();
      return joined(Float64Array.of(logLikelihood), smoothed!);
    },
  };
}

/** Filtering `steps` noisy positions in four dimensions, moved by random accelerations: 8 state components. */
function kalman(steps: number): Problem {
  const [n, m, interval] = [8, 4, 0.1];
  const [F, Q, H, R] = [n * n, n * n, m * n, m * m].map((length) => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < m; i++) {
    const velocity = i + m;
    F[i * n + i] = F[velocity * n + velocity] = 1;
    F[i * n + velocity] = interval;
    Q[i * n + i] = interval ** 3 / 3;
    Q[i * n + velocity] = Q[velocity * n + i] = interval ** 2 / 2;
    Q[velocity * n + velocity] = interval;
    H[i * n + i] = 1;
    R[i * m + i] = 0.25;
  }
  const initialMean = new Float64Array(n);
  const initialCovariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) initialCovariance[i * n + i] = 1;
  const model = new LinearGaussianModel({ initialMean, initialCovariance, F, Q, H, R });
  const { observations } = sampleLinearGaussian(model, steps, Rng.fromSeed(SEED));
  const solve = () => kalmanFilter(model, observations);
  return {
    size: { steps, states: n, observed: m },
    arrays: { initialMean, initialCovariance, F, Q, H, R, observations },
    works: { solve },
    answer() {
      const { logLikelihood, filteredMeans, filteredCovariances } = solve();
      return joined(Float64Array.of(logLikelihood), filteredMeans, filteredCovariances);
    },
  };
}

/** Soft value iteration on a square gridworld with slippery moves: 4 actions, 3 successors each. */
function grid(side: number): Problem {
  const mdp = randomGrid(side);
  const { transition, reward, terminal } = mdp;
  const sweep = bellmanOperator(mdp, CONTROL);
  let V = new Float64Array(mdp.stateCount);
  let next = new Float64Array(mdp.stateCount);
  const work = () => {
    sweep(V, next);
    [V, next] = [next, V];
  };
  return {
    size: { states: mdp.stateCount, transitions: transition.values.length },
    arrays: {
      rowOffsets: transition.rowOffsets,
      columns: transition.columns,
      probabilities: transition.values,
      reward,
      terminal: Uint32Array.from(terminal),
      parameters: Float64Array.of(CONTROL.discount, CONTROL.temperature),
    },
    works: { sweep: work },
    answer() {
      V.fill(0);
      for (let i = 0; i < ANSWER_SWEEPS; i++) work();
      return V;
    },
  };
}

/** Exact inference of every message and policy over `steps` steps of a small gridworld. */
function horizon(steps: number): Problem {
  const mdp = randomGrid(10);
  const solve = () => inferControl(mdp, { inference: 'exact', horizon: steps });
  return {
    size: { steps, states: mdp.stateCount },
    arrays: {},
    works: { solve },
    answer: () => solve().V,
  };
}

/** Start in one corner, a goal in the other, and ground that costs more in some places than in others. */
function randomGrid(side: number): TabularMdp {
  const rng = Rng.fromSeed(SEED);
  const ground = ['.', 'a', 'b', 'c'];
  const rows = Array.from({ length: side }, () =>
    Array.from({ length: side }, () => ground[rng.integer(ground.length)]!),
  );
  rows[0]![0] = 'S';
  rows[side - 1]![side - 1] = 'G';
  return gridWorld({
    map: rows.map((row) => row.join('')).join('/'),
    slip: 0.2,
    legend: {
      G: { reward: 1 },
      a: { reward: -0.1, terminal: false },
      b: { reward: -0.4, terminal: false },
      c: { reward: -1, terminal: false },
    },
  });
}

/** What one core gets from memory: a copy, and a triad a = b + s c as in McCalpin's STREAM, of `length` numbers. */
function memory(length: number): Problem {
  const a = new Float64Array(length).fill(1);
  const b = new Float64Array(length).fill(2);
  const c = new Float64Array(length).fill(3);
  return {
    size: { copiedBytes: 2 * a.byteLength, triadBytes: 3 * a.byteLength },
    arrays: {},
    works: {
      copy: () => a.set(b),
      triad: () => {
        for (let i = 0; i < length; i++) a[i] = b[i]! + 0.5 * c[i]!;
      },
    },
    answer: () => a,
  };
}

function joined(...parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
