/**
 * Divides weights, given as logarithms, by the largest and returns its logarithm. If all weights are 0, leaves them as
 * they are and returns -Infinity.
 */
export function normalizeByLargest(logWeights: Float64Array): number {
  let largest = -Infinity;
  for (let i = 0; i < logWeights.length; i++) if (logWeights[i]! > largest) largest = logWeights[i]!;
  if (largest > -Infinity) for (let i = 0; i < logWeights.length; i++) logWeights[i]! -= largest;
  return largest;
}
