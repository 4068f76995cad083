/** Reproducible float32 values in [-1, 1): a linear congruential generator (Numerical Recipes, section 7.1). */
export function valuesFrom(seed: number, count: number): Float32Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  });
}
