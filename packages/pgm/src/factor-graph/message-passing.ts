import { InvalidInputError } from '@maxent/core';
import { logSumExp } from '../numerics/log-sum-exp.js';
import { normalizeByLargest } from '../numerics/normalize-by-largest.js';
import { type ConditionedGraph, type Marginal, marginalOf, unobserved } from './evidence.js';
import { type LogTable, marginalize, multiplyInto, onesOver, type Semiring } from './log-table.js';
import type { MessageGraph } from './message-graph.js';

/**
 * Belief propagation's messages between variables and tables, as logarithms with a largest entry of 0. They start
 * uniform. Entries that become -Infinity stay so: they mean that no assignment has that state.
 */
export class MessagePassing {
  readonly #conditioned: ConditionedGraph;
  readonly #graph: MessageGraph;
  readonly #semiring: Semiring;
  readonly #damping: number;
  /** The message of each edge from its table to its variable, and back. */
  readonly #toVariable: readonly Float64Array[];
  readonly #toTable: readonly Float64Array[];
  #impossible: boolean;

  constructor(conditioned: ConditionedGraph, graph: MessageGraph, semiring: Semiring, damping = 0) {
    const { stateCounts } = conditioned.graph;
    this.#conditioned = conditioned;
    this.#graph = graph;
    this.#semiring = semiring;
    this.#damping = damping;
    const messages = () => Array.from(graph.edgeVariables, (v) => new Float64Array(stateCounts[v]!));
    this.#toVariable = messages();
    this.#toTable = messages();
    this.#impossible = conditioned.logConstant === -Infinity;
  }

  /** Whether the messages have ruled out every assignment. */
  get impossible(): boolean {
    return this.#impossible;
  }

