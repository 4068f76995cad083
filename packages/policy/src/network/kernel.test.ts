import { expect, it } from 'vitest';
import { compileKernel } from '../../scripts/compile-kernel.mjs';
import { makeKernel } from './kernel.js';
import { KERNEL_BYTES } from './kernel-bytes.js';

it('the committed bytes are those of a fresh build, and at most 2 kB', async () => {
  const bytes = await compileKernel();
  expect(Buffer.from(bytes).toString('hex')).toBe(KERNEL_BYTES);
  expect(bytes.length).toBeLessThanOrEqual(2000);
});

it('compiles here', () => {
  expect(makeKernel(64)).not.toBeNull();
});
