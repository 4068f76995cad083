import { describe, expect, test } from 'vitest';
import {
  calibrateJunctionTree,
  FactorGraph,
  type FactorGraphMethod,
  inferFactorGraph,
  jointMarginal,
  loopyMaxProduct,
  loopySumProduct,
  type Marginal,
  maxCalibrateJunctionTree,
  sumProduct,
} from './index.js';

function expectValues(marginals: readonly Marginal[], expected: number[][]): void {
  expect(marginals).toHaveLength(expected.length);
  expected.forEach((values, q) => {
    expect(marginals[q]!.values).toHaveLength(values.length);
    values.forEach((value, i) => {
      if (value === 0 || value === 1) expect(marginals[q]!.values[i]).toBe(value);
      else expect(marginals[q]!.values[i]).toBeCloseTo(value, 14);
    });
  });
}

const methods: FactorGraphMethod[] = ['exact', 'loopy'];

describe.each(methods)('%s', (method) => {
  test('no variables and no factors: one empty assignment of weight 1', () => {
    const empty = new FactorGraph({ variables: {}, factors: [] });
    expect(inferFactorGraph(empty, { method })).toMatchObject({
      logPartition: 0,
      marginals: [],
      map: { assignment: {}, logValue: 0 },
    });
  });

  test('a factor of no variables is a constant', () => {
    const graph = new FactorGraph({ variables: { A: 2 }, factors: [{ variables: [], values: [5] }] });
    const { logPartition, map } = inferFactorGraph(graph, { method });
    expect(logPartition).toBeCloseTo(Math.log(10), 14);
    expect(map).toEqual({ assignment: { A: 0 }, logValue: Math.log(5) });
  });

  test('variables in no factor are uniform and count their states', () => {
    const graph = new FactorGraph({
      variables: { A: 3, B: 2, C: 1 },
      factors: [{ variables: ['B'], values: [1, 3] }],
    });
    const { logPartition, marginals } = inferFactorGraph(graph, { method });
    expect(logPartition).toBeCloseTo(Math.log(12), 14);
    expectValues(marginals!, [[1 / 3, 1 / 3, 1 / 3], [0.25, 0.75], [1]]);
  });

  test('parts that are not connected multiply', () => {
    const graph = new FactorGraph({
      variables: { A: 2, B: 2, C: 2, D: 2 },
      factors: [
        { variables: ['A', 'B'], values: [1, 2, 3, 4] },
        { variables: ['C', 'D'], values: [1, 0, 0, 6] },
      ],
    });
    const { logPartition, marginals, map } = inferFactorGraph(graph, {
      method,
      queries: [['B', 'A'], ['D']],
      evidence: { C: 1 },
    });
    expect(logPartition).toBeCloseTo(Math.log(60), 13);
    expectValues(marginals!, [
      [0.1, 0.3, 0.2, 0.4],
      [0, 1],
    ]);
    expect(map!.assignment).toEqual({ A: 1, B: 1, C: 1, D: 1 });
    expect(map!.logValue).toBeCloseTo(Math.log(24), 14);
  });

  test('an observed variable in a query has its state with probability 1', () => {
    const graph = new FactorGraph({
      variables: { A: 2, B: 2 },
      factors: [{ variables: ['A', 'B'], values: [1, 2, 3, 5] }],
    });
    const { marginals } = inferFactorGraph(graph, {
      method,
      evidence: { A: 1 },
      queries: [['A'], ['B', 'A'], ['A', 'B']],
    });
    expectValues(marginals!, [
      [0, 1],
      [0, 0.375, 0, 0.625],
      [0, 0, 0.375, 0.625],
    ]);
  });

  test.each<[string, Record<string, number>]>([
    ['of one factor', { A: 0, B: 1 }],
    ['of two together', { A: 0, C: 1 }],
  ])('impossible evidence %s', (_, evidence) => {
    const equal = [1, 0, 0, 1];
    const graph = new FactorGraph({
      variables: { A: 2, B: 2, C: 2, D: 2 },
      factors: [
        { variables: ['A', 'B'], values: equal },
        { variables: ['B', 'C'], values: equal },
      ],
    });
    const inferred = inferFactorGraph(graph, { method, evidence });
    expect(inferred).toMatchObject({ logPartition: -Infinity, marginals: null, map: null });
    expect(jointMarginal(graph, ['D'], { evidence })).toBeNull();
    expect(calibrateJunctionTree(graph, { evidence }).marginal(['D'])).toBeNull();
    expect(maxCalibrateJunctionTree(graph, { evidence })).toBeNull();
    expect(sumProduct(graph, { evidence }).marginal(['D'])).toBeNull();
    // Certain, whatever messages did: there is nothing whose convergence could be told.
    expect(inferred).not.toHaveProperty('converged');
    for (const { converged, residual } of [
      loopySumProduct(graph, { evidence }),
      loopyMaxProduct(graph, { evidence }),
    ]) {
      expect([converged, residual]).toEqual([true, 0]);
    }
  });

  test('a factor of zeros makes everything impossible', () => {
    const graph = new FactorGraph({
      variables: { A: 2, B: 2 },
      factors: [{ variables: ['A'], values: [0, 0] }],
    });
    expect(inferFactorGraph(graph, { method })).toMatchObject({
      logPartition: -Infinity,
      marginals: null,
      map: null,
    });
  });

  test('ties go to the lowest state', () => {
    const graph = new FactorGraph({
      variables: { A: 3, B: 2, C: 2 },
      factors: [
        { variables: ['B', 'C'], values: [1, 2, 2, 1] },
        { variables: ['A'], values: [0, 1, 1] },
      ],
    });
    const { assignment } = inferFactorGraph(graph, { method }).map!;
    expect(assignment.A).toBe(1);
    expect([
      { A: 1, B: 0, C: 1 },
      { A: 1, B: 1, C: 0 },
    ]).toContainEqual(assignment);
  });

  test('names that objects know already', () => {
    const graph = new FactorGraph({
      variables: JSON.parse('{"__proto__": 2, "constructor": 2, "10": 2}'),
      factors: [{ variables: ['constructor', '__proto__'], values: [1, 2, 3, 4] }],
    });
    const { map } = inferFactorGraph(graph, { method, evidence: JSON.parse('{"__proto__": 0}') });
    expect(Object.entries(map!.assignment)).toEqual([
      ['10', 0],
      ['__proto__', 0],
      ['constructor', 1],
    ]);
    expect(() => graph.logWeight({ 10: 0, constructor: 0 } as Record<string, number>)).toThrow(
      'assignment.__proto__: expected a state, got none',
    );
  });
});

