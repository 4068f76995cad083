import { expect, test } from 'vitest';
import { expectClose, infer } from '../test-support/infer.js';
import { chainOfThree } from '../test-support/models.js';

test.each(['exact', 'loopy'])('a factor graph, %s', async (method) => {
  // Weights of (A, B) given C = 2: (0, 0) 1.62, (0, 1) 0.06, (1, 0) 0.24, (1, 1) 0.32; in all 2.24.
  const { logPartition, marginals, map, converged, iterations } = await infer({ ...chainOfThree, method });
  expectClose(logPartition, Math.log(2.24), 1e-12);
  expect(marginals.map(({ variables }: { variables: string[] }) => variables)).toEqual([['A'], ['B', 'A']]);
  expectClose(marginals[0].values, [0.75, 0.25], 1e-12);
  expectClose(
    marginals[1].values,
    [
      [1.62 / 2.24, 0.24 / 2.24],
      [0.06 / 2.24, 0.32 / 2.24],
    ],
    1e-12,
  );
  expect(map.assignment).toEqual({ A: 0, B: 0, C: 2 });
  expectClose(map.logValue, Math.log(1.62), 1e-12);
  expect([converged, iterations === undefined]).toEqual(
    method === 'loopy' ? [true, false] : [undefined, true],
  );
});

test.each(['exact', 'loopy'])('impossible evidence in a factor graph, %s', async (method) => {
  const graph = {
    kind: 'factor-graph',
    variables: { A: 2 },
    factors: [{ variables: ['A'], values: [1, 0] }],
    evidence: { A: 1 },
    method,
  };
  expect(await infer(graph)).toEqual({
    logPartition: '-Infinity',
    marginals: null,
    map: { assignment: null, logValue: '-Infinity' },
  });
});
