import { describe, expect, it } from 'vitest';
import { FactorGraph } from './factor-graph.js';
import fixture from './fixtures/pgmpy.json' with { type: 'json' };
import { inferFactorGraph } from './infer.js';
import { calibrateJunctionTree } from './junction-tree.js';

type Nested = number | number[] | number[][] | number[][][];

/** Written by apps/lab/peers/pgm_fixtures.py. */
interface Model {
  readonly variables: Record<string, number>;
  readonly factors: readonly { readonly variables: string[]; readonly values: Nested }[];
  readonly evidence: Record<string, number>;
  readonly queries: string[][];
  readonly answer: {
    /** Given the evidence. */
    readonly logPartition: number;
    readonly marginals: readonly { readonly variables: string[]; readonly values: Nested }[];
    readonly map: Record<string, number>;
  };
}

const TOLERANCE = 1e-12;

const models = fixture.models as unknown as readonly Model[];

const flat = (values: Nested): number[] => [values].flat(3) as number[];

function expectClose(actual: ArrayLike<number>, expected: Nested): void {
  const values = flat(expected);
  expect(actual).toHaveLength(values.length);
  values.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(TOLERANCE);
  });
}

describe('the answers of pgmpy on 20 random factor graphs', () => {
  it('are all there', () => {
    expect(models).toHaveLength(20);
  });

  it.each(models.map((model, i) => [i, model] as const))('graph %i', (_i, given) => {
    const { evidence, queries, answer } = given;
    const graph = new FactorGraph({
      variables: given.variables,
      factors: given.factors.map(({ variables, values }) => ({ variables, values: flat(values) })),
    });
    const { logPartition, marginals, map } = inferFactorGraph(graph, { evidence, queries });
    expect(Math.abs(logPartition - answer.logPartition)).toBeLessThanOrEqual(
      TOLERANCE * Math.max(1, Math.abs(answer.logPartition)),
    );
    answer.marginals.forEach(({ values }, q) => {
      expectClose(marginals![q]!.values, values);
    });
    expect(map!.assignment).toEqual(answer.map);

    const tree = calibrateJunctionTree(graph, { evidence });
    answer.marginals.forEach(({ variables, values }) => {
      expectClose(tree.marginal(variables)!.values, values);
    });
  });
});
