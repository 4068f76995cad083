import { normalizeByLargest } from '../numerics/normalize-by-largest.js';
import { type EliminationPlan, planElimination } from './elimination-plan.js';
import {
  type ConditionedGraph,
  conditionOn,
  type EvidenceOptions,
  type MapAssignment,
  type Marginal,
  mapAssignmentOf,
  marginalOf,
  unobserved,
} from './evidence.js';
import type { FactorGraph } from './factor-graph.js';
import {
  entryCount,
  type LogTable,
  marginalize,
  multiplyInto,
  offsetOf,
  onesOver,
  type Semiring,
} from './log-table.js';
import { type MemoryOptions, memoryLimitOf, requireAnswerFits, type TableNeed } from './memory.js';

export interface ExactInferenceOptions extends EvidenceOptions, MemoryOptions {}

/**
 * Computes log Z(evidence) = log sum_x prod_f f(x_f) over the unobserved variables, by variable elimination; -Infinity
 * if the evidence is impossible. Throws InvalidInputError for evidence that does not fit and for tables beyond
 * `memoryLimit`.
 */
export function logPartitionFunction(graph: FactorGraph, options: ExactInferenceOptions = {}): number {
  const conditioned = conditionOn(graph, options);
  return eliminateForLogPartition(conditioned, planFor(conditioned, [], memoryLimitOf(options), 'sum'));
}

/**
 * Computes p(variables | evidence) for any set of variables, by variable elimination; null if the evidence is
 * impossible. An observed variable has its state with probability 1. Throws InvalidInputError that names the entry,
 * such as `variables[1]`, and for tables beyond `memoryLimit`, including the table of the answer.
 */
export function jointMarginal(
  graph: FactorGraph,
  variables: readonly string[],
  options: ExactInferenceOptions = {},
): Marginal | null {
  const conditioned = conditionOn(graph, options);
  const places = graph.placesOf(variables, 'variables');
  return eliminateForMarginal(conditioned, places, memoryLimitOf(options), 'variables');
}

/**
 * Finds an assignment of greatest weight to all variables at once given the evidence (MAP, also called MPE), by
 * max-elimination and traceback; null if the evidence is impossible. Among assignments of equal weight, variables take
 * the lowest such state, starting with the one eliminated last; rounding may break ties between sums. Throws
 * InvalidInputError for evidence that does not fit and for tables beyond `memoryLimit`.
 */
export function mostProbableAssignment(
  graph: FactorGraph,
  options: ExactInferenceOptions = {},
): MapAssignment | null {
  const conditioned = conditionOn(graph, options);
  return eliminateForMap(conditioned, planFor(conditioned, [], memoryLimitOf(options), 'max'));
}

export function eliminateForLogPartition(conditioned: ConditionedGraph, plan: EliminationPlan): number {
  return eliminate(conditioned, plan, 'sum').logConstant;
}

export function eliminateForMarginal(
  conditioned: ConditionedGraph,
  variables: readonly number[],
  memoryLimit: number,
  field: string,
): Marginal | null {
  const { graph } = conditioned;
  const kept = unobserved(conditioned, variables);
  requireAnswerFits(graph, variables, memoryLimit, field);
  const plan = planFor(conditioned, kept, memoryLimit, 'sum');
  const { logConstant, remaining } = eliminate(conditioned, plan, 'sum');
  const joint = onesOver(kept, graph.stateCounts);
  for (const table of remaining) multiplyInto(joint, table, graph.stateCounts);
  const impossible = logConstant === -Infinity || normalizeByLargest(joint.values) === -Infinity;
  return impossible ? null : marginalOf(conditioned, joint, variables);
}

export function eliminateForMap(conditioned: ConditionedGraph, plan: EliminationPlan): MapAssignment | null {
  const { graph } = conditioned;
  const { logConstant, bestStates } = eliminate(conditioned, plan, 'max');
  if (logConstant === -Infinity) return null;
  const states = conditioned.states.slice();
  for (let i = plan.steps.length - 1; i >= 0; i--) {
    const { variable, neighbors } = plan.steps[i]!;
    states[variable] = bestStates[i]![offsetOf(neighbors, states, graph.stateCounts)]!;
  }
  return mapAssignmentOf(graph, states);
}

