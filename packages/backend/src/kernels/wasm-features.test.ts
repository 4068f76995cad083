import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasRelaxedSimd, hasSimd128 } from './wasm-features.js';

it.each([
  ['kernels-simd128.wasm', hasSimd128],
  ['kernels-relaxed-simd.wasm', hasRelaxedSimd],
])('says whether the engine runs %s', (file, answer) => {
  const bytes = readFileSync(new URL(`./generated/${file}`, import.meta.url));
  expect(answer()).toBe(WebAssembly.validate(bytes));
});
