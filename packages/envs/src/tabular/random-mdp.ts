import { type Rng, requireCount, requireMemory, sparseRowsOf, type TabularMdp } from '@maxent/core';

export interface RandomMdpOptions {
  readonly stateCount: number;
  readonly actionCount: number;
  /** Makes the last state terminal, never a start, and a tenth as likely to be reached as others; default false. */
  readonly ending?: boolean;
}

/** The size of a probability in the dense table plus, with its column, in the sparse one. */
const BYTES_PER_ENTRY = 20;
const TABLE_MEMORY_LIMIT = 2 ** 30;

/**
 * A process with random successors and rewards, for testing algorithms: p(. | s, a) is uniform on the simplex, r(s, a)
 * is uniform in [-1, 1], and starts are uniform. Throws InvalidInputError for a table larger than 1 GiB.
 */
export function randomMdp(
  rng: Rng,
  { stateCount, actionCount, ending = false }: RandomMdpOptions,
): TabularMdp {
  requireCount('stateCount', stateCount);
  requireCount('actionCount', actionCount);
  const rows = stateCount * actionCount;
  requireMemory('stateCount', rows * stateCount * BYTES_PER_ENTRY, TABLE_MEMORY_LIMIT, {
    what: `a table of ${stateCount} x ${actionCount} x ${stateCount} probabilities`,
    remedy: 'use fewer states',
  });
  const isEnd = (state: number): boolean => ending && state === stateCount - 1;
  const states = Array.from({ length: stateCount }, (_, state) => state);
  const dense = new Float64Array(rows * stateCount);
  for (let row = 0; row < rows; row++) {
    const weights = states.map((state) => rng.exponential(isEnd(state) ? 10 : 1));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    dense.set(
      weights.map((weight) => weight / sum),
      row * stateCount,
    );
  }
  const starts = ending ? stateCount - 1 : stateCount;
  return {
    stateCount,
    actionCount,
    transition: sparseRowsOf(dense, rows, stateCount),
    reward: Float64Array.from({ length: rows }, () => rng.uniform(-1, 1)),
    initial: Float64Array.from(states, (state) => (isEnd(state) ? 0 : 1 / starts)),
    terminal: Uint8Array.from(states, (state) => Number(isEnd(state))),
  };
}
