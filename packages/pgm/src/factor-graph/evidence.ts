import { fieldPath, requireObject } from '@maxent/core';
import { normalizeByLargest } from '../numerics/normalize-by-largest.js';
import { type Assignment, type FactorGraph, requireGraph } from './factor-graph.js';
import { embed, type LogTable, restrict } from './log-table.js';

export interface EvidenceOptions {
  /** Observed states by variable; default none. */
  readonly evidence?: Assignment;
}

/** Probabilities of the joint states of `variables`, row-major, the last variable fastest. */
export interface Marginal {
  readonly variables: readonly string[];
  readonly values: Float64Array;
}

/** An assignment of greatest weight. */
export interface MapAssignment {
  /** A state for every variable of the graph; observed variables have their observed state. */
  readonly assignment: Assignment;
  /** log prod_f f(x_f) of the assignment: its log-probability plus the log-partition function without evidence. */
  readonly logValue: number;
}

/** What is left of a graph's factors once the observed variables are put in. */
export interface ConditionedGraph {
  readonly graph: FactorGraph;
  /** The state of each observed variable and of each with a single state (0); -1 for those to be inferred. */
  readonly states: Int32Array;
  /** Tables over unobserved variables, at least one each, with a largest entry of 0. */
  readonly tables: readonly LogTable[];
  /** The factor that each table comes from. */
  readonly factorIndices: readonly number[];
  /** The log of what was taken out of the tables; -Infinity when a factor alone rules the evidence out. */
  readonly logConstant: number;
}

/** Inserts the evidence. Throws InvalidInputError that names the variable, such as `evidence.A`. */
export function conditionOn(graph: FactorGraph, options: EvidenceOptions = {}): ConditionedGraph {
  requireGraph(graph);
  requireObject('options', options, '{ evidence: { A: 1 } }');
  const { evidence = {} } = options;
  requireObject('evidence', evidence, '{ A: 1 }');
  const states = Int32Array.from(graph.stateCounts, (count) => (count === 1 ? 0 : -1));
  for (const [name, state] of Object.entries(evidence)) {
    const field = fieldPath(['evidence', name]);
    const place = graph.placeOf(name, field);
    states[place] = graph.requireState(place, state, field);
  }
  const tables: LogTable[] = [];
  const factorIndices: number[] = [];
  let logConstant = 0;
  graph.factors.forEach(({ variables, logValues }, i) => {
    const table = restrict({ variables, values: logValues }, states, graph.stateCounts);
    logConstant += normalizeByLargest(table.values);
    if (table.variables.length > 0) {
      tables.push(table);
      factorIndices.push(i);
    }
  });
  return { graph, states, tables, factorIndices, logConstant };
}

/** Returns the unobserved variables among `variables`. */
export function unobserved(conditioned: ConditionedGraph, variables: readonly number[]): number[] {
  return variables.filter((variable) => conditioned.states[variable]! < 0);
}

/**
 * Normalizes log-weights over the unobserved ones among `variables` and puts the observed ones back in, at their
 * states with probability 1.
 */
export function marginalOf(
  { graph, states }: ConditionedGraph,
  table: LogTable,
  variables: readonly number[],
): Marginal {
  const { values } = embed(table, variables, states, graph.stateCounts);
  normalizeByLargest(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(values[i]!);
    sum += values[i]!;
  }
  for (let i = 0; i < values.length; i++) values[i]! /= sum;
  return { variables: variables.map((variable) => graph.variableNames[variable]!), values };
}

/** Names the states of a complete assignment, and weighs it. */
export function mapAssignmentOf(graph: FactorGraph, states: Int32Array): MapAssignment {
  return {
    assignment: Object.fromEntries(graph.variableNames.map((name, place) => [name, states[place]!])),
    logValue: graph.logWeightOf(states),
  };
}
