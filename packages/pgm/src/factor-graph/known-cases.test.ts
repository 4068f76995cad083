import { describe, expect, test } from 'vitest';
import {
  calibrateJunctionTree,
  FactorGraph,
  inferFactorGraph,
  jointMarginal,
  loopySumProduct,
  maxCalibrateJunctionTree,
  mostProbableAssignment,
  sumProduct,
} from './index.js';

/**
 * The Bayesian network of pgmpy's tests of variable elimination (pgmpy/tests/test_inference), whose expected numbers
 * were made with SamIam: A, R -> J -> Q; J, G -> L. Numbers that end are exact.
 */
const h10 = new FactorGraph({
  variables: { A: 2, R: 2, J: 2, Q: 2, L: 2, G: 2 },
  factors: [
    { variables: ['A'], values: [0.2, 0.8] },
    { variables: ['R'], values: [0.4, 0.6] },
    { variables: ['J', 'A', 'R'], values: [0.9, 0.6, 0.7, 0.1, 0.1, 0.4, 0.3, 0.9] },
    { variables: ['Q', 'J'], values: [0.9, 0.2, 0.1, 0.8] },
    { variables: ['L', 'J', 'G'], values: [0.9, 0.45, 0.8, 0.1, 0.1, 0.55, 0.2, 0.9] },
    { variables: ['G'], values: [0.6, 0.4] },
  ],
});

const marginals: [
  variables: string[],
  evidence: Record<string, number>,
  values: number[],
  decimals: number,
][] = [
  [['J'], {}, [0.416, 0.584], 14],
  [['J', 'Q'], {}, [0.3744, 0.0416, 0.1168, 0.4672], 14],
  [['J'], { A: 0, R: 1 }, [0.6, 0.4], 14],
  [['J', 'Q'], { A: 0, R: 0, G: 0, L: 1 }, [0.73636364, 0.08181818, 0.03636364, 0.14545455], 8],
];

/** Within half a unit of the last printed digit. */
function expectPrinted(values: Iterable<number>, printed: number[], decimals: number): void {
  const actual = [...values];
  expect(actual).toHaveLength(printed.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - printed[i]!), `entry ${i}: ${value}`).toBeLessThanOrEqual(0.5 * 10 ** -decimals);
  });
}

describe('the network of pgmpy and SamIam', () => {
  test.each(marginals)('p(%j | %j)', (variables, evidence, values, decimals) => {
    expectPrinted(jointMarginal(h10, variables, { evidence })!.values, values, decimals);
    expectPrinted(calibrateJunctionTree(h10, { evidence }).marginal(variables)!.values, values, decimals);
    expectPrinted(sumProduct(h10, { evidence }).marginal(variables)!.values, values, decimals);
    expectPrinted(loopySumProduct(h10, { evidence }).marginal(variables)!.values, values, decimals);
  });

  test('the most probable assignment and its probability', () => {
    const assignment = { A: 1, R: 1, J: 1, Q: 1, G: 0, L: 0 };
    for (const map of [mostProbableAssignment(h10), maxCalibrateJunctionTree(h10)?.map]) {
      expect(map?.assignment).toEqual(assignment);
      expectPrinted([Math.exp(map!.logValue)], [0.1659], 4);
    }
  });
});

/**
 * The second dynamic network of pgmpy's test_dbn_inference, unrolled over three slices: Z_t -> X_t -> Y_t and
 * Z_t -> Z_t+1, the network of Wang, Gao and Thompson. One of pgmpy's tests once held 0.677533 for the query below;
 * enumeration gives 0.66594382.
 */
test('three slices of a dynamic network, as enumeration has it', () => {
  const slices = [0, 1, 2];
  const graph = new FactorGraph({
    variables: Object.fromEntries(
      slices.flatMap((t) => [`Z${t}`, `X${t}`, `Y${t}`].map((name) => [name, 2])),
    ),
    factors: [
      { variables: ['Z0'], values: [0.5, 0.5] },
      ...slices.flatMap((t) => [
        { variables: [`X${t}`, `Z${t}`], values: [0.6, 0.9, 0.4, 0.1] },
        { variables: [`Y${t}`, `X${t}`], values: [0.2, 0.3, 0.8, 0.7] },
      ]),
      ...[1, 2].map((t) => ({ variables: [`Z${t}`, `Z${t - 1}`], values: [0.4, 0.7, 0.6, 0.3] })),
    ],
  });
  const { marginals } = inferFactorGraph(graph, {
    evidence: { Y0: 0, Y1: 1, Y2: 1 },
    queries: [['X0'], ['X0', 'X1'], ['X1']],
  });
  expectPrinted(marginals![0]!.values, [0.66594382, 0.33405618], 8);
  expectPrinted(marginals![2]!.values, [0.7621772, 0.2378228], 7);
  const joint = marginals![1]!.values;
  expectPrinted([joint[0]! + joint[1]!], [0.66594382], 8);
});

test('the umbrella world of Russell and Norvig as a factor graph', () => {
  const days = [0, 1, 2, 3, 4];
  const graph = new FactorGraph({
    variables: Object.fromEntries(
      days.flatMap((t) => [`weather${t}`, `umbrella${t}`].map((name) => [name, 2])),
    ),
    factors: [
      { variables: ['weather0'], values: [0.5, 0.5] },
      ...days.map((t) => ({ variables: [`weather${t}`, `umbrella${t}`], values: [0.9, 0.1, 0.2, 0.8] })),
      ...days
        .slice(1)
        .map((t) => ({ variables: [`weather${t - 1}`, `weather${t}`], values: [0.7, 0.3, 0.3, 0.7] })),
    ],
  });
  const queries = days.map((t) => [`weather${t}`]);
  const evidence = Object.fromEntries(days.map((t) => [`umbrella${t}`, t === 2 ? 1 : 0]));
  for (const method of ['exact', 'loopy'] as const) {
    const { logPartition, marginals, map } = inferFactorGraph(graph, { evidence, queries, method });
    expectPrinted([logPartition], [-3.3725020443], 10);
    expectPrinted(
      marginals!.map(({ values }) => values[0]!),
      [0.86733889, 0.82041905, 0.30748358, 0.82041905, 0.86733889],
      8,
    );
    expect(days.map((t) => map!.assignment[`weather${t}`])).toEqual([0, 0, 1, 0, 0]);
    expectPrinted([map!.logValue], [-4.459028291], 10);
  }
});
