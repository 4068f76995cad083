import { InvalidInputError } from '@maxent/core';
import {
  type ConditionedGraph,
  conditionOn,
  type EvidenceOptions,
  type MapAssignment,
  type Marginal,
  mapAssignmentOf,
} from './evidence.js';
import type { FactorGraph } from './factor-graph.js';
import type { Semiring } from './log-table.js';
import { messageGraphOf } from './message-graph.js';
import { MessagePassing } from './message-passing.js';

/** The result of belief propagation. */
export interface Beliefs {
  /** log Z(evidence); -Infinity when the evidence is impossible. */
  readonly logPartition: number;
  /**
   * Returns p(variables | evidence) of one variable, or of several that share a factor; null if the evidence is
   * impossible. Throws InvalidInputError that names the entry, such as `variables[1]`, or `variables` if no factor
   * contains them; with `field` it names something else, such as `queries[0][1]`.
   */
  marginal(variables: readonly string[], field?: string): Marginal | null;
}

const CYCLE_NODES_SHOWN = 12;

/**
 * Runs sum-product on a tree, or on several: exact, with two messages per edge, in time linear in the tables. Observed
 * variables are taken out first, so a cycle through one of them does no harm. Throws InvalidInputError that names a
 * cycle if what is left is not a tree, and for evidence that does not fit.
 */
export function sumProduct(graph: FactorGraph, options: EvidenceOptions = {}): Beliefs {
  const conditioned = conditionOn(graph, options);
  const passing = sweepTree(conditioned, 'sum');
  return {
    logPartition: passing.logPartition(),
    marginal: (variables, field = 'variables') => passing.marginal(graph.placesOf(variables, field), field),
  };
}

/**
 * Runs max-product on a tree, or on several, with traceback. Returns an assignment of greatest weight given the
 * evidence; null if the evidence is impossible. Ties go to the lowest state, with variables in breadth-first order from
 * the first of each tree. Throws as `sumProduct` does.
 */
export function maxProduct(graph: FactorGraph, options: EvidenceOptions = {}): MapAssignment | null {
  const conditioned = conditionOn(graph, options);
  const passing = sweepTree(conditioned, 'max');
  return passing.impossible ? null : mapAssignmentOf(graph, passing.decode());
}

function sweepTree(conditioned: ConditionedGraph, semiring: Semiring): MessagePassing {
  const messageGraph = messageGraphOf(conditioned);
  if (messageGraph.cycle !== null) throw notATree(conditioned, messageGraph.cycle);
  const passing = new MessagePassing(conditioned, messageGraph, semiring);
  passing.sweep();
  return passing;
}

function notATree({ graph, factorIndices }: ConditionedGraph, cycle: readonly number[]): InvalidInputError {
  const variableCount = graph.variableNames.length;
  const fromVariable = cycle[0]! < variableCount ? cycle : [...cycle.slice(1), cycle[0]!];
  const names = fromVariable.map((node) =>
    node < variableCount ? graph.variableNames[node]! : `factors[${factorIndices[node - variableCount]!}]`,
  );
  const shown = names.slice(0, CYCLE_NODES_SHOWN);
  if (shown.length < names.length) shown.push(`... ${names.length - shown.length} more ...`);
  return new InvalidInputError(
    'factors',
    `expected a tree of variables and factors, got the cycle ${[...shown, names[0]].join(' - ')}. ` +
      'Use the junction tree or variable elimination, which are exact on any graph, or loopy belief propagation',
  );
}
