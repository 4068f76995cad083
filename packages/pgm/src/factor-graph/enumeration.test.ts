import { Rng } from '@maxent/core';
import { describe, expect, test } from 'vitest';
import {
  type Assignment,
  type Beliefs,
  calibrateJunctionTree,
  type FactorGraph,
  inferFactorGraph,
  jointMarginal,
  logPartitionFunction,
  loopyMaxProduct,
  loopySumProduct,
  type MapAssignment,
  type Marginal,
  maxCalibrateJunctionTree,
  maxProduct,
  mostProbableAssignment,
  sumProduct,
} from './index.js';
import { type Enumeration, enumerate } from './test-support/brute-force.js';
import { randomForest, randomGraph, shuffled } from './test-support/random-graphs.js';

const RELATIVE = 1e-10;

function expectClose(actual: number, expected: number, label: string): void {
  expect(Math.abs(actual - expected), `${label}: ${actual} for ${expected}`).toBeLessThanOrEqual(
    RELATIVE * Math.abs(expected),
  );
}

function expectMarginal(
  marginal: Marginal | null,
  names: readonly string[],
  truth: Enumeration,
  label: string,
): void {
  if (truth.partition === 0) {
    expect(marginal, label).toBeNull();
    return;
  }
  expect(marginal?.variables, label).toEqual(names);
  const weights = truth.marginal(names);
  expect(marginal?.values).toHaveLength(weights.length);
  weights.forEach((weight, i) => {
    expectClose(marginal!.values[i]!, weight / truth.partition, `${label} p(${names})[${i}]`);
  });
}

function expectLogPartition(logPartition: number, truth: Enumeration, label: string): void {
  if (truth.partition === 0) expect(logPartition, label).toBe(-Infinity);
  else expectClose(Math.exp(logPartition), truth.partition, `${label} partition`);
}

function expectMap(
  map: MapAssignment | null,
  graph: FactorGraph,
  evidence: Assignment,
  truth: Enumeration,
  label: string,
): void {
  if (truth.partition === 0) {
    expect(map, label).toBeNull();
    return;
  }
  expect(Object.keys(map!.assignment).sort(), label).toEqual([...graph.variableNames].sort());
  expect(map!.assignment, label).toMatchObject(evidence);
  expectClose(Math.exp(map!.logValue), truth.largest, `${label} weight of the best`);
  expectClose(Math.exp(graph.logWeight(map!.assignment)), truth.largest, `${label} assignment`);
}

describe('random graphs with zeros and evidence, against enumeration', () => {
  const rng = Rng.fromSeed(3).split('graphs');
  const cases = Array.from({ length: 300 }, () => randomGraph(rng));

  test('the sample holds possible and impossible evidence, cycles and trees', () => {
    const possible = cases.filter(({ graph, evidence }) => enumerate(graph, evidence).partition > 0);
    expect(possible.length).toBeGreaterThan(150);
    expect(cases.length - possible.length).toBeGreaterThan(20);
  });

  test('variable elimination', () => {
    for (const [i, { graph, evidence }] of cases.entries()) {
      const truth = enumerate(graph, evidence);
      expectLogPartition(logPartitionFunction(graph, { evidence }), truth, `case ${i}`);
      for (const size of [1, 2, 3, 5]) {
        const names = shuffled(graph.variableNames, rng).slice(0, size);
        expectMarginal(jointMarginal(graph, names, { evidence }), names, truth, `case ${i}`);
      }
      expectMap(mostProbableAssignment(graph, { evidence }), graph, evidence, truth, `case ${i}`);
    }
  });

  test('the junction tree, within and across cliques', () => {
    let across = 0;
    for (const [i, { graph, evidence }] of cases.entries()) {
      const truth = enumerate(graph, evidence);
      const tree = calibrateJunctionTree(graph, { evidence });
      expectLogPartition(tree.logPartition, truth, `case ${i}`);
      for (const size of [1, 2, 2, 3, 4, 5]) {
        const names = shuffled(graph.variableNames, rng).slice(0, size);
        expectMarginal(tree.marginal(names), names, truth, `case ${i}`);
        if (!tree.cliques.some((clique) => names.every((name) => clique.includes(name)))) across++;
      }
    }
    expect(across).toBeGreaterThan(200);
  });

  test('max-calibration', () => {
    for (const [i, { graph, evidence }] of cases.entries()) {
      const truth = enumerate(graph, evidence);
      const calibrated = maxCalibrateJunctionTree(graph, { evidence });
      expectMap(calibrated?.map ?? null, graph, evidence, truth, `case ${i}`);
      if (calibrated === null) continue;
      for (const name of graph.variableNames) {
        const values = calibrated.logMaxMarginals.get(name)!.map(Math.exp);
        truth.maxMarginal(name).forEach((weight, state) => {
          expectClose(values[state]!, weight, `case ${i} max-marginal ${name}=${state}`);
        });
      }
    }
  });

  test('all at once, by the junction tree and, where it is refused, by elimination', () => {
    let refused = 0;
    for (const [i, { graph, evidence }] of cases.entries()) {
      const truth = enumerate(graph, evidence);
      const queries = [graph.variableNames.slice(0, 2), graph.variableNames.slice(-1)];
      for (const memoryLimit of [2 ** 30, 700]) {
        let inferred: ReturnType<typeof inferFactorGraph>;
        try {
          inferred = inferFactorGraph(graph, { evidence, queries, memoryLimit });
        } catch (error) {
          expect(String(error)).toContain('700 bytes');
          refused++;
          continue;
        }
        expectLogPartition(inferred.logPartition, truth, `case ${i}`);
        expectMap(inferred.map, graph, evidence, truth, `case ${i}`);
        queries.forEach((names, q) => {
          expectMarginal(inferred.marginals?.[q] ?? null, names, truth, `case ${i}`);
        });
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(cases.length / 2);
  });
});

describe('random forests with zeros and evidence, against enumeration', () => {
  const rng = Rng.fromSeed(4).split('forests');
  const cases = Array.from({ length: 300 }, () => randomForest(rng));

  function expectBeliefs(beliefs: Beliefs, graph: FactorGraph, truth: Enumeration, label: string): void {
    expectLogPartition(beliefs.logPartition, truth, label);
    const scopes = graph.factors.map(({ variables }) => variables.map((v) => graph.variableNames[v]!));
    for (const names of [...graph.variableNames.map((name) => [name]), ...scopes]) {
      const turned = shuffled(names, rng);
      expectMarginal(beliefs.marginal(turned), turned, truth, label);
    }
  }

  test('sum-product and max-product', () => {
    for (const [i, { graph, evidence }] of cases.entries()) {
      const truth = enumerate(graph, evidence);
      expectBeliefs(sumProduct(graph, { evidence }), graph, truth, `case ${i}`);
      expectMap(maxProduct(graph, { evidence }), graph, evidence, truth, `case ${i}`);
    }
  });

  test.each([0, 0.4])('loopy belief propagation is exact there, damping %d', (damping) => {
    for (const [i, { graph, evidence }] of cases.entries()) {
      const truth = enumerate(graph, evidence);
      const options = { evidence, damping, tolerance: 1e-13 };
      const beliefs = loopySumProduct(graph, options);
      expect(beliefs.converged).toBe(true);
      if (damping === 0) expect(beliefs.iterations).toBeLessThanOrEqual(2);
      expectBeliefs(beliefs, graph, truth, `case ${i}`);
      expectMap(loopyMaxProduct(graph, options).map, graph, evidence, truth, `case ${i}`);
    }
  });
});
