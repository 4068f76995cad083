/**
 * Divides weights, given as logarithms, by the largest and returns its logarithm. Weights that are all 0 stay, and
 * -Infinity is returned.
 */
export function normalizeByLargest(logWeights: Float64Array): number {
  let largest = -Infinity;
  for (let i = 0; i < logWeights.length; i++) if (logWeights[i]! > largest) largest = logWeights[i]!;
  if (largest > -Infinity) for (let i = 0; i < logWeights.length; i++) logWeights[i]! -= largest;
  return largest;
}
