import { softActorCritic, softActorCriticPresets } from '@maxent/agents';
import { pointMaze, pointMultiDirection } from '@maxent/envs';
import { latentSpacePolicy } from '@maxent/hierarchy';
import { MAZES } from '../../bench/maze-size/index.js';
import type { SeedCurve } from '../../results/stored-seeds.js';
import { assertSettings } from '../../results/stored-settings.js';

/** A maze with the steps that both sides had in it. */
export interface MazeTrial {
  /** Below `results/lsp`. */
  readonly directory: string;
  /** Where SAC's runs are, unless they are in the same directory: an earlier trial had the same maze and steps. */
  readonly scratchDirectory?: string;
  readonly label: string;
  readonly map: string;
  /** Steps of the upper level. */
  readonly decisions: number;
  /** Actions of the skills for which a decision stands. */
  readonly every: number;
  /** Fixed temperature of the upper level; learned without it. */
  readonly temperature?: number;
}

/** In the order in which they were planned, each because the one before did not settle the matter. */
export const TRIALS: readonly MazeTrial[] = [
  { directory: 'point-maze-runs', label: 'turn', map: MAZES.turn, decisions: 4800, every: 5 },
  {
    directory: 'point-maze-double-runs',
    label: 'double turn',
    map: MAZES['double turn'],
    decisions: 4800,
    every: 5,
  },
  {
    directory: 'point-maze-double-long-runs',
    label: 'double turn, more steps',
    map: MAZES['double turn'],
    decisions: 9400,
    every: 10,
  },
  {
    directory: 'point-maze-double-prior-runs',
    scratchDirectory: 'point-maze-double-long-runs',
    label: 'double turn, more steps, fixed temperature',
    map: MAZES['double turn'],
    decisions: 9400,
    every: 10,
    temperature: 0.01,
  },
  {
    directory: 'point-maze-double-resumed-runs',
    label: 'double turn, fixed temperature, twice as many steps',
    map: MAZES['double turn'],
    decisions: 18_800,
    every: 10,
    temperature: 0.01,
  },
];

/** Sides of a trial, by the directory below it. */
export const SIDES = {
  levels: { label: 'two levels', levels: 2, assertRuns: assertLevels },
  sac: { label: 'SAC from scratch', levels: undefined, assertRuns: assertScratch },
} as const;

export type SideName = keyof typeof SIDES;

const SKILL_STEPS = 6000;
const quickStart = softActorCriticPresets['quick-start'];

function assertLevels(
  { runs: [skills, upper] }: SeedCurve,
  { map, decisions, every, temperature }: MazeTrial,
): void {
  const settings = { ...quickStart, learningStarts: 500 };
  assertSettings(skills!, {
    agent: latentSpacePolicy,
    settings: { ...settings, targetEntropy: 0 },
    environment: pointMultiDirection,
    // Not where it is: the skills are to be the same everywhere.
    level: { below: 0, sees: { from: 2, to: 4 }, every: 1 },
    steps: SKILL_STEPS,
  });
  assertSettings(upper!, {
    agent: latentSpacePolicy,
    settings: { ...settings, ...(temperature !== undefined && { temperature }) },
    environment: pointMaze,
    options: { map },
    level: { below: 1, sees: null, every },
    steps: decisions,
  });
}

/** As many steps of the environment as the two levels had together. */
function assertScratch({ runs: [run] }: SeedCurve, { map, decisions, every }: MazeTrial): void {
  assertSettings(run!, {
    agent: softActorCritic,
    settings: quickStart,
    environment: pointMaze,
    options: { map },
    steps: SKILL_STEPS + decisions * every,
  });
}
