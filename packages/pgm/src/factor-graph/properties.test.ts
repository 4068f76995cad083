import { Rng } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FactorGraph,
  type FactorInput,
  inferFactorGraph,
  jointMarginal,
  logPartitionFunction,
} from './index.js';
import { type RandomGraph, randomGraph, shuffled } from './test-support/random-graphs.js';

const seeds = fc.nat(1_000_000).map((seed) => Rng.fromSeed(seed));

/** A graph that its evidence allows, so that there is something to compare. */
const possible = seeds
  .map((rng) => ({ rng, ...randomGraph(rng) }))
  .filter(({ graph, evidence }) => logPartitionFunction(graph, { evidence }) > -Infinity);

const inputsOf = ({ variableNames, factors }: FactorGraph): FactorInput[] =>
  factors.map(({ variables, logValues }) => ({
    variables: variables.map((v) => variableNames[v]!),
    logValues,
  }));

const rebuilt = (graph: FactorGraph, names: readonly string[], factors: FactorInput[]): FactorGraph =>
  new FactorGraph({
    variables: Object.fromEntries(
      names.map((name) => [name, graph.stateCounts[graph.variableNames.indexOf(name)]!]),
    ),
    factors,
  });

function expectSameMarginals(a: FactorGraph, b: FactorGraph, evidence: RandomGraph['evidence']): void {
  const queries = a.variableNames.map((name) => [name]);
  const first = inferFactorGraph(a, { evidence, queries }).marginals!;
  const second = inferFactorGraph(b, { evidence, queries }).marginals!;
  first.forEach(({ values }, q) => {
    values.forEach((value, i) => {
      expect(second[q]!.values[i]).toBeCloseTo(value, 12);
    });
  });
}

describe('factor graphs', () => {
  test('the order of variables and factors does not matter', () => {
    fc.assert(
      fc.property(possible, ({ rng, graph, evidence }) => {
        const turned = rebuilt(graph, shuffled(graph.variableNames, rng), shuffled(inputsOf(graph), rng));
        expectSameMarginals(graph, turned, evidence);
        const expected = logPartitionFunction(graph, { evidence });
        expect(logPartitionFunction(turned, { evidence })).toBeCloseTo(expected, 11);
      }),
    );
  });

  test('scaling a factor by c adds log c to the partition function and to the best weight, and nothing else', () => {
    fc.assert(
      fc.property(
        possible,
        fc.double({ min: -500, max: 500, noNaN: true }),
        ({ graph, evidence }, logScale) => {
          const factors = inputsOf(graph);
          factors.push({ variables: [], logValues: [logScale] });
          const scaled = rebuilt(graph, graph.variableNames, factors);
          const before = inferFactorGraph(graph, { evidence });
          const after = inferFactorGraph(scaled, { evidence });
          expect(after.logPartition - logScale).toBeCloseTo(before.logPartition, 10);
          expect(after.map!.logValue - logScale).toBeCloseTo(before.map!.logValue, 10);
          expect(after.map!.assignment).toEqual(before.map!.assignment);
          expectSameMarginals(graph, scaled, evidence);
        },
      ),
    );
  });

  test('p(a, b) = p(a | b) p(b), and the partition functions of the states of b add up', () => {
    fc.assert(
      fc.property(possible, ({ rng, graph, evidence }) => {
        const free = graph.variableNames.filter((name) => !Object.hasOwn(evidence, name));
        fc.pre(free.length >= 2);
        const [a, b] = shuffled(free, rng) as [string, string];
        const joint = jointMarginal(graph, [b, a], { evidence })!.values;
        const marginal = jointMarginal(graph, [b], { evidence })!.values;
        const logZ = logPartitionFunction(graph, { evidence });
        const size = joint.length / marginal.length;
        marginal.forEach((p, state) => {
          const observed = { ...evidence, [b]: state };
          expect(Math.exp(logPartitionFunction(graph, { evidence: observed }) - logZ)).toBeCloseTo(p, 12);
          const conditional = jointMarginal(graph, [a], { evidence: observed })?.values;
          expect(conditional === undefined).toBe(p === 0);
          for (let i = 0; i < size; i++) {
            expect(joint[state * size + i]).toBeCloseTo(p * (conditional?.[i] ?? 0), 12);
          }
        });
      }),
    );
  });

  test('a joint marginal summed over one variable is the marginal of the others', () => {
    fc.assert(
      fc.property(possible, ({ rng, graph, evidence }) => {
        const names = shuffled(graph.variableNames, rng).slice(0, 3);
        const { marginals } = inferFactorGraph(graph, { evidence, queries: [names, names.slice(0, 1)] });
        const size = marginals![0]!.values.length / marginals![1]!.values.length;
        marginals![1]!.values.forEach((p, state) => {
          const row = marginals![0]!.values.subarray(state * size, (state + 1) * size);
          expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(p, 12);
        });
      }),
    );
  });

  test('the best assignment stays the best once part of it is observed', () => {
    fc.assert(
      fc.property(possible, ({ rng, graph, evidence }) => {
        const best = inferFactorGraph(graph, { evidence }).map!;
        const observed = Object.fromEntries(
          Object.entries(best.assignment).filter(
            ([name]) => Object.hasOwn(evidence, name) || rng.uniform() < 0.5,
          ),
        );
        expect(inferFactorGraph(graph, { evidence: observed }).map!.logValue).toBeCloseTo(best.logValue, 12);
      }),
    );
  });
});
