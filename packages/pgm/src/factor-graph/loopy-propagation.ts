import { InvalidInputError, requireCount } from '@maxent/core';
import {
  type ConditionedGraph,
  conditionOn,
  type EvidenceOptions,
  type MapAssignment,
  mapAssignmentOf,
} from './evidence.js';
import type { FactorGraph } from './factor-graph.js';
import type { Semiring } from './log-table.js';
import { messageGraphOf } from './message-graph.js';
import { MessagePassing } from './message-passing.js';
import type { Beliefs } from './tree-propagation.js';

export interface LoopyOptions extends EvidenceOptions {
  /**
   * Share of the old log-message that a new one keeps, from 0 to below 1; default 0. More helps against oscillation.
   */
  readonly damping?: number;
  /**
   * Messages have converged once no entry, relative to its message's largest, would change by more than this; default
   * 1e-10.
   */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
}

/** Whether belief propagation converged. If the evidence was found to be impossible, that counts as converged. */
export interface BeliefConvergence {
  readonly converged: boolean;
  readonly iterations: number;
  /** The largest change of a message's entry in the last iteration; 0 where the evidence was found impossible. */
  readonly residual: number;
}

const DEFAULT_TOLERANCE = 1e-10;
const DEFAULT_MAX_ITERATIONS = 1000;

/**
 * Runs loopy sum-product: approximate beliefs and the Bethe estimate of log Z on any graph, exact on trees. One
 * iteration sends each message once in a fixed sequence, towards the first variable of each part and back, each from
 * the newest messages: a tree takes one iteration (and one more to see that nothing changes), however deep it is. A
 * fixed point need not exist, be reached or be unique; `converged` says whether one was reached. `logPartition` is
 * -Infinity only if messages alone show that the evidence is impossible. Throws InvalidInputError for evidence or
 * options that do not fit.
 */
export function loopySumProduct(graph: FactorGraph, options: LoopyOptions = {}): Beliefs & BeliefConvergence {
  const conditioned = conditionOn(graph, options);
  const { passing, convergence } = iterate(conditioned, 'sum', options);
  return {
    ...convergence,
    logPartition: passing.logPartition(),
    marginal: (variables, field = 'variables') => passing.marginal(graph.placesOf(variables, field), field),
  };
}

/**
 * Runs loopy max-product and reads an assignment from the beliefs, variable by variable in breadth-first order, each
 * given those before it. On graphs with cycles it need not have the greatest weight, but `logValue` is its true weight.
 * `map` is null if that weight is 0 or the messages show that the evidence is impossible. Throws as `loopySumProduct`
 * does.
 */
export function loopyMaxProduct(
  graph: FactorGraph,
  options: LoopyOptions = {},
): { readonly map: MapAssignment | null } & BeliefConvergence {
  const conditioned = conditionOn(graph, options);
  const { passing, convergence } = iterate(conditioned, 'max', options);
  if (passing.impossible) return { ...convergence, map: null };
  const map = mapAssignmentOf(graph, passing.decode());
  return { ...convergence, map: map.logValue === -Infinity ? null : map };
}

function iterate(
  conditioned: ConditionedGraph,
  semiring: Semiring,
  { damping = 0, tolerance = DEFAULT_TOLERANCE, maxIterations = DEFAULT_MAX_ITERATIONS }: LoopyOptions,
): { passing: MessagePassing; convergence: BeliefConvergence } {
  if (!(damping >= 0 && damping < 1)) {
    throw new InvalidInputError('damping', `expected a number from 0 to below 1, got ${damping}`);
  }
  if (!(tolerance > 0)) {
    throw new InvalidInputError('tolerance', `expected a number above 0, got ${tolerance}`);
  }
  requireCount('maxIterations', maxIterations);
  const passing = new MessagePassing(conditioned, messageGraphOf(conditioned), semiring, damping);
  let residual = passing.impossible ? 0 : Infinity;
  let iterations = 0;
  while (residual > tolerance && iterations < maxIterations) {
    residual = passing.sweep();
    // No further message can make the evidence possible again.
    if (passing.impossible) residual = 0;
    iterations++;
  }
  return { passing, convergence: { converged: residual <= tolerance, iterations, residual } };
}
