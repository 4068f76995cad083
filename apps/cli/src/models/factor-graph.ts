import { fieldPath } from '@maxent/core';
import { FactorGraph, inferFactorGraph } from '@maxent/pgm';
import * as z from 'zod';
import type { Figure } from '../figures/figure.js';
import { closedObject } from '../input/check-input.js';
import { jsonNumber } from '../input/json-number.js';
import { readTable } from '../input/read-table.js';
import { formatCounted } from '../output/format-number.js';
import { NestedArray } from '../output/nested-array.js';
import { type Summary, shownNumber, summaryRows } from '../output/summary.js';
import type { InferenceSize } from './inference-memory.js';
import { defineModelKind } from './model-kind.js';

type NestedWeights = number | NestedWeights[];
const weights: z.ZodType<NestedWeights> = z.lazy(() =>
  z.union([z.number().nonnegative(), z.array(weights)], { error: 'expected a weight of at least 0' }),
);

const schema = closedObject({
  kind: z.literal('factor-graph'),
  variables: z.record(z.string(), z.int().positive()).describe('number of states of each variable, by name'),
  factors: z
    .array(
      closedObject({
        variables: z.array(z.string()),
        values: weights.describe('linear weights, nested in the order of the variables'),
      }),
    )
    .describe('their product, normalized, is the distribution'),
  evidence: z.record(z.string(), z.int().nonnegative()).default({}).describe('observed states'),
  queries: z
    .array(z.array(z.string()))
    .exactOptional()
    .describe('sets of variables to give joint marginals for [default: each variable alone]'),
  method: z
    .enum(['exact', 'loopy'])
    .default('exact')
    .describe('exact: elimination and junction tree; loopy: belief propagation'),
  memoryLimit: z.int().positive().exactOptional().describe('most bytes for exact tables [default: 1 GiB]'),
  damping: z
    .number()
    .min(0)
    .lt(1)
    .exactOptional()
    .describe('fraction of the old message that loopy keeps [default: 0]'),
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

type GraphModel = z.output<typeof schema>;

/** Nested in the order of the marginal's variables. */
type NestedProbabilities = number | NestedProbabilities[];
const probabilities: z.ZodType<NestedProbabilities> = z.lazy(() =>
  z.union([z.number(), z.array(probabilities)]),
);

const answer = z
  .object({
    logPartition: jsonNumber.describe('log of the sum over all assignments that agree with the evidence'),
    marginals: z
      .array(z.object({ variables: z.array(z.string()), values: probabilities }))
      .nullable()
      .describe('given the evidence; null if the evidence is impossible'),
    map: z.object({
      assignment: z.record(z.string(), z.int()).nullable().describe('most probable state of every variable'),
      logValue: jsonNumber.describe('log of the product of the factors at this assignment'),
    }),
    converged: z.boolean().exactOptional().describe('loopy only, and not for impossible evidence'),
    iterations: z.int().exactOptional().describe('loopy only, and not for impossible evidence'),
    residual: jsonNumber
      .exactOptional()
      .describe(
        'loopy only, and not for impossible evidence: largest change of a message in the last iteration',
      ),
  })
  .describe('factor-graph');

/** Partition function, marginals and most probable assignment. */
function infer({ kind, variables, factors, ...options }: GraphModel) {
  const names = new FactorGraph({ variables, factors: [] });
  const shapeOf = (table: readonly string[]): number[] => table.map((name) => variables[name]!);
  const graph = new FactorGraph({
    variables,
    factors: factors.map((factor, i) => {
      names.placesOf(factor.variables, `factors[${i}].variables`);
      const values = readTable(factor.values, shapeOf(factor.variables), `factors[${i}].values`);
      return { variables: factor.variables, values };
    }),
  });
  const { logPartition, marginals, map, ...convergence } = inferFactorGraph(graph, options);
  return {
    logPartition,
    marginals:
      marginals?.map((marginal) => ({
        variables: [...marginal.variables],
        values: new NestedArray(marginal.values, shapeOf(marginal.variables)),
      })) ?? null,
    map:
      map === null
        ? { assignment: null, logValue: -Infinity }
        : { ...map, assignment: { ...map.assignment } },
    ...convergence,
  };
}

type GraphPosterior = ReturnType<typeof infer>;

/** Counts a table for each query and a state for each variable; exact tables have their own limit, `memoryLimit`. */
function size({ variables, factors, queries, method }: GraphModel): InferenceSize {
  const names = Object.keys(variables);
  const countOf = (name: string): number => (Object.hasOwn(variables, name) ? variables[name]! : 1);
  const sizeOf = (table: readonly string[]): number => table.reduce((size, name) => size * countOf(name), 1);
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const asked = queries ?? names.map((name) => [name]);
  const sizes = asked.map(sizeOf);
  const largest = sizes.reduce((best, size, i) => (size > sizes[best]! ? i : best), 0);
  const states = sum(names.map(countOf));
  const messages =
    method === 'loopy' ? 4 * sum(factors.map((factor) => sum(factor.variables.map(countOf)))) : 0;
  return {
    field:
      queries !== undefined || names.length === 0
        ? `queries[${largest}]`
        : fieldPath(['variables', names[largest]!]),
    what: `${asked.length} ${asked.length === 1 ? 'query' : 'queries'}, the largest over ${formatCounted(sizes[largest] ?? 0, 'joint state')}`,
    read: sum(factors.map((factor) => sizeOf(factor.variables))),
    worked: 3 * states + messages + sum(sizes),
    answered: sum(sizes) + names.length,
    // Nested with only a state or two on the last axis, half of the numbers begin an array.
    arrays: sum(sizes) / 2 + asked.length,
  };
}

function summary({ logPartition, marginals, map, ...convergence }: GraphPosterior): Summary {
  const facts: (readonly [string, string])[] = [
    [
      'log-partition',
      marginals === null ? '-Infinity: the evidence is impossible' : shownNumber(logPartition),
    ],
  ];
  const { converged, iterations } = convergence;
  if (converged !== undefined) {
    facts.push([
      'belief propagation',
      `${converged ? 'converged' : 'not converged'} after ${formatCounted(iterations!, 'iteration')}`,
    ]);
  }
  if (map.assignment !== null) {
    const states = Object.entries(map.assignment).map(([name, state]) => `${name}=${state}`);
    facts.push(['most probable', `${states.join(' ')} (log-weight ${shownNumber(map.logValue)})`]);
  }
  const entries = (marginals ?? []).flatMap(jointStates);
  return {
    facts,
    ...summaryRows(['', 'p'], entries.length, (i) => [entries[i]!.label, shownNumber(entries[i]!.value)]),
  };
}

const MOST_MARGINALS = 20;

/** The probabilities of each query. */
function figures({ marginals }: GraphPosterior): Figure[] {
  return (marginals ?? []).slice(0, MOST_MARGINALS).map((marginal) => ({
    kind: 'bars',
    title: marginal.variables.join(', '),
    bars: jointStates(marginal),
    probabilities: true,
  }));
}

/** Each probability with its states, such as `A=0 B=2`. */
function jointStates({
  variables,
  values: { values, shape },
}: NonNullable<GraphPosterior['marginals']>[number]): { label: string; value: number }[] {
  return Array.from(values, (value, place) => {
    const states: string[] = [];
    let rest = place;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      states.unshift(`${variables[axis]}=${rest % shape[axis]!}`);
      rest = Math.floor(rest / shape[axis]!);
    }
    return { label: states.join(' '), value };
  });
}

/** Discrete factor graphs. */
export const factorGraph = defineModelKind({
  kind: 'factor-graph',
  title: 'discrete factor graph',
  schema,
  answer: [answer],
  size,
  infer,
  summary,
  figures,
  story: () => ({
    formulas: [
      [
        'p(x) = product of factors / Z',
        'each factor says which values fit together; Z makes probabilities of weights',
      ],
      [
        'log-partition = log Z',
        'with evidence: the log of the total weight of everything that agrees with it',
      ],
      ['marginal p(x_i | evidence)', 'what is left to know of a variable when the others are summed out'],
      [
        'most probable',
        'the one assignment of all variables with the largest weight; not each variable at its most probable',
      ],
    ],
  }),
});
