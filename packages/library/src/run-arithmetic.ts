import type { BackendReport } from '@maxent/backend';
import type { Arithmetic, RunConfig } from '@maxent/training';

/** The kernels that compute a run; undefined on backends without kernels. */
export function arithmeticOf({ kernels, simd, rounding, threads }: BackendReport): Arithmetic | undefined {
  if (rounding === undefined) return undefined;
  return { rounding, kernels, simd, ...(threads !== undefined && { threads }) };
}

/** Versions before the addon recorded no rounding: it follows from the instructions of their wasm kernels. */
const earlierRoundings: Readonly<Record<string, Arithmetic['rounding']>> = {
  'relaxed-simd': 'fused',
  simd128: 'unfused',
};

/** The kernels that a run was started with, from its `config.json`. */
export function storedArithmetic({ provenance }: RunConfig): Arithmetic | undefined {
  const { kernels = 'wasm', rounding } = provenance.backend ?? {};
  const simd = provenance.versions.simd ?? '';
  const known = rounding === 'fused' || rounding === 'unfused' ? rounding : earlierRoundings[simd];
  return known === undefined ? undefined : { rounding: known, kernels: String(kernels), simd };
}
