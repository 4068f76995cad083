import { softActorCritic } from '@maxent/agents';
import { latentSpacePolicy } from '@maxent/hierarchy';
import { findTask } from '../../bench/tasks.js';
import { assertComplete } from '../../results/learning-run.js';
import type { SeedCurve } from '../../results/stored-seeds.js';
import { assertSame, assertSettings, type ExpectedSettings } from '../../results/stored-settings.js';

export interface Variant {
  /** What a reader calls it. */
  readonly label: string;
  readonly agent: ExpectedSettings['agent'];
  /** What it does not share with the others. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Steps of each level of a hierarchy; absent for a run outside of one. */
  readonly levels?: readonly number[];
}

export type VariantName =
  | 'sac'
  | 'flow'
  | 'two-levels'
  | 'two-levels-early'
  | 'two-levels-late'
  | 'four-couplings';

const flow = { agent: latentSpacePolicy, settings: { couplingLayers: 2 } };

/** The figure's variants, by the directory below the task's. */
export const VARIANTS: Readonly<Record<VariantName, Variant>> = {
  sac: { label: 'Gaussian SAC', agent: softActorCritic },
  flow: { label: 'one level', ...flow },
  'two-levels': { label: 'two levels', ...flow, levels: [50_000, 50_000] },
  'two-levels-early': {
    label: 'two levels, the second after a quarter of the steps',
    ...flow,
    levels: [25_000, 75_000],
  },
  'two-levels-late': {
    label: 'two levels, the second after three quarters',
    ...flow,
    levels: [75_000, 25_000],
  },
  'four-couplings': {
    label: 'one level of four couplings',
    agent: latentSpacePolicy,
    settings: { couplingLayers: 4 },
  },
};

/** What all variants share; everything else is the agent's default. */
const STEPS = 100_000;
const EVALUATION = { every: 10_000, episodes: 10 };
const SETTINGS = {
  hiddenSizes: [128, 128],
  batchSize: 128,
  actorLearningRate: 3e-4,
  criticLearningRate: 3e-4,
  temperatureLearningRate: 3e-4,
  targetRate: 0.005,
  discount: 0.99,
  temperature: 'auto',
  learningStarts: 10_000,
};

/**
 * Throws InvalidInputError, with the run's directory as field, unless all runs of a seed were trained as the variant says,
 * in the environment of this id with its default options, and have all their evaluations.
 */
export function assertProtocol({ runs }: SeedCurve, variant: Variant, environment: string): void {
  const { agent, settings, levels } = variant;
  for (const [i, run] of runs.entries()) {
    const steps = levels === undefined ? STEPS : levels[i]!;
    assertSettings(run, {
      agent,
      settings: { ...SETTINGS, ...settings },
      environment: findTask(environment).definition,
      level: levels && { below: i, sees: null, every: 1 },
      steps,
    });
    assertSame(run.directory, 'evaluation', run.config.evaluation, EVALUATION);
    const protocol = { steps, evaluateEvery: EVALUATION.every, episodes: EVALUATION.episodes };
    assertComplete({ ...run, protocol });
  }
}
