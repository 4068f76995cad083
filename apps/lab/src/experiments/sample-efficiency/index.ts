import { InvalidInputError } from '@maxent/core';
import { type Check, holds } from '../../checks.js';
import type { Conclusion, RunExperiment } from '../experiment.js';
import { PEER, readPeers } from './peers.js';
import { learningCurves } from './pictures.js';
import { ABOUT_PUBLIC_CURVES } from './public-curves.js';
import { betterRate, normalizedScore, ratioToSac } from './scores.js';
import { assertKnownRuns, readVariant, runName, type StoredRun } from './stored-runs.js';
import { meansTable, peersTable, runsTable, widthsTable } from './tables.js';
import {
  CROSSQ_VARIANTS,
  LAYER_NORM,
  NORMALIZED_TASKS,
  SAC_VARIANTS,
  type SacVariant,
  SEEDS,
  SHARED_TASKS,
  sacWithLayerNorm,
  TASKS,
  type Variant,
} from './variants.js';

/** CrossQ's normalized score over SAC's. */
const REQUIRED_RATIO = 1.5;

/** CrossQ against SAC on four tasks, 100,000 steps. */
export const sampleEfficiency: RunExperiment = {
  description: 'CrossQ learns more than SAC from 100,000 steps of MuJoCo tasks',
  claim:
    `After 100,000 steps, seeds ${SEEDS.join(', ')}, crossq with critics of 256 has at least ${REQUIRED_RATIO} times the ` +
    'score of sac at the better of two rates. Score: mean over HalfCheetah-v5, Hopper-v5 and Walker2d-v5 of the mean ' +
    'return of the last three evaluations, over that of public CrossQ at 100,000 steps.',
  directory: 'sample-efficiency',
  judge: judgeSampleEfficiency,
};

/** Reads `<variant>-<task>-seed<N>` below `directory`. */
export async function judgeSampleEfficiency(directory: string): Promise<Conclusion> {
  await assertKnownRuns(directory, KNOWN);
  const ofSac = await readAll(directory, SAC_VARIANTS);
  const better = betterRate(ofSac);
  const others = [...(better === undefined ? [] : [sacWithLayerNorm(better)]), ...CROSSQ_VARIANTS];
  const variants = [
    ...SAC_VARIANTS.map((variant) => (variant === better ? { ...variant, tasks: TASKS } : variant)),
    ...others,
  ];
  const runs = [...ofSac, ...(await readAll(directory, others))];
  const peers = await readPeers(directory);
  if (runs.length + peers.length === 0)
    throw new InvalidInputError(directory, 'expected finished runs, found none');
  const due = better === undefined ? [...variants, ...undecided] : variants;
  const missing = due.flatMap(({ name, tasks }) => missingRuns(runs, name, tasks));
  const ratio = ratioToSac(runs, CROSSQ_VARIANTS[0].name, better, NORMALIZED_TASKS);
  const checks: Check[] =
    missing.length > 0 || ratio === undefined
      ? []
      : [
          {
            name: "normalized score of crossq, critics of 256, over sac's",
            ...{ value: ratio, limit: REQUIRED_RATIO, must: 'be at least' },
          },
        ];
  const failed = checks.some((check) => !holds(check));
  const shown = [...variants, PEER];
  return {
    table: runsTable([...runs, ...peers], shown),
    furtherTables: {
      'Means over seeds': meansTable(runs, variants),
      'CrossQ by the width of its critics': widthsTable(runs, better),
      ...(peers.length > 0 && { 'Next to sb3-contrib, by seed': peersTable(runs, peers) }),
    },
    checks,
    pictures: learningCurves([...runs, ...peers], shown),
    missing,
    notes: [
      'score: mean return of the last three evaluations, of 10 deterministic episodes each; normalized: over the mean of public CrossQ at 100,000 steps',
      'core-hours: wall clock times threads, more than was used if the machine had other work; updates: gradient steps of the critics',
      ...describeRatios(runs, better, others),
      ...(failed ? describePeers(peers) : []),
      ...ABOUT_PUBLIC_CURVES,
    ],
  };
}

const KNOWN = [...SAC_VARIANTS, ...CROSSQ_VARIANTS, PEER].map(({ name }) => name).concat(LAYER_NORM);

async function readAll(directory: string, variants: readonly Variant[]): Promise<StoredRun[]> {
  return (await Promise.all(variants.map((variant) => readVariant(directory, variant)))).flat();
}

/** What is due at the better rate while that is not known. */
const undecided: readonly Pick<Variant, 'name' | 'tasks'>[] = [
  { name: 'sac at the better rate', tasks: TASKS.filter((task) => !SHARED_TASKS.includes(task)) },
  { name: LAYER_NORM, tasks: SHARED_TASKS },
];

function missingRuns(runs: readonly StoredRun[], name: string, tasks: Variant['tasks']): string[] {
  return tasks.flatMap((task) =>
    SEEDS.filter(
      (seed) => !runs.some((run) => run.variant === name && run.task === task && run.seed === seed),
    ).map((seed) => runName(name, task, seed)),
  );
}

/** The better rate, and each of the others over SAC at it, on the tasks that all have. */
function describeRatios(
  runs: readonly StoredRun[],
  better: SacVariant | undefined,
  others: readonly Variant[],
): string[] {
  if (better === undefined) return [];
  const [slow, fast] = SAC_VARIANTS.map(({ name }) =>
    normalizedScore(runs, name, SHARED_TASKS)!.toPrecision(3),
  );
  return [
    `the better rate of sac is ${better.rate}: normalized scores on HalfCheetah and Walker2d are ${slow} at ${SAC_VARIANTS[0].rate} and ${fast} at ${SAC_VARIANTS[1].rate}`,
    ...others.flatMap((variant) => {
      const ratio = ratioToSac(runs, variant.name, better, SHARED_TASKS);
      return ratio === undefined
        ? []
        : [`${variant.label}: ${ratio.toPrecision(3)} times sac on HalfCheetah and Walker2d`];
    }),
  ];
}

/** What is due after a miss. */
function describePeers(peers: readonly StoredRun[]): string[] {
  const due = NORMALIZED_TASKS.filter((task) => !peers.some((run) => run.task === task && run.seed === 1));
  if (due.length === 0) return [];
  return [`due because the claim fails: ${due.map((task) => runName(PEER.name, task, 1)).join(', ')}`];
}
