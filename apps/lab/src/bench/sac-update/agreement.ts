import { fusedKernelsEnabled, useFusedKernels } from '@maxent/backend';
import type { Metrics, NumericArray, Snapshot } from '@maxent/core';
import { relativeDistance } from '../../statistics.js';
import { BenchmarkFailedError } from '../benchmark.js';
import type { UpdateSizes } from './flop-count.js';
import { makeAgent, randomTransitions } from './workload.js';

const UPDATES = 20;
const SEED = 1;
const OTHER_SEEDS = [2, 3];
const LIMIT = 1e-4;
const NETWORKS = ['actor', 'critics', 'targetCritics'] as const;
const LOSSES = ['criticLoss', 'actorLoss'] as const;

/** How far the fused kernels are from the composed operations, as relative L2 distances. */
export interface Distances {
  /** Of all parameters of each network after the last update. */
  readonly parameters: Readonly<Record<(typeof NETWORKS)[number], number>>;
  /** Of the series of losses, one per update. */
  readonly losses: Readonly<Record<(typeof LOSSES)[number], number>>;
  /** How far learning moved the parameters, for comparison with the distances above. */
  readonly moved: Readonly<Record<(typeof NETWORKS)[number], number>>;
}

export interface Agreement extends Distances {
  readonly seed: number;
  readonly updates: number;
  readonly limit: number;
  /** The same for other seeds, which are shown but not judged. */
  readonly otherSeeds: readonly (Distances & { readonly seed: number })[];
}

/**
 * Takes the same gradient steps from the same seed twice on the current backend, with the fused kernels and with the
 * composed operations, and compares.
 *
 * Rounding alone explains distances of about 1e-7. Now and then it puts one value on the other side of a ReLU's kink;
 * if that was the only example that a unit saw, Adam turns the difference into whole steps of that unit's weights, and
 * the distance becomes 1e-5 to 1e-4.
 */
export function measureAgreement(sizes: UpdateSizes): Agreement {
  const before = fusedKernelsEnabled();
  const distances = (seed: number) => ({
    seed,
    ...compareTrials(learn(sizes, seed, true), learn(sizes, seed, false)),
  });
  try {
    return {
      ...distances(SEED),
      updates: UPDATES,
      limit: LIMIT,
      otherSeeds: OTHER_SEEDS.map(distances),
    };
  } finally {
    useFusedKernels(before);
  }
}

/** What one series of updates leaves behind. */
export interface Trial {
  readonly initial: Snapshot['arrays'];
  readonly final: Snapshot['arrays'];
  readonly losses: Readonly<Record<(typeof LOSSES)[number], readonly number[]>>;
}

export function compareTrials(fused: Trial, composed: Trial): Distances {
  const parameters = perName(NETWORKS, (name) =>
    relativeDistance(join(fused.final, name), join(composed.final, name)),
  );
  const losses = perName(LOSSES, (name) => relativeDistance(fused.losses[name], composed.losses[name]));
  const moved = perName(NETWORKS, (name) =>
    relativeDistance(join(composed.final, name), join(composed.initial, name)),
  );
  return { parameters, losses, moved };
}

/** Throws BenchmarkFailedError, which shows the distances, unless they are within the limit. */
export function assertAgreement({ parameters, losses, updates }: Agreement): void {
  const distances = Object.values({ ...parameters, ...losses });
  // Not "some are greater": NaN is not within the limit either.
  if (distances.every((distance) => distance <= LIMIT)) return;
  throw new BenchmarkFailedError(
    `after ${updates} updates the fused kernels differ from the composed operations by more than ${LIMIT} relative L2: ` +
      JSON.stringify({ ...parameters, ...losses }),
  );
}

function learn(sizes: UpdateSizes, seed: number, fused: boolean): Trial {
  useFusedKernels(fused);
  const agent = makeAgent(sizes, seed);
  const transitions = randomTransitions(1000 + UPDATES, seed, sizes);
  const filling = transitions.splice(0, 1000);
  for (const transition of filling) agent.observe(transition);
  const initial = copyArrays(agent.save());
  const metrics: Metrics[] = transitions.map((transition) => {
    agent.observe(transition);
    return agent.update().metrics();
  });
  const final = copyArrays(agent.save());
  agent.dispose();
  return { initial, final, losses: perName(LOSSES, (name) => metrics.map((values) => values[name]!)) };
}

function copyArrays({ arrays }: Snapshot): Snapshot['arrays'] {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}

/** All parameters of a network in one array. */
function join(arrays: Snapshot['arrays'], network: string): Float64Array {
  const parts: NumericArray[] = Object.keys(arrays)
    .filter((name) => name.startsWith(`${network}/`))
    .sort()
    .map((name) => arrays[name]!.data);
  return Float64Array.from(parts.flatMap((part) => Array.from(part)));
}

function perName<Name extends string, T>(names: readonly Name[], value: (name: Name) => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, T>;
}
