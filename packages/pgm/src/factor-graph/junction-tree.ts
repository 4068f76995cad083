import { type CalibratedCliques, calibrate, cliqueTreeOf, needOfTree } from './clique-tree.js';
import { planElimination } from './elimination-plan.js';
import {
  type ConditionedGraph,
  conditionOn,
  type MapAssignment,
  type Marginal,
  mapAssignmentOf,
  marginalOf,
  unobserved,
} from './evidence.js';
import type { FactorGraph } from './factor-graph.js';
import { jointOf } from './junction-tree-joint.js';
import { marginalize, restrict, type Semiring } from './log-table.js';
import { memoryLimitOf, requireAnswerFits } from './memory.js';
import type { ExactInferenceOptions } from './variable-elimination.js';

/** The result of one pass up and one pass down a tree of cliques, ready for any number of queries. */
export class JunctionTree {
  /** The variables of each maximal clique; parents come before children. */
  readonly cliques: readonly (readonly string[])[];
  /** log Z(evidence); -Infinity when the evidence is impossible. */
  readonly logPartition: number;
  readonly #conditioned: ConditionedGraph;
  readonly #calibrated: CalibratedCliques;
  readonly #memoryLimit: number;

  /** Made by `calibrateJunctionTree`. */
  constructor(conditioned: ConditionedGraph, calibrated: CalibratedCliques, memoryLimit: number) {
    const { variableNames } = conditioned.graph;
    this.cliques = calibrated.tree.cliques.map(({ variables }) => variables.map((v) => variableNames[v]!));
    this.logPartition = calibrated.logTotal;
    this.#conditioned = conditioned;
    this.#calibrated = calibrated;
    this.#memoryLimit = memoryLimit;
  }

  /**
   * Returns p(variables | evidence); null if the evidence is impossible. Variables that share a clique are read from
   * it; others are joined along the tree, at the cost of tables over cliques and the variables asked for. Throws
   * InvalidInputError for variables that do not fit and for tables beyond the memory limit; the error names the entry,
   * such as `variables[1]`, or with `field` something else, such as `queries[0][1]`.
   */
  marginal(variables: readonly string[], field = 'variables'): Marginal | null {
    const { graph } = this.#conditioned;
    const places = graph.placesOf(variables, field);
    requireAnswerFits(graph, places, this.#memoryLimit, field);
    if (this.logPartition === -Infinity) return null;
    const kept = unobserved(this.#conditioned, places);
    const joint = jointOf(this.#calibrated, kept, graph, this.#memoryLimit, field);
    return marginalOf(this.#conditioned, joint, places);
  }
}

/**
 * Builds and calibrates the junction tree of Shafer, Lauritzen and Spiegelhalter: triangulation by min-fill, the
 * maximal cliques joined in a maximum-weight spanning tree, and sum-calibration in two passes. Throws InvalidInputError
 * for evidence that does not fit and for tables beyond `memoryLimit`.
 */
export function calibrateJunctionTree(graph: FactorGraph, options: ExactInferenceOptions = {}): JunctionTree {
  const { conditioned, calibrated } = calibrateWith(graph, options, 'sum');
  return new JunctionTree(conditioned, calibrated, memoryLimitOf(options));
}

/** The result of max-calibrating a junction tree. */
export interface MaxMarginals {
  /** An assignment of greatest weight; ties go to the lowest states in the cliques nearest to the root. */
  readonly map: MapAssignment;
  /**
   * For each variable and each of its states, [states], the greatest log-weight of an assignment with that state and
   * the evidence; -Infinity if there is none.
   */
  readonly logMaxMarginals: ReadonlyMap<string, Float64Array>;
}

/**
 * Does what `calibrateJunctionTree` does with maxima instead of sums; returns null if the evidence is impossible.
 * Throws InvalidInputError for evidence that does not fit and for tables beyond `memoryLimit`.
 */
export function maxCalibrateJunctionTree(
  graph: FactorGraph,
  options: ExactInferenceOptions = {},
): MaxMarginals | null {
  const { conditioned, calibrated } = calibrateWith(graph, options, 'max');
  const { tree, beliefs, logTotal } = calibrated;
  if (logTotal === -Infinity) return null;
  const logMaxMarginals = new Map<string, Float64Array>();
  graph.variableNames.forEach((name, variable) => {
    const state = conditioned.states[variable]!;
    const values =
      state < 0
        ? marginalize(beliefs[tree.cliqueOf[variable]!]!, [variable], graph.stateCounts, 'max').values
        : new Float64Array(graph.stateCounts[variable]!).fill(-Infinity).fill(0, state, state + 1);
    logMaxMarginals.set(
      name,
      values.map((value) => value + logTotal),
    );
  });
  return { map: mapAssignmentOf(graph, traceBack(conditioned, calibrated)), logMaxMarginals };
}

function calibrateWith(
  graph: FactorGraph,
  options: ExactInferenceOptions,
  semiring: Semiring,
): { conditioned: ConditionedGraph; calibrated: CalibratedCliques } {
  const conditioned = conditionOn(graph, options);
  const memoryLimit = memoryLimitOf(options);
  const plan = planElimination(conditioned, [], memoryLimit, (candidate) =>
    needOfTree(cliqueTreeOf(candidate), graph.stateCounts),
  );
  return { conditioned, calibrated: calibrate(conditioned, plan, cliqueTreeOf(plan), semiring) };
}

/**
 * Reads the assignment from the roots down: each clique takes its best entry among those that agree with the cliques
 * before it.
 */
function traceBack(
  { graph, states: observed }: ConditionedGraph,
  { beliefs }: CalibratedCliques,
): Int32Array {
  const states = observed.slice();
  for (const belief of beliefs) {
    const { variables, values } = restrict(belief, states, graph.stateCounts);
    let best = 0;
    for (let entry = 1; entry < values.length; entry++) if (values[entry]! > values[best]!) best = entry;
    for (let d = variables.length - 1; d >= 0; d--) {
      const count = graph.stateCounts[variables[d]!]!;
      states[variables[d]!] = best % count;
      best = Math.floor(best / count);
    }
  }
  return states;
}
