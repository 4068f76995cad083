import { crossQMultiplyAdds, type StepSizes, sacMultiplyAdds } from '../../bench/agents/arithmetic.js';
import { mean } from '../../statistics.js';
import type { Table } from '../experiment.js';
import { PUBLIC_CURVES } from './public-curves.js';
import { meanOver, normalize, normalizedScore, ratioToSac } from './scores.js';
import type { StoredRun } from './stored-runs.js';
import {
  CROSSQ_VARIANTS,
  NORMALIZED_TASKS,
  type SacVariant,
  SHARED_TASKS,
  TASKS,
  type Task,
  type Variant,
} from './variants.js';

type Named = Pick<Variant, 'name' | 'label'>;

const scoreIn = ({ score }: StoredRun): number => score;
const shown = (value: number | undefined): number | string => value ?? '';

/** A row for each run, by task. */
export function runsTable(runs: readonly StoredRun[], variants: readonly Named[]): Table {
  return TASKS.flatMap((task) =>
    variants.flatMap(({ name, label }) =>
      runs
        .filter((run) => run.task === task && run.variant === name)
        .map(({ seed, score, coreHours, updates }) => ({
          ...{ task, agent: label, seed, score, normalized: shown(normalize(task, score)) },
          ...{ 'core-hours, at most': coreHours, updates },
        })),
    ),
  );
}

/** A row for each variant that has a run, then the public curves at 100,000 steps. */
export function meansTable(runs: readonly StoredRun[], variants: readonly Named[]): Table {
  const ours = variants
    .filter(({ name }) => runs.some(({ variant }) => variant === name))
    .map(({ name, label }) => ({
      agent: label,
      ...byTask((task) => meanOver(runs, name, task, scoreIn)),
      ...{ [BOTH]: shown(normalizedScore(runs, name, SHARED_TASKS)) },
      ...{ [ALL]: shown(normalizedScore(runs, name, NORMALIZED_TASKS)) },
    }));
  const others = PUBLIC_CURVES.map(({ algorithm, points, seeds }) => {
    const scoreOf = (task: Task): number => points[task].at(-1)!.mean;
    const normalized = (tasks: readonly Task[]) => mean(tasks.map((task) => normalize(task, scoreOf(task))!));
    return {
      agent: `public ${algorithm}, v4, ${seeds} seeds`,
      ...byTask(scoreOf),
      ...{ [BOTH]: normalized(SHARED_TASKS), [ALL]: normalized(NORMALIZED_TASKS) },
    };
  });
  return [...ours, ...others];
}

const BOTH = 'normalized, HalfCheetah and Walker2d';
const ALL = 'normalized, with Hopper';

const byTask = (read: (task: Task) => number | undefined) =>
  Object.fromEntries(TASKS.map((task) => [task, shown(read(task))]));

/**
 * CrossQ at each width on the tasks that all widths have, and multiply-adds of its dense layers next to SAC's, on
 * HalfCheetah.
 */
export function widthsTable(runs: readonly StoredRun[], better: SacVariant | undefined): Table {
  const ours = CROSSQ_VARIANTS.map(({ name, width }) => {
    return {
      'width of the critics': width as number | string,
      ...Object.fromEntries(SHARED_TASKS.map((task) => [task, shown(meanOver(runs, name, task, scoreIn))])),
      ...{ normalized: shown(normalizedScore(runs, name, SHARED_TASKS)) },
      'over sac': shown(ratioToSac(runs, name, better, SHARED_TASKS)),
      'multiply-adds over sac':
        crossQMultiplyAdds(sizesOf(width), POLICY_DELAY) / sacMultiplyAdds(sizesOf(256)),
    };
  });
  const [{ points }] = PUBLIC_CURVES;
  const publicScores = SHARED_TASKS.map((task): [Task, number] => [task, points[task].at(-1)!.mean]);
  return [
    ...ours,
    {
      'width of the critics': "public, v4: not stated, 2048 in the authors' settings",
      ...Object.fromEntries(publicScores),
      normalized: mean(publicScores.map(([task, score]) => normalize(task, score)!)),
      ...{ 'over sac': '', 'multiply-adds over sac': '' },
    },
  ];
}

/** Scores of CrossQ with critics of 256 next to sb3-contrib's, seed by seed. */
export function peersTable(runs: readonly StoredRun[], peers: readonly StoredRun[]): Table {
  const [{ name }] = CROSSQ_VARIANTS;
  return peers.map(({ task, seed, score, coreHours }) => {
    const ours = runs.find((run) => run.variant === name && run.task === task && run.seed === seed);
    return {
      ...{ task, seed, ours: shown(ours?.score), 'sb3-contrib': score },
      ...{ 'our core-hours, at most': shown(ours?.coreHours), "sb3-contrib's, at most": coreHours },
    };
  });
}

const POLICY_DELAY = 3;

/** Of HalfCheetah. */
const sizesOf = (width: number): StepSizes => ({
  ...{ batchSize: 256, observationSize: 17, actionSize: 6 },
  ...{ hiddenSizes: [256, 256], criticHiddenSizes: [width, width] },
});
