import { Rng, sparseRowsOf, type TabularMdp } from '@maxent/core';

/** A process with random dynamics and rewards in [-1, 1]; its last state is terminal and seldom reached. */
export function randomMdp(seed: number, stateCount: number, actionCount: number): TabularMdp {
  const rng = Rng.fromSeed(seed);
  const rows = stateCount * actionCount;
  const dense = new Float64Array(rows * stateCount);
  for (let row = 0; row < rows; row++) {
    const weights = Float64Array.from({ length: stateCount }, (_, state) =>
      rng.exponential(state === stateCount - 1 ? 10 : 1),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    dense.set(
      weights.map((weight) => weight / sum),
      row * stateCount,
    );
  }
  return {
    stateCount,
    actionCount,
    transition: sparseRowsOf(dense, rows, stateCount),
    reward: Float64Array.from({ length: rows }, () => rng.uniform(-1, 1)),
    initial: Float64Array.from({ length: stateCount }, (_, state) =>
      state === stateCount - 1 ? 0 : 1 / (stateCount - 1),
    ),
    terminal: Uint8Array.from({ length: stateCount }, (_, state) => Number(state === stateCount - 1)),
  };
}