type States = Uint8Array | Uint16Array | Uint32Array;

/** Multiplies the tables that hold a variable and takes the variable out of the product, step by step of the plan. */
function eliminate(
  { graph: { stateCounts }, tables, logConstant: conditionedLogConstant }: ConditionedGraph,
  { steps, positions }: EliminationPlan,
  semiring: Semiring,
): { logConstant: number; remaining: LogTable[]; bestStates: States[] } {
  /**
   * A table waits for the first of its variables to be eliminated; tables over only kept variables wait in the last
   * place.
   */
  const waiting: LogTable[][] = Array.from({ length: steps.length + 1 }, () => []);
  const file = (table: LogTable): void => {
    waiting[
      table.variables.reduce((first, variable) => Math.min(first, positions[variable]!), steps.length)
    ]!.push(table);
  };
  tables.forEach(file);
  const bestStates: States[] = [];
  let logConstant = conditionedLogConstant;
  steps.forEach(({ variable, neighbors }, i) => {
    const product = onesOver([...neighbors, variable], stateCounts);
    for (const table of waiting[i]!) multiplyInto(product, table, stateCounts);
    waiting[i] = [];
    const message = marginalize(product, neighbors, stateCounts, semiring);
    if (semiring === 'max') bestStates.push(firstBest(product.values, message.values));
    logConstant += normalizeByLargest(message.values);
    if (neighbors.length > 0) file(message);
  });
  return { logConstant, remaining: waiting[steps.length]!, bestStates };
}

/** Returns, for each entry of the maxima, the lowest state of the last variable that attains it. */
function firstBest(values: Float64Array, maxima: Float64Array): States {
  const count = values.length / maxima.length;
  const best = new (bestStatesType(count))(maxima.length);
  for (let entry = 0; entry < maxima.length; entry++) {
    let state = 0;
    while (values[entry * count + state] !== maxima[entry]) state++;
    best[entry] = state;
  }
  return best;
}

function bestStatesType(
  stateCount: number,
): Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor {
  return stateCount <= 2 ** 8 ? Uint8Array : stateCount <= 2 ** 16 ? Uint16Array : Uint32Array;
}

/** Plans an elimination whose tables fit. Throws InvalidInputError if they need more than the limit at some step. */
export function planFor(
  conditioned: ConditionedGraph,
  kept: readonly number[],
  memoryLimit: number,
  semiring: Semiring,
): EliminationPlan {
  const { stateCounts } = conditioned.graph;
  return planElimination(conditioned, kept, memoryLimit, (plan) => needOfPlan(plan, stateCounts, semiring));
}

/**
 * Returns what eliminating by a plan holds at once: the waiting messages, the current product and, for `max`, the
 * states kept for the traceback.
 */
function needOfPlan(
  { steps, positions }: EliminationPlan,
  stateCounts: readonly number[],
  semiring: Semiring,
): TableNeed {
  const bytes = Float64Array.BYTES_PER_ELEMENT;
  const messageEntries = steps.map(({ neighbors }) => entryCount(neighbors, stateCounts));
  const spent = new Float64Array(steps.length + 1);
  let held = 0;
  let peak = 0;
  let largestNeeded = 0;
  let largest: readonly number[] = [];
  steps.forEach(({ variable, neighbors }, i) => {
    const entries = messageEntries[i]!;
    const count = stateCounts[variable]!;
    // The message, and the sums that make it.
    const needed = entries * (count + 2) * bytes;
    if (needed > largestNeeded) {
      largestNeeded = needed;
      largest = [...neighbors, variable];
    }
    peak = Math.max(peak, held + needed);
    held += entries * bytes - spent[i]!;
    if (semiring === 'max') held += entries * bestStatesType(count).BYTES_PER_ELEMENT;
    const next = neighbors.at(-1);
    if (next !== undefined) spent[positions[next]!]! += entries * bytes;
  });
  return { bytes: peak, largest };
}
