import { type CalibratedCliques, type CliqueTree, quotient } from './clique-tree.js';
import type { FactorGraph } from './factor-graph.js';
import { entryCount, type LogTable, marginalize, multiplyInto, onesOver } from './log-table.js';
import { tableTooLarge } from './memory.js';

/** One clique on the way from the cliques of the variables asked for to the one where their paths meet. */
interface Stage {
  readonly clique: number;
  /** The clique's variables, and those asked for that come from farther out. */
  readonly variables: readonly number[];
  /** The variables that it hands on: those asked for so far and, unless it is the last of its tree, its separator. */
  readonly handedOn: readonly number[];
  /** The stages that hand their tables to this one. */
  readonly from: readonly number[];
  readonly isLast: boolean;
}

/**
 * Returns log p(asked), up to a constant, from sum-calibrated cliques: the product of p(clique | separator) over the
 * smallest subtree that contains the variables, with each clique's other variables summed out on the way to the
 * subtree's root.
 */
export function jointOf(
  { tree, beliefs, separators }: CalibratedCliques,
  asked: readonly number[],
  graph: FactorGraph,
  memoryLimit: number,
  field: string,
): LogTable {
  const { stateCounts } = graph;
  const stages = stagesOf(tree, asked);
  for (const { variables } of stages) {
    if (entryCount(variables, stateCounts) * Float64Array.BYTES_PER_ELEMENT > memoryLimit) {
      throw tableTooLarge(graph, variables, memoryLimit, field);
    }
  }
  const joint = onesOver(asked, stateCounts);
  const handed: LogTable[] = [];
  for (const { clique, variables, handedOn, from, isLast } of stages) {
    let table = beliefs[clique]!;
    if (from.length > 0) {
      table = onesOver(variables, stateCounts);
      multiplyInto(table, beliefs[clique]!, stateCounts);
      for (const stage of from) multiplyInto(table, handed[stage]!, stateCounts);
    }
    const marginal = marginalize(table, handedOn, stateCounts, 'sum');
    if (isLast) {
      multiplyInto(joint, marginal, stateCounts);
      handed.push(onesOver([], stateCounts));
    } else {
      handed.push(conditional(marginal, separators[clique]!, stateCounts));
    }
  }
  return joint;
}

/** Returns marginal / separator, with 0 / 0 = 0. */
function conditional(marginal: LogTable, separator: LogTable, stateCounts: readonly number[]): LogTable {
  const repeated = onesOver(marginal.variables, stateCounts);
  multiplyInto(repeated, separator, stateCounts);
  return quotient(marginal, repeated);
}

/**
 * Returns the stages from the outermost clique inward; there is one last stage for each tree that contains a variable.
 */
function stagesOf({ cliques, cliqueOf }: CliqueTree, asked: readonly number[]): Stage[] {
  const askedSet = new Set(asked);
  /** Stages that wait for a clique's turn. A clique has a higher index than its parent: the highest is outermost. */
  const waiting = new Map<number, number[]>();
  for (const variable of asked) waiting.set(cliqueOf[variable]!, []);
  const stages: Stage[] = [];
  while (waiting.size > 0) {
    const clique = Math.max(...waiting.keys());
    const from = waiting.get(clique)!;
    waiting.delete(clique);
    const { variables: own, parent, separator } = cliques[clique]!;
    const brought = new Set(from.flatMap((stage) => stages[stage]!.handedOn.filter((v) => askedSet.has(v))));
    for (const variable of own) brought.delete(variable);
    const variables = [...brought, ...own];
    const collected = variables.filter((variable) => askedSet.has(variable));
    const isLast = waiting.size === 0 || parent < 0;
    const outside = collected.filter((variable) => !separator.includes(variable));
    stages.push({
      clique,
      variables,
      handedOn: isLast ? collected : [...outside, ...separator],
      from,
      isLast,
    });
    if (!isLast) waiting.set(parent, [...(waiting.get(parent) ?? []), stages.length - 1]);
  }
  return stages;
}
