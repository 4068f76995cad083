import {
  fieldPath,
  InvalidInputError,
  isRecord,
  nearestNames,
  requireCount,
  requireList,
  requireNumbers,
  requireObject,
  showValue,
} from '@maxent/core';

/** One factor as given: weights row-major over the states of `variables`, the last of them fastest. */
export type FactorInput =
  | {
      readonly variables: readonly string[];
      /** Linear weights: finite, at least 0, not necessarily normalized. */
      readonly values: ArrayLike<number>;
    }
  | {
      readonly variables: readonly string[];
      /** Natural logarithms of the weights: -Infinity for a weight of 0, otherwise finite. */
      readonly logValues: ArrayLike<number>;
    };

export interface FactorGraphInput {
  /** Number of states of each variable, by name. */
  readonly variables: Readonly<Record<string, number>>;
  readonly factors: readonly FactorInput[];
}

/** A state for each of some variables, by name. */
export type Assignment = Readonly<Record<string, number>>;

export interface Factor {
  /** Places in the graph's `variableNames`. */
  readonly variables: readonly number[];
  /** Log-weights, row-major in the order of `variables`, the last fastest. */
  readonly logValues: Float64Array;
}

/**
 * A discrete factor graph: p(x) = (1 / Z) prod_f f(x_f), with Z = sum_x prod_f f(x_f). Weights are held as logarithms,
 * so that products of any number of factors of any size stay finite.
 */
export class FactorGraph {
  /** In the given order, except that JavaScript puts names that are whole numbers first. */
  readonly variableNames: readonly string[];
  /** Number of states of each variable, in the order of `variableNames`. */
  readonly stateCounts: readonly number[];
  /** In the order given. */
  readonly factors: readonly Factor[];
  readonly #places: ReadonlyMap<string, number>;

  /**
   * Throws InvalidInputError that names what is at fault, such as `variables.A`, `factors[0].variables[1]` (unknown,
   * or twice in one factor) or `factors[2].values[3]`.
   */
  constructor(input: FactorGraphInput) {
    requireObject('input', input, '{ variables: { A: 2 }, factors: [{ variables: ["A"], values: [1, 3] }] }');
    const { variables, factors } = input;
    requireObject('variables', variables, '{ A: 2, B: 3 }');
    requireList('factors', factors);
    for (const [name, count] of Object.entries(variables))
      requireCount(fieldPath(['variables', name]), count);
    this.variableNames = Object.keys(variables);
    this.stateCounts = Object.values(variables);
    this.#places = new Map(this.variableNames.map((name, place) => [name, place]));
    this.factors = factors.map((factor, i) => this.#factorOf(factor, `factors[${i}]`));
  }

  /**
   * Returns the place of a variable in `variableNames`; throws InvalidInputError with `field` if no variable has this
   * name.
   */
  placeOf(name: string, field: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    const near = typeof name === 'string' ? nearestNames(name, this.variableNames) : [];
    const hint =
      near.length > 0 ? ` Did you mean ${near.map((known) => showValue(known)).join(' or ')}?` : '';
    throw new InvalidInputError(field, `expected the name of a variable, got ${showValue(name)}.${hint}`);
  }

  /**
   * Returns the places of distinct variables; throws InvalidInputError that names the entry, such as `queries[1][0]`.
   */
  placesOf(names: readonly string[], field: string): number[] {
    requireList(field, names);
    const seen = new Set<number>();
    return names.map((name, i) => {
      const place = this.placeOf(name, `${field}[${i}]`);
      if (seen.has(place)) {
        throw new InvalidInputError(
          `${field}[${i}]`,
          `expected distinct variables, got ${showValue(name)} twice`,
        );
      }
      seen.add(place);
      return place;
    });
  }

  /**
   * Returns log prod_f f(x_f) of a complete assignment; -Infinity if a weight is 0. Throws InvalidInputError that names
   * the variable, such as `assignment.A`, unless each has a state.
   */
  logWeight(assignment: Assignment): number {
    requireObject('assignment', assignment, '{ A: 1 }');
    return this.logWeightOf(
      this.variableNames.map((name, place) => {
        const field = fieldPath(['assignment', name]);
        if (!Object.hasOwn(assignment, name))
          throw new InvalidInputError(field, 'expected a state, got none');
        return this.requireState(place, assignment[name]!, field);
      }),
    );
  }

  /** Does what `logWeight` does for states in the order of `variableNames`, which are not checked. */
  logWeightOf(states: ArrayLike<number>): number {
    let logWeight = 0;
    for (const { variables, logValues } of this.factors) {
      let entry = 0;
      for (const place of variables) entry = entry * this.stateCounts[place]! + states[place]!;
      logWeight += logValues[entry]!;
    }
    return logWeight;
  }

  /** Returns `state` if the variable has it; throws InvalidInputError with `field` otherwise. */
  requireState(place: number, state: number, field: string): number {
    const count = this.stateCounts[place]!;
    if (!Number.isInteger(state) || state < 0 || state >= count) {
      throw new InvalidInputError(field, `expected a state from 0 to ${count - 1}, got ${state}`);
    }
    return state;
  }

  #factorOf(factor: FactorInput, field: string): Factor {
    requireObject(field, factor, '{ variables: ["A"], values: [1, 3] }');
    const variables = this.placesOf(factor.variables, `${field}.variables`);
    const logarithmic = 'logValues' in factor;
    const values = logarithmic ? factor.logValues : factor.values;
    const valuesField = `${field}.${logarithmic ? 'logValues' : 'values'}`;
    requireNumbers(valuesField, values);
    const size = variables.reduce((product, place) => product * this.stateCounts[place]!, 1);
    if (values.length !== size) {
      const shape = variables.map((place) => this.stateCounts[place]!).join(' x ');
      throw new InvalidInputError(
        valuesField,
        `expected ${size} entries${variables.length > 1 ? ` (${shape})` : ''}, got ${values.length}`,
      );
    }
    return {
      variables,
      logValues: Float64Array.from(values, (value, i) => {
        if (logarithmic ? value < Infinity : value >= 0 && value < Infinity) {
          return logarithmic ? value : Math.log(value);
        }
        throw new InvalidInputError(
          `${valuesField}[${i}]`,
          `expected ${logarithmic ? 'a log-weight below Infinity' : 'a finite weight of at least 0'}, got ${value}`,
        );
      }),
    };
  }
}

/** Throws InvalidInputError unless `graph` is a factor graph, from this copy of the package or another. */
export function requireGraph(graph: FactorGraph): void {
  if (isRecord(graph) && typeof graph.placesOf === 'function') return;
  throw new InvalidInputError(
    'graph',
    `expected a FactorGraph, got ${showValue(graph)}; write new FactorGraph({ variables, factors })`,
  );
}
