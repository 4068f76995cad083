/** Returns the square root of the sum of the squared entries, which may have any finite size. */
export function frobeniusNorm(matrix: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < matrix.length; i++) largest = Math.max(largest, Math.abs(matrix[i]!));
  if (!(largest > 0 && largest < Infinity)) return largest;
  let sum = 0;
  for (let i = 0; i < matrix.length; i++) sum += (matrix[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}
