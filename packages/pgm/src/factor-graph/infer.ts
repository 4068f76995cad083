import { InvalidInputError, requireList, requireObject, showValue } from '@maxent/core';
import { calibrate, cliqueTreeOf, needOfTree } from './clique-tree.js';
import { conditionOn, type MapAssignment, type Marginal } from './evidence.js';
import { type FactorGraph, requireGraph } from './factor-graph.js';
import { JunctionTree } from './junction-tree.js';
import {
  type BeliefConvergence,
  type LoopyOptions,
  loopyMaxProduct,
  loopySumProduct,
} from './loopy-propagation.js';
import { memoryLimitOf } from './memory.js';
import {
  type ExactInferenceOptions,
  eliminateForLogPartition,
  eliminateForMap,
  eliminateForMarginal,
  planFor,
} from './variable-elimination.js';

export type FactorGraphMethod = 'exact' | 'loopy';

/** `memoryLimit` is for `exact`; `damping`, `tolerance` and `maxIterations` are for `loopy`. */
export interface FactorGraphInferenceOptions extends ExactInferenceOptions, LoopyOptions {
  /** The sets of variables whose joint marginals to compute; default each variable by itself. */
  readonly queries?: readonly (readonly string[])[];
  /** Default `exact`. */
  readonly method?: FactorGraphMethod;
}

/**
 * `loopy` adds how sum-product converged, because `logPartition` and `marginals` depend on it. It does not if the
 * evidence is impossible: that is certain, however the messages would have gone on.
 */
export interface FactorGraphInference extends Partial<BeliefConvergence> {
  /** log Z(evidence); -Infinity when the evidence is impossible. */
  readonly logPartition: number;
  /** p(query | evidence) in the order of the queries; null when the evidence is impossible. */
  readonly marginals: readonly Marginal[] | null;
  /**
   * An assignment of greatest weight to all variables at once, observed ones included at their states; null when the
   * evidence is impossible. `loopy` reads it from max-product beliefs: it may not be the best one, but its `logValue`
   * is its true weight, and null may also mean that none of positive weight was found.
   */
  readonly map: MapAssignment | null;
}

/**
 * Computes the partition function, the marginals and the most probable assignment in one call. `exact` plans one
 * elimination order and uses it throughout: max-elimination for the assignment and one junction tree for everything
 * else or, if the tree's tables together need more than `memoryLimit`, variable elimination query by query. `loopy`
 * uses belief propagation, which has joint marginals only for variables that share a factor.
 *
 * Throws InvalidInputError that names what is at fault, such as `evidence.A`, `queries[1][0]`, or `factors` for tables
 * that need too much memory.
 */
export function inferFactorGraph(
  graph: FactorGraph,
  options: FactorGraphInferenceOptions = {},
): FactorGraphInference {
  requireGraph(graph);
  requireObject('options', options, '{ queries: [["A"]] }');
  const { queries = graph.variableNames.map((name) => [name]), method = 'exact' } = options;
  requireList('queries', queries);
  queries.forEach((query, i) => {
    requireList(`queries[${i}]`, query);
    if (query.length === 0)
      throw new InvalidInputError(`queries[${i}]`, 'expected one or more variables, got none');
    graph.placesOf(query, `queries[${i}]`);
  });
  switch (method) {
    case 'exact':
      return inferExactly(graph, queries, options);
    case 'loopy':
      return inferLoopily(graph, queries, options);
    default:
      throw new InvalidInputError(
        'method',
        `expected "exact" or "loopy", got ${showValue(method satisfies never)}`,
      );
  }
}

function inferExactly(
  graph: FactorGraph,
  queries: readonly (readonly string[])[],
  options: ExactInferenceOptions,
): FactorGraphInference {
  const memoryLimit = memoryLimitOf(options);
  const conditioned = conditionOn(graph, options);
  const plan = planFor(conditioned, [], memoryLimit, 'max');
  const map = eliminateForMap(conditioned, plan);
  if (map === null) return { logPartition: -Infinity, marginals: null, map };
  const cliqueTree = cliqueTreeOf(plan);
  if (needOfTree(cliqueTree, graph.stateCounts).bytes > memoryLimit) {
    return {
      logPartition: eliminateForLogPartition(conditioned, plan),
      marginals: marginalsOf(queries, (query, field) =>
        eliminateForMarginal(conditioned, graph.placesOf(query, field), memoryLimit, field),
      ),
      map,
    };
  }
  const tree = new JunctionTree(conditioned, calibrate(conditioned, plan, cliqueTree, 'sum'), memoryLimit);
  return {
    logPartition: tree.logPartition,
    marginals: marginalsOf(queries, (query, field) => tree.marginal(query, field)),
    map,
  };
}

function inferLoopily(
  graph: FactorGraph,
  queries: readonly (readonly string[])[],
  options: LoopyOptions,
): FactorGraphInference {
  const { logPartition, marginal, ...convergence } = loopySumProduct(graph, options);
  const marginals = marginalsOf(queries, marginal);
  if (logPartition === -Infinity) return { logPartition, marginals: null, map: null };
  return { logPartition, marginals, map: loopyMaxProduct(graph, options).map, ...convergence };
}

/**
 * Returns the marginals of all queries, or null as soon as one is null: the evidence is then impossible for all of
 * them.
 */
function marginalsOf(
  queries: readonly (readonly string[])[],
  marginalOf: (query: readonly string[], field: string) => Marginal | null,
): Marginal[] | null {
  const marginals: Marginal[] = [];
  for (const [i, query] of queries.entries()) {
    const marginal = marginalOf(query, `queries[${i}]`);
    if (marginal === null) return null;
    marginals.push(marginal);
  }
  return marginals;
}
