import { mean } from '../../statistics.js';
import { learningCurvesSvg } from '../curves.js';
import type { Conclusion, RunExperiment, Table } from '../experiment.js';
import type { PlannedCurve } from './curves.js';
import { PARTS, type Part } from './parts.js';
import { type Row, readRows, storedSeeds } from './stored-curve.js';

/** Longer runs, one row of the plan for each seed of each curve. */
export const evidence: RunExperiment = {
  description: 'what the theory claims, at up to a million steps',
  claim:
    'SAC on HalfCheetah-v5 is in the band of published results after a million steps; crossq on Humanoid-v5 reaches 8,000 ' +
    'after 300,000; a level that continues the one below is as good as one level with as many steps; at a fixed ' +
    'temperature a second level improves the first as much as twice the reward scale does; PEARL gets half way from the ' +
    'task-blind agent to the oracle.',
  directory: 'evidence',
  judge: judgeEvidence,
};

/** Reads `<curve>/seed<N>` below `directory`. Nothing need be there: the table is the plan, with what has run. */
export async function judgeEvidence(directory: string): Promise<Conclusion> {
  const rows: Row[] = [];
  for (const { curves } of Object.values(PARTS)) {
    for (const curve of curves) rows.push(...(await readRows(directory, curve)));
  }
  const undone = rows.filter(({ state }) => state !== 'done');
  return {
    table: rows.map(tableRow),
    furtherTables: meansTable(rows),
    checks: Object.values(PARTS).flatMap((part) => judgePart(part, rows)),
    pictures: pictures(rows),
    missing: undone.map(({ curve, seed }) => `${curve.name}/seed${seed}`),
    notes: [
      'score of a seed: mean of its last three evaluations of 10 deterministic episodes; with PEARL, of the last 5 episodes in each test task',
      'core-hours: wall clock times threads, more than was used if the machine had other work',
    ],
  };
}

/** Of the part's curves, once all of them are done. */
function judgePart({ curves, judge }: Part, rows: readonly Row[]): Conclusion['checks'] {
  if (judge === undefined || curves.some((curve) => !isDone(rows, curve))) return [];
  return judge((curve) => storedSeeds(rows, curve).map(({ score }) => score));
}

const isDone = (rows: readonly Row[], curve: PlannedCurve): boolean =>
  storedSeeds(rows, curve).length === curve.seeds.length;

const tableRow = ({ curve, seed, state, stored }: Row): Table[number] => ({
  curve: curve.name,
  variant: curve.label,
  environment: curve.environment.id,
  steps: curve.steps,
  seed,
  state,
  score: stored?.score ?? '',
  'wall hours': stored?.hours ?? '',
  'core-hours': stored?.coreHours ?? '',
});

/** Of curves whose seeds are all done. */
function meansTable(rows: readonly Row[]): Record<string, Table> {
  const curves = Object.values(PARTS).flatMap((part) => part.curves);
  const table = curves
    .filter((curve) => isDone(rows, curve))
    .map((curve) => {
      const seeds = storedSeeds(rows, curve);
      return { curve: curve.name, seeds: seeds.length, 'mean score': mean(seeds.map(({ score }) => score)) };
    });
  return table.length > 0 ? { 'Means over seeds': table } : {};
}

function pictures(rows: readonly Row[]): Record<string, string> {
  const drawn: Record<string, string> = {};
  for (const [name, { title, curves }] of Object.entries(PARTS)) {
    const learned = curves.flatMap((curve) => {
      const seeds = storedSeeds(rows, curve);
      if (seeds.length === 0) return [];
      const label = `${curve.label} (${seeds.length})`;
      return [{ label, runs: seeds.map(({ evaluations }) => evaluations) }];
    });
    if (learned.length > 0) drawn[name] = learningCurvesSvg(title, learned);
  }
  return drawn;
}
