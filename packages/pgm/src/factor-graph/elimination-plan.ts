import type { InvalidInputError } from '@maxent/core';
import { type ConditionedGraph, unobserved } from './evidence.js';
import { IndexedHeap } from './indexed-heap.js';
import { type TableNeed, tablesTooLarge, tableTooLarge } from './memory.js';

export interface EliminationStep {
  readonly variable: number;
  /** The variables that share a table with it when it is eliminated, those that stay longest first. */
  readonly neighbors: readonly number[];
}

/** An order in which all variables except the kept ones are eliminated, and the tables that this takes. */
export interface EliminationPlan {
  readonly steps: readonly EliminationStep[];
  /** Which step each variable is eliminated in; `steps.length` for the kept and the observed ones. */
  readonly positions: Int32Array;
}

/**
 * Plans an elimination by greedy min-fill: the variable whose elimination joins the fewest pairs of variables that do
 * not share a table yet goes first; ties go to the smaller table (min-weight: log2 of its number of entries), then to
 * the variable that was declared first. If that needs more than `memoryLimit` bytes, it tries the order of declaration,
 * which is good for variables along a line or row by row on a narrow grid.
 *
 * `needOf` returns what the tables of a plan need together; each of them has at most `memoryLimit` bytes. Throws
 * InvalidInputError if both orders need more than that.
 */
export function planElimination(
  conditioned: ConditionedGraph,
  kept: readonly number[],
  memoryLimit: number,
  needOf: (plan: EliminationPlan) => TableNeed,
): EliminationPlan {
  // Sums of logarithms have rounding errors, and a table of exactly the limit is allowed.
  const weightLimit = Math.log2(memoryLimit / Float64Array.BYTES_PER_ELEMENT) + 1e-9;
  let refusal: InvalidInputError | undefined;
  for (const order of ['min-fill', 'declared'] as const) {
    const plan = planGreedily(conditioned, kept, weightLimit, order);
    if ('steps' in plan) {
      const need = needOf(plan);
      if (need.bytes <= memoryLimit) return plan;
      refusal ??= tablesTooLarge(conditioned.graph, need, memoryLimit);
    } else {
      refusal ??= tableTooLarge(conditioned.graph, plan.tooLarge, memoryLimit);
    }
  }
  throw refusal;
}

/**
 * Stops at the first table of more than 2 ** weightLimit entries and returns its variables. Fill and weight are kept up
 * to date as edges come and go (orders: Koller and Friedman 2009, section 9.4.3), at the cost of the common neighbors
 * of each new edge.
 */
function planGreedily(
  conditioned: ConditionedGraph,
  kept: readonly number[],
  weightLimit: number,
  order: 'min-fill' | 'declared',
): EliminationPlan | { readonly tooLarge: readonly number[] } {
  const { graph } = conditioned;
  const weights = graph.stateCounts.map(Math.log2);
  const free = unobserved(conditioned, [...weights.keys()]);
  const adjacency = adjacencyOf(conditioned);
  /** log2 of the number of entries in the table that eliminating each variable takes. */
  const tableWeights = Float64Array.from(weights);
  for (const variable of free) {
    for (const neighbor of adjacency[variable]!) tableWeights[variable]! += weights[neighbor]!;
  }
  const keptSet = new Set(kept);
  const candidates = free.filter((variable) => !keptSet.has(variable));
  // Whatever the order, its first table is no smaller than this one; in a dense graph counting fill would take long.
  const lightest = candidates.reduce(
    (a, b) => (tableWeights[b]! < tableWeights[a]! ? b : a),
    candidates[0] ?? 0,
  );
  if (candidates.length > 0 && tableWeights[lightest]! > weightLimit) {
    return { tooLarge: [lightest, ...adjacency[lightest]!] };
  }

  /** How many pairs of a variable's neighbors are neighbors of each other. */
  const linked = linkedPairs(adjacency, free);
  const fillOf = (variable: number): number => {
    const degree = adjacency[variable]!.size;
    return (degree * (degree - 1)) / 2 - linked[variable]!;
  };
  const heap = new IndexedHeap(candidates, weights.length, (a, b) => {
    const cost = order === 'declared' ? 0 : fillOf(a) - fillOf(b) || tableWeights[a]! - tableWeights[b]!;
    return cost < 0 || (cost === 0 && a < b);
  });
  const eliminated: { variable: number; neighbors: number[] }[] = [];
  const positions = new Int32Array(weights.length).fill(candidates.length);
  for (let variable = heap.pop(); variable !== undefined; variable = heap.pop()) {
    const neighbors = [...adjacency[variable]!];
    if (tableWeights[variable]! > weightLimit) return { tooLarge: [variable, ...neighbors] };
    const changed = new Set(neighbors);
    neighbors.forEach((a, i) => {
      for (let j = i + 1; j < neighbors.length; j++) {
        const b = neighbors[j]!;
        if (adjacency[a]!.has(b)) continue;
        for (const common of commonNeighbors(adjacency[a]!, adjacency[b]!)) {
          linked[common]!++;
          linked[a]!++;
          linked[b]!++;
          changed.add(common);
        }
        adjacency[a]!.add(b);
        adjacency[b]!.add(a);
        tableWeights[a]! += weights[b]!;
        tableWeights[b]! += weights[a]!;
      }
    });
    for (const neighbor of neighbors) {
      adjacency[neighbor]!.delete(variable);
      // All neighbors are linked by now, so each loses its pairs with every other one.
      linked[neighbor]! -= neighbors.length - 1;
      tableWeights[neighbor]! -= weights[variable]!;
    }
    for (const other of changed) heap.update(other);
    positions[variable] = eliminated.length;
    eliminated.push({ variable, neighbors });
  }
  for (const { neighbors } of eliminated) {
    neighbors.sort((a, b) => positions[b]! - positions[a]! || a - b);
  }
  return { steps: eliminated, positions };
}

/** Returns, for each variable, the others that it shares a table with. */
function adjacencyOf({ graph, tables }: ConditionedGraph): Set<number>[] {
  const adjacency = graph.stateCounts.map(() => new Set<number>());
  for (const { variables } of tables) {
    for (const a of variables) for (const b of variables) if (a !== b) adjacency[a]!.add(b);
  }
  return adjacency;
}

function linkedPairs(adjacency: readonly Set<number>[], variables: readonly number[]): Float64Array {
  const linked = new Float64Array(adjacency.length);
  for (const a of variables) {
    for (const b of adjacency[a]!) {
      if (b < a) continue;
      for (const common of commonNeighbors(adjacency[a]!, adjacency[b]!)) linked[common]!++;
    }
  }
  return linked;
}

function commonNeighbors(a: ReadonlySet<number>, b: ReadonlySet<number>): number[] {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  const common: number[] = [];
  for (const variable of small) if (large.has(variable)) common.push(variable);
  return common;
}
