import { Rng } from '@maxent/core';
import { describe, expect, test } from 'vitest';
import {
  calibrateJunctionTree,
  FactorGraph,
  type FactorInput,
  inferFactorGraph,
  jointMarginal,
  logPartitionFunction,
  loopySumProduct,
  maxCalibrateJunctionTree,
  maxProduct,
  mostProbableAssignment,
  sumProduct,
} from './index.js';
import { graphOfGrid, randomGrid, transferMatrix } from './test-support/grids.js';

function expectNear(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(tolerance);
}

describe('a 10 x 10 binary grid against the transfer matrix', () => {
  const grid = randomGrid(10, 10, Rng.fromSeed(10));
  const graph = graphOfGrid(grid);
  const { logTotal, ones } = transferMatrix(grid);
  const logLargest = transferMatrix(grid, Math.max).logTotal;

  test('partition function by elimination', () => {
    expectNear(logPartitionFunction(graph), logTotal, 1e-10);
  });

  test('all marginals by the junction tree, and a joint of the four corners', () => {
    const tree = calibrateJunctionTree(graph);
    expectNear(tree.logPartition, logTotal, 1e-10);
    ones.forEach((row, r) => {
      row.forEach((one, c) => {
        expectNear(tree.marginal([`x_${r}_${c}`])!.values[1]!, one, 1e-11);
      });
    });
    const corners = ['x_0_0', 'x_9_9', 'x_0_9', 'x_9_0'];
    const joint = tree.marginal(corners)!.values;
    jointMarginal(graph, corners)!.values.forEach((value, i) => {
      expectNear(joint[i]!, value, 1e-12);
    });
    expectNear(
      joint.slice(8).reduce((a, b) => a + b),
      ones[0]![0]!,
      1e-12,
    );
  });

  test('the most probable assignment', () => {
    expectNear(mostProbableAssignment(graph)!.logValue, logLargest, 1e-10);
    expectNear(maxCalibrateJunctionTree(graph)!.map.logValue, logLargest, 1e-10);
  });

  test('elimination takes over where the tables of a junction tree are too many', () => {
    const memoryLimit = 400_000;
    expect(() => calibrateJunctionTree(graph, { memoryLimit })).toThrow(
      /together; the largest is a table over/,
    );
    const { logPartition, marginals, map } = inferFactorGraph(graph, { memoryLimit, queries: [['x_4_5']] });
    expectNear(logPartition, logTotal, 1e-10);
    expectNear(marginals![0]!.values[1]!, ones[4]![5]!, 1e-12);
    expectNear(map!.logValue, logLargest, 1e-10);
  });

  test('loopy belief propagation comes to rest near the truth', () => {
    const weak = graphOfGrid({
      ...grid,
      right: grid.right.map((row) => row.map((values) => values.map((value) => value ** 0.1))),
      below: grid.below.map((row) => row.map((values) => values.map((value) => value ** 0.1))),
    });
    const loopy = loopySumProduct(weak);
    expect(loopy).toMatchObject({ converged: true });
    expect(loopy.iterations).toBeLessThan(30);
    const exact = calibrateJunctionTree(weak);
    expectNear(loopy.logPartition, exact.logPartition, 1e-2);
    expectNear(loopy.marginal(['x_4_4'])!.values[0]!, exact.marginal(['x_4_4'])!.values[0]!, 1e-3);
  });
});

/** x_0 - x_1 - ... with the two-state weights of a hidden Markov model: 0.9 to stay, 0.1 to change. */
function chain(length: number): FactorGraph {
  const variables: Record<string, number> = {};
  const factors: FactorInput[] = [{ variables: ['x_0'], values: [0.5, 0.5] }];
  for (let i = 0; i < length; i++) {
    variables[`x_${i}`] = 2;
    if (i > 0) factors.push({ variables: [`x_${i - 1}`, `x_${i}`], values: [0.9, 0.1, 0.1, 0.9] });
    factors.push({ variables: [`x_${i}`], values: i % 3 === 0 ? [0.2, 0.7] : [0.6, 0.3] });
  }
  return new FactorGraph({ variables, factors });
}

// Deeper than any recursion from node to node could go.
describe('a chain of 15,000 variables', () => {
  const length = 15_000;
  const graph = chain(length);
  /** The forward recursion in scaled form, and the same with maxima. */
  const forward = (join: (a: number, b: number) => number): number => {
    let [a, b] = [0.5, 0.5];
    let logTotal = 0;
    for (let i = 0; i < length; i++) {
      if (i > 0) [a, b] = [join(a * 0.9, b * 0.1), join(a * 0.1, b * 0.9)];
      const [wa, wb] = i % 3 === 0 ? [0.2, 0.7] : [0.6, 0.3];
      const scale = a * wa! + b * wb!;
      [a, b] = [(a * wa!) / scale, (b * wb!) / scale];
      logTotal += Math.log(scale);
    }
    return logTotal + Math.log(join(a, b));
  };
  const logZ = forward((a, b) => a + b);
  const logLargest = forward(Math.max);
  const relative = (actual: number, expected: number): void => {
    // Rounding of a sum of 60,000 terms.
    expectNear(actual / expected, 1, 1e-10);
  };

  test('elimination', () => {
    relative(logPartitionFunction(graph), logZ);
    relative(mostProbableAssignment(graph)!.logValue, logLargest);
  });

  test('junction tree, and the joint of its two ends', () => {
    const tree = calibrateJunctionTree(graph);
    relative(tree.logPartition, logZ);
    const ends = tree.marginal(['x_0', `x_${length - 1}`])!.values;
    const first = tree.marginal(['x_0'])!.values;
    const last = tree.marginal([`x_${length - 1}`])!.values;
    // So far apart that they are independent.
    expectNear(ends[1]!, first[0]! * last[1]!, 1e-11);
  });

  test('sum-product and max-product', () => {
    relative(sumProduct(graph).logPartition, logZ);
    relative(maxProduct(graph)!.logValue, logLargest);
  });

  test('loopy belief propagation', () => {
    const loopy = loopySumProduct(graph);
    expect(loopy).toMatchObject({ converged: true, iterations: 2 });
    relative(loopy.logPartition, logZ);
  });

  test('all marginals and the best assignment in one go', () => {
    const { marginals, map } = inferFactorGraph(graph);
    expect(marginals).toHaveLength(length);
    relative(map!.logValue, logLargest);
  });
});

