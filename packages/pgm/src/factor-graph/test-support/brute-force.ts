import type { Assignment, FactorGraph } from '../factor-graph.js';

export interface Enumeration {
  /** sum_x prod_f f(x_f) over the assignments that agree with the evidence. */
  readonly partition: number;
  readonly largest: number;
  /** Weights summed over all but `variables`, row-major in their order, not normalized. */
  marginal(variables: readonly string[]): Float64Array;
  /** Returns the largest weight with each state of a variable. */
  maxMarginal(variable: string): Float64Array;
}

/** Enumerates every assignment, with linear weights. */
export function enumerate(graph: FactorGraph, evidence: Assignment = {}): Enumeration {
  const { variableNames, stateCounts, factors } = graph;
  const all: { states: number[]; weight: number }[] = [];
  const total = stateCounts.reduce((product, count) => product * count, 1);
  for (let index = 0; index < total; index++) {
    const states: number[] = [];
    let rest = index;
    for (const count of stateCounts) {
      states.push(rest % count);
      rest = Math.floor(rest / count);
    }
    if (variableNames.some((name, v) => Object.hasOwn(evidence, name) && evidence[name] !== states[v]))
      continue;
    let weight = 1;
    for (const { variables, logValues } of factors) {
      const entry = variables.reduce((place, v) => place * stateCounts[v]! + states[v]!, 0);
      weight *= Math.exp(logValues[entry]!);
    }
    all.push({ states, weight });
  }
  const fold = (names: readonly string[], join: (a: number, b: number) => number): Float64Array => {
    const places = names.map((name) => variableNames.indexOf(name));
    const values = new Float64Array(places.reduce((product, v) => product * stateCounts[v]!, 1));
    for (const { states, weight } of all) {
      const entry = places.reduce((place, v) => place * stateCounts[v]! + states[v]!, 0);
      values[entry] = join(values[entry]!, weight);
    }
    return values;
  };
  return {
    partition: all.reduce((sum, { weight }) => sum + weight, 0),
    largest: all.reduce((largest, { weight }) => Math.max(largest, weight), 0),
    marginal: (names) => fold(names, (a, b) => a + b),
    maxMarginal: (name) => fold([name], Math.max),
  };
}
