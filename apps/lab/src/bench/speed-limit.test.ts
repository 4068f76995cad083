import { expect, it } from 'vitest';
import { broken } from '../checks.js';
import { speedCheck } from './speed-limit.js';

it('asks 1.5 of the addon, 1.2 where the processor has AVX-512, and nothing of WebAssembly', () => {
  const failures = (value: number, kernels: 'addon' | 'wasm', simd: 'avx512' | 'avx2' | 'relaxed-simd') =>
    broken(speedCheck('oursOverTheirs', value, { kernels, simd }));
  expect(failures(1.49, 'addon', 'avx2')).toEqual(['oursOverTheirs must be at least 1.50, and is 1.49']);
  expect(failures(1.5, 'addon', 'avx2')).toEqual([]);
  expect(failures(1.19, 'addon', 'avx512')).toHaveLength(1);
  expect(failures(1.2, 'addon', 'avx512')).toEqual([]);
  expect(failures(0.5, 'wasm', 'relaxed-simd')).toEqual([]);
});
