/**
 * exp and log, computed with + - * / and exact bit operations only. JavaScript leaves the accuracy of Math.exp and
 * Math.log to the engine, so samplers built on them would give different numbers in different browsers. The relative
 * error is below 1e-15 on the samplers' ranges.
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const bits = new DataView(new ArrayBuffer(8));

/** 2^exponent for exponents of normal doubles, -1022 to 1023. */
function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** e^x for |x| <= 700. It writes x as n ln 2 + r with |r| <= ln 2 / 2 and sums the Taylor series of e^r. */
export function portableExp(x: number): number {
  const octaves = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const r = x - octaves * LN2_HIGH - octaves * LN2_LOW;
  let sum = 1;
  for (let k = 16; k >= 1; k--) sum = 1 + (r / k) * sum;
  return sum * powerOfTwo(octaves);
}

/** Natural logarithm of a positive normal double. With x = 2^e m, log x = e ln 2 + 2 artanh((m - 1) / (m + 1)). */
export function portableLog(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const s2 = s * s;
  // |s| <= 0.1716, so 13 terms reach the last bit.
  let sum = 0;
  for (let k = 12; k >= 0; k--) sum = sum * s2 + 1 / (2 * k + 1);
  return exponent * LN2_HIGH + (exponent * LN2_LOW + 2 * s * sum);
}
