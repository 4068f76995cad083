import { describeAddon } from '@maxent/backend';
import { InvalidStateError } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addonNotes, KernelSwitch } from './kernel-switch.js';

let kernels: KernelSwitch;
beforeAll(async () => {
  kernels = await KernelSwitch.open();
});

const has = (name: string): boolean => tf.getKernel(name, 'wasm') !== undefined;

describe('KernelSwitch', () => {
  it('knows the kernels that selectBackend replaces, and one that it adds', () => {
    expect(kernels.replaced).toContain('BatchMatMul');
    expect(kernels.replaced).toContain('_FusedMatMul');
    expect(kernels.replaced).toContain('UnsortedSegmentSum');
    expect(kernels.replaced).not.toContain('Add');
  });

  it('goes back to the stock kernels and forth, with the same products', async () => {
    const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
    const b = tf.tensor2d([7, 8, 9, 10, 11, 12], [3, 2]);
    const product = () => [...tf.matMul(a, b, true, false).dataSync()];
    await kernels.use('repaired');
    const repaired = tf.getKernel('BatchMatMul', 'wasm');
    expect(has('UnsortedSegmentSum')).toBe(true);
    expect(product()).toEqual([89, 98, 116, 128]);

    await kernels.use('stock');
    expect(tf.getKernel('BatchMatMul', 'wasm')).not.toBe(repaired);
    expect(has('UnsortedSegmentSum')).toBe(false);
    expect(product()).toEqual([89, 98, 116, 128]);

    for (const set of kernels.sets.filter((each) => each !== 'stock')) {
      await kernels.use('stock');
      await kernels.use(set);
      expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(repaired);
      expect(has('UnsortedSegmentSum')).toBe(true);
      expect(product()).toEqual([89, 98, 116, 128]);
    }
  });

  it('has the addon as one more set if it is there, on one thread', () => {
    const { available } = describeAddon();
    expect(kernels.sets).toEqual(['stock', 'repaired', ...(available ? ['addon'] : [])]);
    expect(kernels.report.kernels).toBe('wasm');
    if (available) expect(kernels.addon).toMatchObject({ kernels: 'addon', threads: 1 });
    expect(addonNotes(kernels)).toEqual([
      expect.stringMatching(available ? /1 thread\)$/ : /^the addon is absent/),
    ]);
  });

  it('refuses to start where the stock kernels may be gone', async () => {
    await expect(KernelSwitch.open()).rejects.toThrow(InvalidStateError);
  });
});
