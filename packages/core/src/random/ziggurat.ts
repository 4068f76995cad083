import { portableExp, portableLog } from './elementary.js';

/**
 * Standard normal variates by the ziggurat method in Doornik's form ("An Improved Ziggurat Method to Generate
 * Normal Random Samples", 2005): 128 strips of equal area, index and abscissa drawn from separate words. Only
 * + - * /, sqrt and our own exp and log are used, so the table and every sample are the same in all engines.
 */
const STRIPS = 128;
/** The start of the tail, and the area of each strip, for 128 strips (Marsaglia and Tsang 2000). */
const TAIL_START = 3.442619855899;
const STRIP_AREA = 9.91256303526217e-3;

const edges = new Float64Array(STRIPS + 1);
const innerFraction = new Float64Array(STRIPS);
{
  let density = portableExp(-0.5 * TAIL_START * TAIL_START);
  edges[0] = STRIP_AREA / density;
  edges[1] = TAIL_START;
  for (let i = 2; i < STRIPS; i++) {
    edges[i] = Math.sqrt(-2 * portableLog(STRIP_AREA / edges[i - 1]! + density));
    density = portableExp(-0.5 * edges[i]! * edges[i]!);
  }
  for (let i = 0; i < STRIPS; i++) innerFraction[i] = edges[i + 1]! / edges[i]!;
}

/**
 * What `sampleStandardNormal` looks up, for kernels that draw the same numbers: the edge of each strip and of the one
 * behind the last, and the fraction of each strip's width that lies under the next.
 */
export const zigguratTables: { readonly edges: Float64Array; readonly innerFraction: Float64Array } = {
  edges,
  innerFraction,
};

/** What a sampler draws from: 32 random bits, and a double in [0, 1) with 53 random bits. */
export interface UniformSource {
  uint32(): number;
  uniform(): number;
}

export function sampleStandardNormal(source: UniformSource): number {
  for (;;) {
    const u = 2 * source.uniform() - 1;
    const strip = source.uint32() & (STRIPS - 1);
    if (Math.abs(u) < innerFraction[strip]!) return u * edges[strip]!;
    if (strip === 0) return sampleTail(source, u < 0);
    const x = u * edges[strip]!;
    const outer = portableExp(-0.5 * (edges[strip]! * edges[strip]! - x * x));
    const inner = portableExp(-0.5 * (edges[strip + 1]! * edges[strip + 1]! - x * x));
    if (inner + source.uniform() * (outer - inner) < 1) return x;
  }
}

/** A variate beyond TAIL_START, by Marsaglia's exponential rejection. 1 - uniform lies in (0, 1]. */
function sampleTail(source: UniformSource, negative: boolean): number {
  for (;;) {
    const x = portableLog(1 - source.uniform()) / TAIL_START;
    const y = portableLog(1 - source.uniform());
    if (-2 * y >= x * x) return negative ? x - TAIL_START : TAIL_START - x;
  }
}
