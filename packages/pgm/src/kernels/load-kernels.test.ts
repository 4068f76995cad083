import { BackendUnavailableError, InvalidInputError, Rng, WasmLoadError } from '@maxent/core';
import { bytesOfHexadecimal } from '@maxent/core/wasm';
import { gridWorld } from '@maxent/envs';
import { afterEach, expect, it } from 'vitest';
import { platform } from '#platform';
import { bellmanOperator } from '../control/bellman-operator.js';
import { KERNEL_BYTES } from './kernel-bytes.js';
import { loadKernels } from './load-kernels.js';
import { loaded } from './registry.js';
import { plainly } from './test-support/kernels-for-all.js';

afterEach(() => {
  loaded.kernels = null;
});

/** A world with more than 16,384 transitions, from which on kernels are used. */
function world(side: number) {
  const rng = Rng.fromSeed(1);
  const rows = Array.from({ length: side }, () =>
    Array.from({ length: side }, () => '.abc'[rng.integer(4)]!).join(''),
  );
  return gridWorld({
    map: `S${rows.join('/').slice(1, -1)}G`,
    slip: 0.2,
    legend: {
      G: { reward: 1 },
      a: { reward: -0.1, terminal: false },
      b: { reward: -0.4, terminal: false },
      c: { reward: -1, terminal: false },
    },
  });
}

it('loads them once, and public functions use them', async () => {
  expect(loaded.kernels).toBeNull();
  const report = await loadKernels();
  const { kernels } = loaded;
  // Another choice comes too late.
  expect(await loadKernels({ kernels: 'wasm' })).toBe(report);
  expect(loaded.kernels).toBe(kernels);
  const mdp = world(50);
  const options = { inference: 'variational', discount: 0.9 } as const;
  const values = () => {
    const out = new Float64Array(mdp.stateCount);
    bellmanOperator(mdp, options)(new Float64Array(mdp.stateCount), out);
    return out;
  };
  const { sweep } = kernels!;
  let used = false;
  loaded.kernels = {
    ...kernels!,
    sweep: (problem) => {
      const made = sweep(problem);
      used = made !== null;
      return made;
    },
  };
  expect(values()).toEqual(plainly(values));
  expect(used).toBe(true);
});

it('loads them once for calls at the same time', async () => {
  const [first, second] = await Promise.all([loadKernels({ kernels: 'wasm' }), loadKernels()]);
  expect(second).toBe(first);
});

it('takes the addon where it is there, unless WebAssembly is asked for', async (context) => {
  expect(await loadKernels({ kernels: 'wasm' })).toEqual({ kernels: 'wasm', simd: 'simd128' });
  loaded.kernels = null;
  const { addon, status } = platform.kernelAddon();
  if (addon === undefined) {
    await expect(loadKernels({ kernels: 'addon' })).rejects.toThrow(BackendUnavailableError);
    expect(await loadKernels()).toEqual({ kernels: 'wasm', simd: 'simd128' });
    return context.skip(status.reason);
  }
  for (const kernels of ['auto', 'addon'] as const) {
    expect(await loadKernels({ kernels })).toEqual({ kernels: 'addon', simd: addon.kernels()[0] });
    loaded.kernels = null;
  }
});

it('takes a compiled module, for runtimes that compile nothing from bytes', async () => {
  await loadKernels({ wasm: new WebAssembly.Module(bytesOfHexadecimal(KERNEL_BYTES)) });
  expect(loaded.kernels).not.toBeNull();
});

it('says what is wrong with an option, and leaves plain JavaScript in place', async () => {
  await expect(loadKernels({ wasm: 5 as never })).rejects.toThrow(InvalidInputError);
  await expect(loadKernels({ wasm: 5 as never })).rejects.toThrow(/wasm: expected an address, bytes or/);
  await expect(loadKernels({ kernels: 'fast' as never })).rejects.toThrow(
    'kernels: expected "auto", "addon" or "wasm", got "fast"',
  );
  await expect(loadKernels(7 as never)).rejects.toThrow(InvalidInputError);
  await expect(loadKernels({ wasm: '/nowhere/kernels.wasm' })).rejects.toThrow(WasmLoadError);
  expect(loaded.kernels).toBeNull();
});

it('frees the memory of one problem after another', async () => {
  await loadKernels();
  const mdp = world(200);
  const out = new Float64Array(mdp.stateCount);
  const next = new Float64Array(mdp.stateCount);
  const held = () => process.memoryUsage().arrayBuffers + process.memoryUsage().external;
  const before = held();
  // Each operator has a copy of 8 MB.
  for (let i = 0; i < 40; i++) bellmanOperator(mdp, { inference: 'hard', discount: 0.9 })(next, out);
  expect(held() - before).toBeLessThan(200e6);
});
