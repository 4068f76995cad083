/** The kernels that compute a run, with what its numbers depend on. */
export interface Arithmetic {
  /** Kernels with the same rounding give the same numbers to the last bit; others do not. */
  readonly rounding: 'fused' | 'unfused';
  /** Where the kernels come from, such as `wasm` or `addon`. */
  readonly kernels: string;
  /** Their vector instructions. */
  readonly simd: string;
  /** Absent for one. */
  readonly threads?: number;
}

/** One sentence if a run is resumed at `step` with another rounding than before. */
export function otherRounding(
  step: number,
  before: Arithmetic | undefined,
  now: Arithmetic | undefined,
): string | undefined {
  if (before === undefined || now === undefined || before.rounding === now.rounding) return undefined;
  return (
    `up to step ${step} the run was computed by ${describe(before)}, and from there on by ${describe(now)}: its numbers ` +
    `differ in their last digits from those of an uninterrupted run; to avoid that, ${remedy(before)}.`
  );
}

function describe({ kernels, simd, rounding }: Arithmetic): string {
  return `${simd} kernels (${kernels}), which round a multiply-add ${rounding === 'fused' ? 'once' : 'twice'}`;
}

function remedy({ rounding }: Arithmetic): string {
  return rounding === 'fused'
    ? 'resume it with kernels "addon" (--kernels addon), or on Node 22 or later'
    : 'resume it with kernels "wasm" (--kernels wasm) on the Node release that it was computed on before';
}
