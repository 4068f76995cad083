import type { Check } from '../checks.js';
import type { MeasuredKernels } from '../machine.js';

/** How many times PyTorch's speed an update must have on one core. PyTorch gains more from AVX-512 than we do. */
const LEAST_SPEEDUP = 1.5;
const LEAST_SPEEDUP_AVX512 = 1.2;

/** The check of a speedup over a peer, measured with the addon; none is required of the kernels in WebAssembly. */
export function speedCheck(name: string, value: number, { kernels, simd }: MeasuredKernels): Check[] {
  if (kernels !== 'addon') return [];
  const limit = simd === 'avx512' ? LEAST_SPEEDUP_AVX512 : LEAST_SPEEDUP;
  return [{ name, value, limit, must: 'be at least' }];
}