  /**
   * Sends each message once: all that go towards the start of the breadth-first order, last node first, then all that
   * go away from it. On a tree that is the whole computation, as in Kschischang, Frey and Loeliger (2001, section II).
   * Returns the largest change of an entry of exp(message from a table), before damping.
   */
  sweep(): number {
    const { order } = this.#graph;
    let residual = 0;
    for (let i = order.length - 1; i >= 0; i--) residual = Math.max(residual, this.#send(order[i]!, true));
    for (let i = 0; i < order.length; i++) residual = Math.max(residual, this.#send(order[i]!, false));
    const variableCount = this.#conditioned.states.length;
    this.#impossible ||= order.some(
      (node) =>
        node < variableCount && this.#variableBelief(node).values.every((value) => value === -Infinity),
    );
    return residual;
  }

  /**
   * Returns the Bethe estimate of log Z in terms of messages, sum_v log Z_v + sum_f log Z_f - sum_e log Z_e with Z the
   * total of a belief before normalization (Wainwright and Jordan 2008, section 4.1); exact on trees. It may be the
   * first to find that the messages have ruled out every assignment: in a table whose variables do not show it yet.
   */
  logPartition(): number {
    if (this.#impossible) return -Infinity;
    const { edgeVariables, order } = this.#graph;
    const { states, tables, logConstant } = this.#conditioned;
    let total = logConstant;
    for (const node of order) {
      const isVariable = node < states.length;
      const belief = isVariable
        ? this.#variableBelief(node)
        : this.#tableBelief(tables[node - states.length]!, node);
      total += logSumExp(belief.values);
    }
    edgeVariables.forEach((_, e) => {
      total -= logSumExp(this.#toVariable[e]!.map((value, state) => value + this.#toTable[e]![state]!));
    });
    this.#impossible = total === -Infinity;
    return total;
  }

  /**
   * Returns the belief over variables that share a factor, normalized; null if the messages have ruled out every
   * assignment. Throws InvalidInputError with `field` if no factor contains all the unobserved ones.
   */
  marginal(variables: readonly number[], field: string): Marginal | null {
    const { graph, states, tables } = this.#conditioned;
    const { nodeStarts, nodeEdges, edgeTables } = this.#graph;
    const free = unobserved(this.#conditioned, variables);
    let belief: LogTable;
    if (free.length <= 1) {
      belief = free.length === 0 ? onesOver([], graph.stateCounts) : this.#variableBelief(free[0]!);
    } else {
      const edges = nodeEdges.subarray(nodeStarts[free[0]!]!, nodeStarts[free[0]! + 1]!);
      const edge = edges.find((e) => free.every((v) => tables[edgeTables[e]!]!.variables.includes(v)));
      if (edge === undefined) {
        throw new InvalidInputError(
          field,
          'expected variables that share a factor: belief propagation has no joint belief over others. ' +
            'Use an exact method (variable elimination or the junction tree) instead',
        );
      }
      const table = edgeTables[edge]!;
      belief = marginalize(
        this.#tableBelief(tables[table]!, states.length + table),
        free,
        graph.stateCounts,
        'sum',
      );
    }
    return this.#impossible ? null : marginalOf(this.#conditioned, belief, variables);
  }

  /**
   * Returns the best state of each variable by the beliefs, one variable after the other in breadth-first order, each
   * given those before it; ties go to the lowest state. On a tree this is an assignment of greatest weight once `max`
   * messages have been swept. The messages are overwritten: each variable's are replaced by its state.
   */
  decode(): Int32Array {
    const { order, nodeStarts, nodeEdges } = this.#graph;
    const states = this.#conditioned.states.slice();
    for (const variable of order) {
      if (variable >= states.length) continue;
      for (let k = nodeStarts[variable]!; k < nodeStarts[variable + 1]!; k++)
        this.#sendToVariable(nodeEdges[k]!);
      const { values } = this.#variableBelief(variable);
      let best = 0;
      for (let state = 1; state < values.length; state++) if (values[state]! > values[best]!) best = state;
      states[variable] = best;
      for (let k = nodeStarts[variable]!; k < nodeStarts[variable + 1]!; k++) {
        this.#toTable[nodeEdges[k]!]!.fill(-Infinity).fill(0, best, best + 1);
      }
    }
    return states;
  }

  /** Sends a node's messages to the neighbors before it, or to those after it, in breadth-first order. */
  #send(node: number, towardsStart: boolean): number {
    const { ranks, nodeStarts, nodeEdges, edgeVariables, edgeTables } = this.#graph;
    const variableCount = this.#conditioned.states.length;
    if (node < variableCount) {
      this.#sendToTables(node, (e) => ranks[variableCount + edgeTables[e]!]! < ranks[node]! === towardsStart);
      return 0;
    }
    let residual = 0;
    for (let k = nodeStarts[node]!; k < nodeStarts[node + 1]!; k++) {
      const e = nodeEdges[k]!;
      if (ranks[edgeVariables[e]!]! < ranks[node]! === towardsStart) {
        residual = Math.max(residual, this.#sendToVariable(e, this.#damping));
      }
    }
    return residual;
  }

  /** Sends the product of a variable's messages, except the receiver's own, to each receiver that is wanted. */
  #sendToTables(variable: number, isWanted: (edge: number) => boolean): void {
    const { nodeStarts, nodeEdges } = this.#graph;
    const count = this.#conditioned.graph.stateCounts[variable]!;
    // Dividing the whole product by one message costs the same for any number of neighbors; zeros are counted
    // separately.
    const totals = new Float64Array(count);
    const zeros = new Int32Array(count);
    const edges = nodeEdges.subarray(nodeStarts[variable]!, nodeStarts[variable + 1]!);
    for (const e of edges) {
      const message = this.#toVariable[e]!;
      for (let state = 0; state < count; state++) {
        if (message[state] === -Infinity) zeros[state]!++;
        else totals[state]! += message[state]!;
      }
    }
    for (const e of edges) {
      if (!isWanted(e)) continue;
      const own = this.#toVariable[e]!;
      const message = this.#toTable[e]!;
      for (let state = 0; state < count; state++) {
        const ownZero = own[state] === -Infinity ? 1 : 0;
        const isZero = zeros[state]! > ownZero;
        message[state] = isZero ? -Infinity : ownZero === 1 ? totals[state]! : totals[state]! - own[state]!;
      }
      normalizeByLargest(message);
    }
  }

  #sendToVariable(edge: number, damping = 0): number {
    const { edgeVariables, edgeTables, nodeStarts, nodeEdges } = this.#graph;
    const { graph, states, tables } = this.#conditioned;
    const table = tables[edgeTables[edge]!]!;
    const product = { variables: table.variables, values: table.values.slice() };
    const node = states.length + edgeTables[edge]!;
    for (let k = nodeStarts[node]!; k < nodeStarts[node + 1]!; k++) {
      const e = nodeEdges[k]!;
      if (e !== edge) multiplyInto(product, this.#messageTable(e, this.#toTable), graph.stateCounts);
    }
    const { values } = marginalize(product, [edgeVariables[edge]!], graph.stateCounts, this.#semiring);
    normalizeByLargest(values);
    const message = this.#toVariable[edge]!;
    let residual = 0;
    for (let state = 0; state < values.length; state++) {
      const value = values[state]!;
      const old = message[state]!;
      residual = Math.max(residual, Math.abs(Math.exp(value) - Math.exp(old)));
      message[state] = damping === 0 || value === -Infinity ? value : (1 - damping) * value + damping * old;
    }
    return residual;
  }

  #variableBelief(variable: number): LogTable {
    const { nodeStarts, nodeEdges } = this.#graph;
    const { stateCounts } = this.#conditioned.graph;
    const belief = onesOver([variable], stateCounts);
    for (let k = nodeStarts[variable]!; k < nodeStarts[variable + 1]!; k++) {
      multiplyInto(belief, this.#messageTable(nodeEdges[k]!, this.#toVariable), stateCounts);
    }
    return belief;
  }

  #tableBelief(table: LogTable, node: number): LogTable {
    const { nodeStarts, nodeEdges } = this.#graph;
    const belief = { variables: table.variables, values: table.values.slice() };
    for (let k = nodeStarts[node]!; k < nodeStarts[node + 1]!; k++) {
      multiplyInto(
        belief,
        this.#messageTable(nodeEdges[k]!, this.#toTable),
        this.#conditioned.graph.stateCounts,
      );
    }
    return belief;
  }

  #messageTable(edge: number, messages: readonly Float64Array[]): LogTable {
    return { variables: [this.#graph.edgeVariables[edge]!], values: messages[edge]! };
  }
}
