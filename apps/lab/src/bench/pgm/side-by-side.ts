import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { largestDifference } from '../../statistics.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { emptyPart, medianOf, type Part, type Setting } from './part.js';
import type { ProblemName } from './protocol.js';
import { Side } from './sides.js';

const ROUNDS = 7;

/** A problem, with our work and the peers' work on it. */
export interface Comparison {
  readonly label: string;
  readonly problem: ProblemName;
  readonly size: number;
  readonly work: string;
  /** Pieces of work in one measurement. */
  readonly count: number;
  readonly peers: readonly PeerProcess[];
}

export interface PeerProcess {
  readonly peer: string;
  /** NAME=VALUE */
  readonly environment?: readonly string[];
  readonly works: readonly PeerWork[];
}

export interface PeerWork {
  readonly work: string;
  readonly label: string;
  /**
   * Start of the names of its ratios: `OverOurs`, its time divided by ours, and `Difference` of its answer from ours.
   */
  readonly name: string;
  /** What its time divided by ours must reach; absent if that is only reported. */
  readonly atLeast?: number;
  /** How far its answer may be from ours, relative for numbers above 1; absent if that is only reported. */
  readonly agreement?: number;
}

/** Label of our row. */
export const ownLabel = ({ label }: Comparison): string => `${label}: maxent`;
const plainLabel = ({ label }: Comparison): string => `${label}: maxent, plain JavaScript`;

/**
 * Compares the answers of all sides, then measures them in alternation, and `alongside` with them. A peer that cannot
 * be started is missing from the rows. The rows end with the largest memory of each process.
 */
export async function sideBySide(
  { core, interpreter, progress }: Setting,
  comparison: Comparison,
  alongside: readonly Contender[] = [],
): Promise<Part> {
  const { label, problem, size, work, count, peers } = comparison;
  const part = emptyPart();
  const directory = await mkdtemp(join(tmpdir(), 'maxent-bench-pgm-'));
  const ours = Side.ours(core, problem, 'kernels');
  const plain = Side.ours(core, problem, 'plain');
  const started = [ours, plain];
  const processes = [
    { label: ownLabel(comparison), side: ours },
    { label: plainLabel(comparison), side: plain },
  ];
  try {
    progress?.(`${label}: making the problem and solving it on all sides`);
    Object.assign(part.versions, await ours.versions());
    await ours.make(size);
    await ours.exchange(directory);
    const ownAnswer = await ours.answer(work, directory);
    await plain.make(size);
    const kernelsDifference = largestDifference(await plain.answer(work, directory), ownAnswer);
    part.ratios[`${problem}KernelsDifference`] = kernelsDifference;
    part.checks.push({
      name: `${problem}KernelsDifference`,
      value: kernelsDifference,
      limit: 0,
      must: 'be at most',
    });
    const contenders = [
      ours.contender(ownLabel(comparison), work, count),
      plain.contender(plainLabel(comparison), work, count),
      ...alongside,
    ];
    const opponents: { readonly rowLabel: string; readonly spec: PeerWork }[] = [];
    for (const { peer, environment, works } of peers) {
      const side = Side.peer(core, interpreter, peer, environment);
      started.push(side);
      const description = await side.describe();
      if ('missing' in description) {
        part.missing.push({ peer, reason: description.missing });
        continue;
      }
      for (const [name, version] of Object.entries(description.versions)) {
        part.versions[`${peer}: ${name}`] = version;
      }
      await side.exchange(directory);
      for (const spec of works) {
        const rowLabel = `${label}: ${spec.label}`;
        const difference = largestDifference(await side.answer(spec.work, directory), ownAnswer);
        part.ratios[`${spec.name}Difference`] = difference;
        if (spec.agreement !== undefined) {
          const limit = spec.agreement;
          part.checks.push({ name: `${spec.name}Difference`, value: difference, limit, must: 'be at most' });
        }
        contenders.push(side.contender(rowLabel, spec.work, count));
        opponents.push({ rowLabel, spec });
      }
      processes.push({ label: `${label}: ${works.map((spec) => spec.label).join(' and ')}`, side });
    }
    part.rows.push(...(await measureInterleaved(contenders, { rounds: ROUNDS, progress })));
    part.ratios[`${problem}PlainOverOurs`] =
      medianOf(part.rows, plainLabel(comparison)) / medianOf(part.rows, ownLabel(comparison));
    for (const { rowLabel, spec } of opponents) {
      const name = `${spec.name}OverOurs`;
      const value = medianOf(part.rows, rowLabel) / medianOf(part.rows, ownLabel(comparison));
      part.ratios[name] = value;
      if (spec.atLeast !== undefined) {
        part.checks.push({ name, value, limit: spec.atLeast, must: 'be at least' });
      }
    }
    for (const { label: process, side } of processes) {
      const peak = await side.peakMebibytes();
      part.rows.push({ label: `${process}, largest memory`, median: peak, unit: 'MiB', runs: [peak] });
    }
    return part;
  } finally {
    await Promise.all(started.map((side) => side.close()));
    await rm(directory, { recursive: true });
  }
}
