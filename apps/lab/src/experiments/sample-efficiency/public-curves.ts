import type { Task } from './variants.js';

/** Mean and sample standard deviation over seeds at a step. */
export interface PublicPoint {
  readonly step: number;
  readonly mean: number;
  readonly sd: number;
}

export interface PublicCurve {
  readonly algorithm: string;
  readonly seeds: number;
  readonly points: Readonly<Record<Task, readonly PublicPoint[]>>;
}

const at = (step: number, mean: number, sd: number): PublicPoint => ({ step, mean, sd });

/**
 * The first 100,000 steps of public learning curves, on v4 of the tasks: returns at 50,000 and 100,000 steps, the nearest
 * evaluation at most 2,500 steps away, computed from results/baseline/sac.csv and crossq.csv of DAVIAN-Robotics/SimbaV2 at
 * commit 86899c277cdc (Apache-2.0). Only these numbers are taken. The files do not state the width of CrossQ's critics, 2048
 * in the authors' settings, nor how many episodes an evaluation has; SAC's grid is the one of the authors' scripts, which
 * have one episode and learning rates of 1e-3.
 */
export const PUBLIC_CURVES: readonly [crossQ: PublicCurve, sac: PublicCurve] = [
  {
    algorithm: 'CrossQ',
    seeds: 10,
    points: {
      'HalfCheetah-v5': [at(50_000, 6344.7, 832.4), at(100_000, 8112.4, 944.0)],
      'Hopper-v5': [at(50_000, 1421.4, 959.5), at(100_000, 2764.4, 823.2)],
      'Walker2d-v5': [at(50_000, 1095.5, 1218.2), at(100_000, 3913.6, 1729.5)],
      'Ant-v5': [at(50_000, 835.5, 891.9), at(100_000, 2299.4, 1347.0)],
    },
  },
  {
    algorithm: 'SAC',
    seeds: 10,
    points: {
      'HalfCheetah-v5': [at(50_000, 4212.3, 524.7), at(100_000, 6156.3, 737.7)],
      'Hopper-v5': [at(50_000, 529.8, 299.9), at(100_000, 1103.4, 387.7)],
      'Walker2d-v5': [at(50_000, 384.2, 162.2), at(100_000, 689.9, 253.8)],
      'Ant-v5': [at(50_000, 448.4, 297.5), at(100_000, 747.2, 528.3)],
    },
  },
];

/** What scores are divided by: the mean of public CrossQ at 100,000 steps. */
export const PUBLIC_CROSSQ: Readonly<Partial<Record<Task, number>>> = {
  'HalfCheetah-v5': 8112,
  'Hopper-v5': 2764,
  'Walker2d-v5': 3914,
};

/** What a reader of the pictures must know. */
export const ABOUT_PUBLIC_CURVES: readonly string[] = [
  'public curves: results/baseline/crossq.csv and sac.csv of DAVIAN-Robotics/SimbaV2 at 86899c277cdc (Apache-2.0), 10 seeds, at 50,000 and 100,000 steps; bands are one standard deviation, which holds the noise of evaluations too',
  'they ran on v4, ours on v5: Walker2d-v5 has the same friction at both feet, Hopper-v5, Walker2d-v5 and Ant-v5 give no reward for being healthy in the step of a fall, and Ant-v5 has 105 observations for 27 and contact costs',
];
