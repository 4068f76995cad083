import { normalizeByLargest } from '../numerics/normalize-by-largest.js';
import type { EliminationPlan } from './elimination-plan.js';
import type { ConditionedGraph } from './evidence.js';
import {
  entryCount,
  type LogTable,
  marginalize,
  multiplyInto,
  onesOver,
  type Semiring,
} from './log-table.js';
import type { TableNeed } from './memory.js';

export interface Clique {
  /** Those eliminated last come first, so that a separator is a prefix of its clique. */
  readonly variables: readonly number[];
  /** The clique that this one hangs from, always one with a lower index; -1 for a root. */
  readonly parent: number;
  /** What it shares with its parent. */
  readonly separator: readonly number[];
}

/** A forest of cliques, parents before children. */
export interface CliqueTree {
  readonly cliques: readonly Clique[];
  /**
   * For each unobserved variable, the clique in which it was eliminated. If some variables share a clique, the clique
   * of the one that was eliminated first contains all of them.
   */
  readonly cliqueOf: Int32Array;
}

/** Tables that agree: neighbors in the tree have the same marginal over what they share. */
export interface CalibratedCliques {
  readonly tree: CliqueTree;
  /** Log-weights over each clique; their sum (or, under `max`, their largest) is 1. */
  readonly beliefs: readonly LogTable[];
  /** The beliefs' marginals over each clique's separator. */
  readonly separators: readonly LogTable[];
  /** log sum (or max) of the product of all tables; when it is -Infinity the beliefs are not calibrated. */
  readonly logTotal: number;
}

/**
 * Returns the maximal cliques of the triangulation that an elimination order makes, joined so that what two cliques
 * share is in every clique between them. Read backward, the order makes a clique of each variable and its neighbors.
 * The clique hangs from the clique of the neighbor that is eliminated next, and replaces it if it contains it (Blair
 * and Peyton 1993, section 4). The separators are then as large as possible: it is a maximum-weight spanning tree of
 * the clique graph (Jensen and Jensen 1994), found without comparing cliques pair by pair.
 */
export function cliqueTreeOf(plan: EliminationPlan): CliqueTree {
  const cliques: { variables: number[]; parent: number; separator: readonly number[] }[] = [];
  const cliqueOf = new Int32Array(plan.positions.length).fill(-1);
  for (let i = plan.steps.length - 1; i >= 0; i--) {
    const { variable, neighbors } = plan.steps[i]!;
    const next = neighbors.at(-1);
    const parent = next === undefined ? -1 : cliqueOf[next]!;
    if (parent >= 0 && cliques[parent]!.variables.length === neighbors.length) {
      cliques[parent]!.variables.push(variable);
      cliqueOf[variable] = parent;
    } else {
      cliqueOf[variable] = cliques.length;
      cliques.push({ variables: [...neighbors, variable], parent, separator: neighbors });
    }
  }
  return { cliques, cliqueOf };
}

/** Returns the tables that calibration holds: the cliques, and the separators on either side of the division. */
export function needOfTree({ cliques }: CliqueTree, stateCounts: readonly number[]): TableNeed {
  let bytes = 0;
  let largest: readonly number[] = [];
  let largestEntries = 0;
  for (const { variables, separator } of cliques) {
    const entries = entryCount(variables, stateCounts);
    bytes += (entries + 2 * entryCount(separator, stateCounts)) * Float64Array.BYTES_PER_ELEMENT;
    if (entries > largestEntries) [largest, largestEntries] = [variables, entries];
  }
  return { bytes, largest };
}

/**
 * Calibrates the tree by two passes of messages: from the leaves to the roots, then back, each clique's belief
 * multiplied by the new marginal of the separator over the old one (Lauritzen and Spiegelhalter 1988, with 0 / 0 = 0).
 */
export function calibrate(
  { graph, tables, logConstant }: ConditionedGraph,
  plan: EliminationPlan,
  tree: CliqueTree,
  semiring: Semiring,
): CalibratedCliques {
  const { stateCounts } = graph;
  const { cliques, cliqueOf } = tree;
  const beliefs = cliques.map(({ variables }) => onesOver(variables, stateCounts));
  for (const table of tables) {
    const first = table.variables.reduce((a, b) => (plan.positions[b]! < plan.positions[a]! ? b : a));
    multiplyInto(beliefs[cliqueOf[first]!]!, table, stateCounts);
  }
  const separators: LogTable[] = new Array(cliques.length);
  let logTotal = logConstant;
  for (let i = cliques.length - 1; i >= 0; i--) {
    const { parent, separator } = cliques[i]!;
    // The marginal over a root's empty separator is its part's total.
    const message = marginalize(beliefs[i]!, separator, stateCounts, semiring);
    const logScale = normalizeByLargest(message.values);
    logTotal += logScale;
    if (logScale === -Infinity) continue;
    subtractFrom(beliefs[i]!.values, logScale);
    separators[i] = message;
    if (parent >= 0) multiplyInto(beliefs[parent]!, message, stateCounts);
  }
  if (logTotal === -Infinity) return { tree, beliefs, separators, logTotal };
  cliques.forEach(({ parent, separator }, i) => {
    if (parent < 0) return;
    const marginal = marginalize(beliefs[parent]!, separator, stateCounts, semiring);
    multiplyInto(beliefs[i]!, quotient(marginal, separators[i]!), stateCounts);
    separators[i] = marginal;
  });
  return { tree, beliefs, separators, logTotal };
}

/** Returns numerator / denominator over the same variables, with 0 / 0 = 0. */
export function quotient(numerator: LogTable, denominator: LogTable): LogTable {
  return {
    variables: numerator.variables,
    values: numerator.values.map((value, i) =>
      value === -Infinity ? value : value - denominator.values[i]!,
    ),
  };
}

function subtractFrom(values: Float64Array, amount: number): void {
  for (let i = 0; i < values.length; i++) values[i]! -= amount;
}
