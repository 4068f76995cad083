import type { Rng } from '@maxent/core';
import { type Assignment, FactorGraph, type FactorInput } from '../factor-graph.js';

export interface RandomGraph {
  readonly graph: FactorGraph;
  readonly evidence: Assignment;
}

/** Up to 5 variables of up to 3 states and up to 7 factors of up to 4 variables, about a fifth of the weights zero. */
export function randomGraph(rng: Rng): RandomGraph {
  const names = ['A', 'B', 'C', 'D', 'E'].slice(0, 1 + rng.integer(5));
  const counts = names.map(() => 1 + rng.integer(3));
  const factors = Array.from({ length: rng.integer(8) }, () => {
    const scope = shuffled(names, rng).slice(0, rng.integer(Math.min(names.length, 4) + 1));
    return randomFactor(scope, names, counts, rng);
  });
  return { graph: graphOf(names, counts, factors), evidence: randomEvidence(names, counts, rng) };
}

/** Like `randomGraph`, but returns a forest: each factor joins one variable that came before with new ones. */
export function randomForest(rng: Rng): RandomGraph {
  const names = ['A', 'B', 'C', 'D', 'E'].slice(0, 1 + rng.integer(5));
  const counts = names.map(() => 1 + rng.integer(3));
  const factors: FactorInput[] = [];
  for (let next = rng.integer(2); next < names.length; ) {
    const taken = 1 + rng.integer(2);
    const scope = names.slice(next, next + taken);
    if (next > 0) scope.push(names[rng.integer(next)]!);
    factors.push(randomFactor(shuffled(scope, rng), names, counts, rng));
    next += taken + (rng.uniform() < 0.1 ? 1 : 0);
  }
  for (const name of names) if (rng.uniform() < 0.5) factors.push(randomFactor([name], names, counts, rng));
  return { graph: graphOf(names, counts, factors), evidence: randomEvidence(names, counts, rng) };
}

export function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

function graphOf(names: string[], counts: number[], factors: FactorInput[]): FactorGraph {
  return new FactorGraph({
    variables: Object.fromEntries(names.map((name, i) => [name, counts[i]!])),
    factors,
  });
}

function randomFactor(scope: string[], names: string[], counts: number[], rng: Rng): FactorInput {
  const size = scope.reduce((product, name) => product * counts[names.indexOf(name)]!, 1);
  return {
    variables: scope,
    values: Float64Array.from({ length: size }, () => (rng.uniform() < 0.2 ? 0 : 0.05 + 3 * rng.uniform())),
  };
}

function randomEvidence(names: string[], counts: number[], rng: Rng): Assignment {
  const observed = names.map((name, i) => [name, rng.integer(counts[i]!)] as const);
  return Object.fromEntries(observed.filter(() => rng.uniform() < 0.25));
}
