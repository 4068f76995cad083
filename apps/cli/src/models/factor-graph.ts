import { FactorGraph, inferFactorGraph } from '@maxent/pgm';
import { z } from 'zod';
import type { FactorGraphAnswer } from '../commands/infer/answer.js';
import { closedObject } from '../input/check-input.js';
import { readTable } from '../input/read-table.js';
import { nest } from '../output/nest.js';

type NestedWeights = number | NestedWeights[];
const weights: z.ZodType<NestedWeights> = z.lazy(() =>
  z.union([z.number().nonnegative(), z.array(weights)], { error: 'expected a weight of at least 0' }),
);

export const factorGraphModel = closedObject({
  kind: z.literal('factor-graph'),
  variables: z.record(z.string(), z.int().positive()).describe('number of states of each variable, by name'),
  factors: z
    .array(
      closedObject({
        variables: z.array(z.string()),
        values: weights.describe('linear weights, nested in the order of the variables'),
      }),
    )
    .describe('the product of all is the distribution, up to its sum'),
  evidence: z.record(z.string(), z.int().nonnegative()).default({}).describe('observed states'),
  queries: z
    .array(z.array(z.string()))
    .exactOptional()
    .describe('sets of variables whose joint marginals are wanted; each variable by itself unless given'),
  method: z
    .enum(['exact', 'loopy'])
    .default('exact')
    .describe('exact: elimination and junction tree; loopy: belief propagation'),
  memoryLimit: z
    .int()
    .positive()
    .exactOptional()
    .describe('bytes that exact tables may need [default: 1 GiB]'),
  damping: z
    .number()
    .min(0)
    .lt(1)
    .exactOptional()
    .describe('share of the old message that loopy keeps [default: 0]'),
  tolerance: z
    .number()
    .positive()
    .exactOptional()
    .describe('change of messages at which loopy stops [default: 1e-10]'),
  maxIterations: z
    .int()
    .positive()
    .exactOptional()
    .describe('iterations after which loopy stops [default: 1000]'),
});

/** Partition function, marginals and most probable assignment. Throws InvalidInputError. */
export function inferGraph(model: z.output<typeof factorGraphModel>): FactorGraphAnswer {
  const { kind, variables, factors, ...options } = model;
  const names = new FactorGraph({ variables, factors: [] });
  const graph = new FactorGraph({
    variables,
    factors: factors.map((factor, i) => {
      names.placesOf(factor.variables, `factors[${i}].variables`);
      const shape = factor.variables.map((name) => variables[name]!);
      return { variables: factor.variables, values: readTable(factor.values, shape, `factors[${i}].values`) };
    }),
  });
  const { logPartition, marginals, map, ...convergence } = inferFactorGraph(graph, options);
  return {
    logPartition,
    marginals:
      marginals?.map((marginal) => ({
        variables: [...marginal.variables],
        values: nest(
          marginal.values,
          marginal.variables.map((name) => variables[name]!),
        ),
      })) ?? null,
    map:
      map === null
        ? { assignment: null, logValue: -Infinity }
        : { ...map, assignment: { ...map.assignment } },
    ...convergence,
  };
}
