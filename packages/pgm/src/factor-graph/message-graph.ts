import type { ConditionedGraph } from './evidence.js';

/**
 * The bipartite graph of unobserved variables and the tables over them. Nodes are numbered: a variable by its place, a
 * table after all variables. Edge e joins `edgeVariables[e]` and `edgeTables[e]`; a table's edges are consecutive, in
 * the order of its variables.
 */
export interface MessageGraph {
  readonly edgeVariables: Int32Array;
  readonly edgeTables: Int32Array;
  /** Where each node's edges start in `nodeEdges`, [nodes + 1]. */
  readonly nodeStarts: Int32Array;
  readonly nodeEdges: Int32Array;
  /** All nodes in breadth-first order, each part of the graph from its first variable on. */
  readonly order: Int32Array;
  /** Each node's place in `order`; -1 for observed variables. */
  readonly ranks: Int32Array;
  /** The nodes of a cycle, in order, if there is one; otherwise null. */
  readonly cycle: readonly number[] | null;
}

export function messageGraphOf({ graph, states, tables }: ConditionedGraph): MessageGraph {
  const variableCount = states.length;
  const nodeCount = variableCount + tables.length;
  const edgeVariables = Int32Array.from(tables.flatMap(({ variables }) => variables));
  const edgeTables = Int32Array.from(tables.flatMap(({ variables }, t) => variables.map(() => t)));
  const nodeStarts = new Int32Array(nodeCount + 1);
  edgeVariables.forEach((variable, e) => {
    nodeStarts[variable + 1]!++;
    nodeStarts[variableCount + edgeTables[e]! + 1]!++;
  });
  for (let node = 0; node < nodeCount; node++) nodeStarts[node + 1]! += nodeStarts[node]!;
  const nodeEdges = new Int32Array(nodeStarts[nodeCount]!);
  const filled = nodeStarts.slice();
  edgeVariables.forEach((variable, e) => {
    nodeEdges[filled[variable]!++] = e;
    nodeEdges[filled[variableCount + edgeTables[e]!]!++] = e;
  });

  const ranks = new Int32Array(nodeCount).fill(-1);
  const parents = new Int32Array(nodeCount).fill(-1);
  const order = new Int32Array(nodeCount - states.reduce((n, state) => n + (state < 0 ? 0 : 1), 0));
  let found = 0;
  let cycle: number[] | null = null;
  for (let start = 0; start < graph.stateCounts.length; start++) {
    if (states[start]! >= 0 || ranks[start]! >= 0) continue;
    ranks[start] = found;
    order[found++] = start;
    for (let i = ranks[start]!; i < found; i++) {
      const node = order[i]!;
      for (let k = nodeStarts[node]!; k < nodeStarts[node + 1]!; k++) {
        const edge = nodeEdges[k]!;
        const other = node < variableCount ? variableCount + edgeTables[edge]! : edgeVariables[edge]!;
        if (ranks[other]! < 0) {
          ranks[other] = found;
          parents[other] = node;
          order[found++] = other;
        } else if (other !== parents[node] && cycle === null) {
          cycle = cycleThrough(node, other, parents);
        }
      }
    }
  }
  return { edgeVariables, edgeTables, nodeStarts, nodeEdges, order, ranks, cycle };
}

/** Returns the cycle that the edge from a to b closes in a tree given by its parents. */
function cycleThrough(a: number, b: number, parents: Int32Array): number[] {
  const ancestors: number[] = [];
  for (let node = a; node >= 0; node = parents[node]!) ancestors.push(node);
  const depthOf = new Map(ancestors.map((node, i) => [node, i]));
  const other: number[] = [];
  let node = b;
  for (; !depthOf.has(node); node = parents[node]!) other.push(node);
  return [...ancestors.slice(0, depthOf.get(node)! + 1), ...other.reverse()];
}
