import { expect, it } from 'vitest';
import { compileKernels } from '../../scripts/compile-kernels.mjs';
import { KERNEL_BYTES } from './kernel-bytes.js';

it('the committed bytes are those of a fresh build, and at most 10 kB', async () => {
  const bytes = await compileKernels();
  expect(Buffer.from(bytes).toString('hex')).toBe(KERNEL_BYTES);
  expect(bytes.length).toBeLessThanOrEqual(10_000);
});