test('a variable with 5,000 neighbors', () => {
  const variables: Record<string, number> = { hub: 3 };
  const factors: FactorInput[] = [];
  for (let i = 0; i < 5000; i++) {
    variables[`leaf_${i}`] = 2;
    factors.push({ variables: ['hub', `leaf_${i}`], values: [1, 1, 1, 2, 2, 1] });
  }
  const graph = new FactorGraph({ variables, factors });
  // Each leaf contributes a factor of 2, 3 and 3 to the three states of the hub.
  const logZ = 5000 * Math.log(3) + Math.log(2);
  for (const { logPartition } of [calibrateJunctionTree(graph), sumProduct(graph), loopySumProduct(graph)]) {
    expectNear(logPartition / logZ, 1, 1e-12);
  }
  expect(sumProduct(graph).marginal(['hub'])!.values[0]).toBe(0);
});

test('the junction tree joins more variables than an array may have dimensions elsewhere', () => {
  // One factor of 40 variables, of which all but four have a single state, in a chain of 60 binary ones.
  const variables = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, i < 36 ? 1 : 2]));
  const factors: FactorInput[] = [
    {
      variables: Array.from({ length: 40 }, (_, i) => `v${i}`),
      values: Array.from({ length: 16 }, (_, i) => i + 1),
    },
    ...Array.from({ length: 60 }, (_, i) => ({
      variables: [`v${i + 39}`, `v${i + 40}`],
      values: [2, 1, 1, 2],
    })),
  ];
  const graph = new FactorGraph({ variables, factors });
  // 16 entries sum to 136, each of the 60 links multiplies by 3.
  expectNear(calibrateJunctionTree(graph).logPartition, Math.log(136) + 60 * Math.log(3), 1e-11);
  expectNear(jointMarginal(graph, ['v36', 'v37'])!.values[3]!, (13 + 14 + 15 + 16) / 136, 1e-14);
});

describe('extreme weights', () => {
  test('10,000 factors of 1e-300 and 1e300 on the same variable, which no product in floating point survives', () => {
    const factors: FactorInput[] = Array.from({ length: 10_000 }, (_, i) => ({
      variables: ['A', 'B'],
      values: i % 2 === 0 ? [1e300, 1e-300, 2, 1e300] : [1e-300, 1e300, 2, 1e-300],
    }));
    factors.push({ variables: ['A'], values: [3, 1] });
    const graph = new FactorGraph({ variables: { A: 2, B: 2 }, factors });
    const expected = 10_000 * Math.log(2);
    // A=1, B=0 has weight 2^10000, the others about 1.
    const { logPartition, marginals, map } = inferFactorGraph(graph);
    // Logarithms of 690 cancel 10,000 times.
    expectNear(logPartition / expected, 1, 1e-9);
    expectNear(map!.logValue / expected, 1, 1e-9);
    expect(map!.assignment).toEqual({ A: 1, B: 0 });
    expect([...marginals![0]!.values]).toEqual([0, 1]);
  });

  test('10,000 unary factors whose weights cancel leave the ones that do not', () => {
    const factors: FactorInput[] = Array.from({ length: 10_000 }, (_, i) => ({
      variables: ['A'],
      values: i % 2 === 0 ? [1e-300, 1e300] : [1e300, 1e-300],
    }));
    factors.push({ variables: ['A'], values: [1, 3] });
    const graph = new FactorGraph({ variables: { A: 2 }, factors });
    for (const marginal of [
      jointMarginal(graph, ['A']),
      sumProduct(graph).marginal(['A']),
      calibrateJunctionTree(graph).marginal(['A']),
    ]) {
      expectNear(marginal!.values[0]!, 0.25, 1e-9);
    }
  });
});

test('cost grows linearly along a chain', () => {
  const milliseconds = (length: number): number => {
    const graph = chain(length);
    const start = performance.now();
    calibrateJunctionTree(graph);
    return performance.now() - start;
  };
  milliseconds(1000);
  // Eight times as long; a quadratic step would cost 64 times as much.
  const ratios = Array.from({ length: 3 }, () => milliseconds(8000) / milliseconds(1000));
  expect(Math.min(...ratios)).toBeLessThan(24);
});

test('a grid whose rows make a better order than min-fill is eliminated in the order declared', () => {
  const grid = randomGrid(12, 12, Rng.fromSeed(14));
  const graph = graphOfGrid(grid);
  const { logTotal } = transferMatrix(grid);
  // Min-fill comes to 2.1 MiB in tables over up to 17 variables, the order declared to 160 KiB over 13. The first limit
  // is below one table of the former, the second below all of them together.
  for (const memoryLimit of [2 ** 18, 2 ** 20]) {
    expectNear(logPartitionFunction(graph, { memoryLimit }), logTotal, 1e-9);
  }
  expect(() => logPartitionFunction(graph, { memoryLimit: 2 ** 16 })).toThrow(/^factors: expected tables/);
});
