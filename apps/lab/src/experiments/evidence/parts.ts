import type { Check } from '../../checks.js';
import { mean } from '../../statistics.js';
import { squaredError } from '../../welch.js';
import { seedsHalfWay } from '../pearl-curves/families.js';
import {
  ANT,
  ANT_FIXED,
  CHEETAH,
  CROSSQ_ANT,
  CROSSQ_HUMANOID,
  CROSSQ_WALKER,
  DIRECTION,
  HUMANOID,
  type PlannedCurve,
  SAC_CHEETAH,
  SAC_HOPPER,
  VELOCITY,
} from './curves.js';

/** Scores of a curve by seed, once all its seeds are done. */
export type Scores = (curve: PlannedCurve) => readonly number[];

/** What is decided together, and its rule. */
export interface Part {
  readonly title: string;
  /** Drawn on one axis. */
  readonly curves: readonly PlannedCurve[];
  /** Without it the curves are shown and not judged. */
  readonly judge?: (scores: Scores) => Check[];
}

/** In the order in which they run. */
export const PARTS: Readonly<Record<string, Part>> = {
  'sac-half-cheetah': {
    title: 'SAC on HalfCheetah-v5',
    curves: [SAC_CHEETAH],
    judge: (scores) => {
      // Published results on v5 after a million steps.
      const [low, high] = [9000, 12_500];
      const value = mean(scores(SAC_CHEETAH));
      return [
        { name: 'sac on HalfCheetah-v5: mean score', value, limit: low, must: 'be at least' },
        { name: 'sac on HalfCheetah-v5: mean score', value, limit: high, must: 'be at most' },
      ];
    },
  },
  'crossq-humanoid': {
    title: 'CrossQ on Humanoid-v5',
    curves: [CROSSQ_HUMANOID],
    judge: (scores) => [
      {
        name: 'crossq on Humanoid-v5: mean score (public mean on v4: 9039)',
        ...{ value: mean(scores(CROSSQ_HUMANOID)), limit: 8000, must: 'be at least' },
      },
    ],
  },
  'levels-ant': {
    title: 'Latent space policies on Ant-v5, learned temperature',
    curves: Object.values(ANT),
    judge: (scores) => [
      {
        name: 'Ant-v5, learned temperature: two continued levels over one, in standard errors',
        ...{ value: lead(scores(ANT.twoLevels), scores(ANT.oneLevel)), limit: -1, must: 'be at least' },
      },
    ],
  },
  'levels-ant-fixed': {
    title: 'Latent space policies on Ant-v5, temperature 1',
    curves: Object.values(ANT_FIXED),
    judge: (scores) => [
      {
        name: 'Ant-v5, temperature 1: two levels over one, in standard errors',
        ...{ value: lead(scores(ANT_FIXED.twoLevels), scores(ANT_FIXED.oneLevel)), limit: 1 },
        must: 'be at least',
      },
      {
        // At most 1 as well: the figure is explained. Above 1: levels help by themselves.
        name: 'Ant-v5, temperature 1: two levels over one at twice the reward scale, in standard errors',
        ...{ value: lead(scores(ANT_FIXED.twoLevels), scores(ANT_FIXED.control)), limit: -1 },
        must: 'be at least',
      },
    ],
  },
  'levels-half-cheetah': {
    title: 'Latent space policies on HalfCheetah-v5, 100,000 steps',
    curves: Object.values(CHEETAH),
    judge: (scores) => [
      {
        name: 'HalfCheetah-v5, 100,000 steps: mean score of two continued levels over that of one',
        value: mean(scores(CHEETAH.twoLevels)) / mean(scores(CHEETAH.oneLevel)),
        ...{ limit: 0.9, must: 'be at least' },
      },
    ],
  },
  'pearl-direction': {
    title: 'PEARL on HalfCheetah-Dir',
    curves: Object.values(DIRECTION),
    judge: (scores) => [halfWay('HalfCheetah-Dir', DIRECTION, scores)],
  },
  'pearl-velocity': {
    title: 'PEARL on HalfCheetah-Vel, held-out velocities',
    curves: Object.values(VELOCITY),
    judge: (scores) => [halfWay('HalfCheetah-Vel, held-out velocities', VELOCITY, scores)],
  },
  'levels-humanoid': {
    title: 'Latent space policies on Humanoid-v5',
    curves: Object.values(HUMANOID),
    judge: (scores) => [
      {
        name: 'Humanoid-v5: two continued levels over one, in standard errors',
        ...{ value: lead(scores(HUMANOID.twoLevels), scores(HUMANOID.oneLevel)), limit: -1 },
        must: 'be at least',
      },
    ],
  },
  'crossq-ant': { title: 'CrossQ on Ant-v5', curves: [CROSSQ_ANT] },
  'crossq-walker': { title: 'CrossQ on Walker2d-v5', curves: [CROSSQ_WALKER] },
  'sac-hopper': { title: 'SAC on Hopper-v5', curves: [SAC_HOPPER] },
};

/** (mean(a) - mean(b)) / sqrt(var(a) / n + var(b) / m) with unbiased variances. */
export function lead(a: readonly number[], b: readonly number[]): number {
  return (mean(a) - mean(b)) / Math.sqrt(squaredError(a) + squaredError(b));
}

function halfWay(task: string, { pearl, blind, oracle }: typeof DIRECTION, scores: Scores): Check {
  const value = seedsHalfWay(scores(pearl), scores(blind), scores(oracle));
  const name = `${task}: seeds at least half way from task-blind to oracle`;
  return { name, value, limit: 2, must: 'be at least' };
}