describe('loopy belief propagation on cycles', () => {
  const names = ['A', 'B', 'C'];
  const triangle = (coupling: number, field: number): FactorGraph =>
    new FactorGraph({
      variables: { A: 2, B: 2, C: 2 },
      factors: [
        ...names.map((name, i) => ({
          variables: [name, names[(i + 1) % 3]!],
          logValues: [coupling, -coupling, -coupling, coupling],
        })),
        { variables: ['A'], logValues: [field, -field] },
      ],
    });

  test('its partition function is the Bethe free energy of its beliefs', () => {
    const graph = triangle(0.6, 0.4);
    const loopy = loopySumProduct(graph, { damping: 0.2 });
    expect(loopy.converged).toBe(true);
    expect(loopy.residual).toBeLessThanOrEqual(1e-10);
    // -F = sum_f sum b (log f - log b) + sum_v (degree - 1) sum b log b, Yedidia, Freeman and Weiss (2005), eq. 37.
    let bethe = 0;
    for (const { variables, logValues } of graph.factors) {
      const scope = variables.map((v) => graph.variableNames[v]!);
      loopy.marginal(scope)!.values.forEach((b, i) => {
        bethe += b * (logValues[i]! - Math.log(b));
      });
    }
    for (const [name, degree] of [
      ['A', 3],
      ['B', 2],
      ['C', 2],
    ] as const) {
      for (const b of loopy.marginal([name])!.values) bethe += (degree - 1) * b * Math.log(b);
    }
    expect(loopy.logPartition).toBeCloseTo(bethe, 9);
    expect(loopy.logPartition).not.toBeCloseTo(calibrateJunctionTree(graph).logPartition, 3);
  });

  test('beliefs of neighbors agree, and come from the same fixed point with any damping', () => {
    const graph = triangle(0.6, 0.4);
    const plain = loopySumProduct(graph);
    const damped = loopySumProduct(graph, { damping: 0.7 });
    expect(damped.iterations).toBeGreaterThan(plain.iterations);
    const joint = plain.marginal(['A', 'B'])!.values;
    expect(joint[0]! + joint[1]!).toBeCloseTo(plain.marginal(['A'])!.values[0]!, 9);
    expect(damped.marginal(['C'])!.values[0]).toBeCloseTo(plain.marginal(['C'])!.values[0]!, 9);
  });

  test('says so when it does not come to rest', () => {
    const loopy = inferFactorGraph(triangle(0.6, 0.4), { method: 'loopy', maxIterations: 2 });
    expect(loopy).toMatchObject({ converged: false, iterations: 2 });
    expect(loopy.residual).toBeGreaterThan(1e-10);
    expect(loopy.logPartition).toBeGreaterThan(0);
  });

  test('a best assignment that its messages cannot tell apart is still one assignment', () => {
    // All equal, either way: each belief alone is a tie.
    const { map } = loopyMaxProduct(triangle(1, 0));
    expect(map).toEqual({ assignment: { A: 0, B: 0, C: 0 }, logValue: 3 });
  });

  test('null where the messages lead to an assignment of weight 0', () => {
    const differ = [0, 1, 1, 0];
    const odd = new FactorGraph({
      variables: { A: 2, B: 2, C: 2 },
      factors: names.map((name, i) => ({ variables: [name, names[(i + 1) % 3]!], values: differ })),
    });
    expect(loopyMaxProduct(odd).map).toBeNull();
    expect(inferFactorGraph(odd).logPartition).toBe(-Infinity);
  });

  test('no posteriors where a factor alone finds out that the evidence is impossible', () => {
    const odd = new FactorGraph({
      variables: { A: 2, B: 2, C: 2 },
      factors: [
        { variables: ['A'], values: [0, 1] },
        ...names.map((name, i) => ({ variables: [name, names[(i + 1) % 3]!], values: [0, 1, 1, 0] })),
      ],
    });
    // After one iteration each variable still has a state, but B and C have the same one.
    for (const maxIterations of [1, 2]) {
      const loopy = inferFactorGraph(odd, { method: 'loopy', maxIterations });
      expect(loopy).toMatchObject({ logPartition: -Infinity, marginals: null, map: null });
    }
  });
});
