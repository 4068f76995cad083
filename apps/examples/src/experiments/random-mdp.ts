import { Rng, sparseRowsOf, type TabularMdp } from '@maxent/core';

/** A process whose successors and rewards are random: p(. | s, a) uniform on the simplex, r(s, a) in [-1, 1]. */
export function randomMdp(seed: number, stateCount: number, actionCount: number): TabularMdp {
  const rng = Rng.fromSeed(seed).split('mdp');
  const rows = stateCount * actionCount;
  const dense = new Float64Array(rows * stateCount);
  for (let row = 0; row < rows; row++) {
    const weights = Float64Array.from({ length: stateCount }, () => rng.exponential());
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
    initial: new Float64Array(stateCount).fill(1 / stateCount),
    terminal: new Uint8Array(stateCount),
  };
}
