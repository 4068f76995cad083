/** Models whose answers are known, as documents for `maxent infer`. */

export const healthClinic = {
  kind: 'hmm',
  initial: [0.6, 0.4],
  transition: [
    [0.7, 0.3],
    [0.4, 0.6],
  ],
  emission: {
    kind: 'categorical',
    probs: [
      [0.1, 0.4, 0.5],
      [0.6, 0.3, 0.1],
    ],
  },
  observations: [0, 1, 2],
};

export const localLevel = {
  kind: 'lgssm',
  initialMean: [0],
  initialCovariance: [[1]],
  F: [[1]],
  Q: [[1]],
  H: [[1]],
  R: [[1]],
  observations: [[1], [2], [3]],
};

/** A forest that grows with action 0, burns with probability 0.1, and is cut with action 1 (pymdptoolbox). */
export const forest = {
  kind: 'mdp',
  transition: [
    [
      [0.1, 0.9, 0],
      [1, 0, 0],
    ],
    [
      [0.1, 0, 0.9],
      [1, 0, 0],
    ],
    [
      [0.1, 0, 0.9],
      [1, 0, 0],
    ],
  ],
  reward: [
    [0, 0],
    [0, 1],
    [4, 2],
  ],
  initial: [1 / 3, 1 / 3, 1 / 3],
  horizon: 3,
  discount: 1,
  temperature: 1,
  actionPrior: 'none',
  inference: 'exact',
};

/** Safe pays 1 in the second step; the gamble pays 5 with probability 0.1. */
export const lottery = {
  kind: 'mdp',
  transition: [
    [
      [0, 1, 0, 0],
      [0, 0, 0.1, 0.9],
    ],
    [
      [0, 1, 0, 0],
      [0, 1, 0, 0],
    ],
    [
      [0, 0, 1, 0],
      [0, 0, 1, 0],
    ],
    [
      [0, 0, 0, 1],
      [0, 0, 0, 1],
    ],
  ],
  reward: [
    [0, 0],
    [1, 1],
    [5, 5],
    [0, 0],
  ],
  initial: [1, 0, 0, 0],
  horizon: 2,
  actionPrior: 'uniform',
  inference: 'variational',
};

/** x' = x + u with the cost (x^2 + u^2) / 2. */
export const scalarRegulator = {
  kind: 'lqr',
  A: [[1]],
  B: [[1]],
  Q: [[1]],
  R: [[1]],
  noiseCovariance: [[1]],
  horizon: 3,
  inference: 'variational',
};

/** B given A, and how well B and C agree. */
export const chainOfThree = {
  kind: 'factor-graph',
  variables: { A: 2, B: 2, C: 3 },
  factors: [
    { variables: ['A'], values: [0.6, 0.4] },
    {
      variables: ['B', 'A'],
      values: [
        [0.9, 0.2],
        [0.1, 0.8],
      ],
    },
    {
      variables: ['B', 'C'],
      values: [
        [1, 2, 3],
        [3, 2, 1],
      ],
    },
  ],
  evidence: { C: 2 },
  queries: [['A'], ['B', 'A']],
};

/** Two by two cells with the goal in the last; actions left, down, right and up cost 1. */
export const smallGrid = {
  kind: 'mdp',
  transition: [
    [row(0), row(2), row(1), row(0)],
    [row(0), row(3), row(1), row(1)],
    [row(2), row(2), row(3), row(0)],
    [row(3), row(3), row(3), row(3)],
  ],
  reward: Array(4).fill([-1, -1, -1, -1]),
  initial: [1, 0, 0, 0],
  terminal: [false, false, false, true],
  horizon: 4,
  inference: 'hard',
  grid: { rows: 2, columns: 2 },
};

function row(next: number): number[] {
  return [0, 1, 2, 3].map((state) => (state === next ? 1 : 0));
}
