/** Times 2^1200, every double above 1e-300 is an integer. */
const BITS = 1200;

/** Returns value 2^1200 as an integer; exact for every double that is 0 or at least 1e-300 in size. */
export function scaledInteger(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const shift = BITS + Math.max(1, exponent) - 1075;
  const size = mantissa << BigInt(shift);
  return value < 0 ? -size : size;
}

/**
 * Solves A x = b exactly, except for rounding the result to doubles, by fraction-free elimination (Bareiss 1968).
 * Entries are integers.
 */
export function solveExactly(A: readonly (readonly bigint[])[], b: readonly bigint[]): number[] {
  const n = b.length;
  const rows = A.map((row, i) => [...row, b[i]!]);
  let previous = 1n;
  for (let k = 0; k < n; k++) {
    const pivot = rows.findIndex((row, i) => i >= k && row[k] !== 0n);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      for (let j = n; j >= 0; j--) {
        if (j !== k) {
          rows[i]![j] = (rows[k]![k]! * rows[i]![j]! - rows[i]![k]! * rows[k]![j]!) / previous;
        }
      }
      rows[i]![k] = 0n;
    }
    previous = rows[k]![k]!;
  }
  return rows.map((row, i) => ratio(row[n]!, row[i]!));
}

/** Returns the ratio, to about 2^-60. */
function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n !== denominator < 0n;
  let size = numerator < 0n ? -numerator : numerator;
  const divisor = denominator < 0n ? -denominator : denominator;
  let exponent = divisor.toString(2).length - size.toString(2).length + 62;
  size = exponent > 0 ? size << BigInt(exponent) : size >> BigInt(-exponent);
  let value = Number(size / divisor);
  for (; exponent > 0; exponent -= Math.min(exponent, 500)) value *= 2 ** -Math.min(exponent, 500);
  for (; exponent < 0; exponent += Math.min(-exponent, 500)) value *= 2 ** Math.min(-exponent, 500);
  return negative ? -value : value;
}
