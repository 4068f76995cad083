import { crossQ, softActorCritic } from '@maxent/agents';
import type { ExpectedSettings } from '../../results/stored-settings.js';

export const TASKS = ['HalfCheetah-v5', 'Hopper-v5', 'Walker2d-v5', 'Ant-v5'] as const;
export type Task = (typeof TASKS)[number];

/** Tasks that every variant has, and that decide which rate of SAC is the better one. */
export const SHARED_TASKS: readonly Task[] = ['HalfCheetah-v5', 'Walker2d-v5'];
/** Tasks of a normalized score; Ant has another observation here than in the public runs. */
export const NORMALIZED_TASKS: readonly Task[] = ['HalfCheetah-v5', 'Hopper-v5', 'Walker2d-v5'];

export const SEEDS = [1, 2, 3] as const;
export const STEPS = 100_000;
export const EVALUATION = { every: 10_000, episodes: 10 };
export const LEARNING_STARTS = 5000;

export interface Variant {
  /** Its runs are in `<name>-<task>-seed<N>`. */
  readonly name: string;
  /** What a reader calls it. */
  readonly label: string;
  readonly agent: ExpectedSettings['agent'];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Tasks that its runs are due on. */
  readonly tasks: readonly Task[];
}

/** What all variants share. */
const SHARED = {
  ...{ hiddenSizes: [256, 256], batchSize: 256, replayCapacity: 1_000_000, discount: 0.99, criticCount: 2 },
  ...{ temperature: 'auto', initialTemperature: 1, targetEntropy: 'auto' },
  ...{ learningStarts: LEARNING_STARTS, trainEvery: 1, gradientSteps: 1 },
};

const ratesOf = (rate: number) => ({
  ...{ actorLearningRate: rate, criticLearningRate: rate, temperatureLearningRate: rate },
});

/** SAC at one of the two rates. */
export interface SacVariant extends Variant {
  readonly rate: number;
}

function sacAt(name: string, label: string, rate: number): SacVariant {
  const settings = { ...SHARED, ...ratesOf(rate), targetRate: 0.005 };
  return { name, label, agent: softActorCritic, settings, tasks: SHARED_TASKS, rate };
}

/** The slow rate first: it is taken if both are as good. */
export const SAC_VARIANTS: readonly [SacVariant, SacVariant] = [
  sacAt('sac-3e-4', 'sac, 3e-4', 3e-4),
  sacAt('sac-1e-3', 'sac, 1e-3', 1e-3),
];

export const LAYER_NORM = 'sac-layer-norm';

/** SAC at this rate with LayerNorm in the critics and normalized observations. */
export function sacWithLayerNorm({ settings }: SacVariant): Variant {
  return {
    ...{ name: LAYER_NORM, label: 'sac with LayerNorm', agent: softActorCritic, tasks: SHARED_TASKS },
    settings: { ...settings, criticLayerNormalization: true, normalizeObservations: true },
  };
}

export interface CrossQVariant extends Variant {
  /** Units in each of the two hidden layers of a critic. */
  readonly width: number;
}

function crossQOf(width: number, tasks: readonly Task[]): CrossQVariant {
  const settings = {
    ...{ ...SHARED, ...ratesOf(1e-3), criticHiddenSizes: [width, width] },
    ...{ beta1: 0.5, policyDelay: 3, renormalizeAfter: null },
  };
  return {
    ...{ name: `crossq-${width}`, label: `crossq, critics of ${width}` },
    ...{ agent: crossQ, settings, tasks, width },
  };
}

export const CROSSQ_VARIANTS: readonly [CrossQVariant, CrossQVariant] = [
  crossQOf(256, TASKS),
  crossQOf(512, SHARED_TASKS),
];
