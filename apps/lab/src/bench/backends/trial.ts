import { useFusedKernels } from '@maxent/backend';
import { Rng, type Snapshot } from '@maxent/core';
import type { UpdateSizes } from '../sac-update/flop-count.js';
import { makeAgent, randomTransitions } from '../sac-update/workload.js';
import { drawPermutations, permuteUnits } from './permute-units.js';

/** Experience collected before the first update. */
const COLLECTED = 1000;

export type Arrays = Snapshot['arrays'];

export interface TrialOptions {
  readonly sizes: UpdateSizes;
  readonly seed: number;
  /** Our own implementations of the operations, or compositions of tfjs ones. */
  readonly fused: boolean;
  /** Numbers of updates after which to record the arrays, ascending. */
  readonly after: readonly number[];
  /** Whether to put the hidden units in another order first: see `inPermutedOrder`. */
  readonly permuted?: boolean;
}

/** SAC's weights and moments after so many updates from a seed, on the current backend, by the number of updates. */
export function runTrial({ sizes, seed, fused, after, permuted = false }: TrialOptions): Map<number, Arrays> {
  useFusedKernels(fused);
  const agent = makeAgent(sizes, seed);
  const updates = after.at(-1)!;
  const transitions = randomTransitions(COLLECTED + updates, seed, sizes);
  for (const transition of transitions.splice(0, COLLECTED)) agent.observe(transition);
  const start = agent.save();
  if (permuted) {
    const permutations = drawPermutations(start.arrays, Rng.fromSeed(seed).split('permutation'));
    agent.load({ ...start, arrays: permuteUnits(start.arrays, permutations) });
  }
  const results = new Map<number, Arrays>();
  for (const [i, transition] of transitions.entries()) {
    agent.observe(transition);
    agent.update();
    if (after.includes(i + 1)) results.set(i + 1, copyOf(agent.save().arrays));
  }
  agent.dispose();
  useFusedKernels(true);
  return results;
}

/** Applies the hidden-unit order of `permuted` trials to the arrays of a trial that was not permuted. */
export function inPermutedOrder(arrays: Arrays, seed: number): Arrays {
  return permuteUnits(arrays, drawPermutations(arrays, Rng.fromSeed(seed).split('permutation')));
}

function copyOf(arrays: Arrays): Arrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );
}
