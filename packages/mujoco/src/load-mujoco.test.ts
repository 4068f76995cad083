import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';

const path = createRequire(import.meta.url).resolve('@mujoco/mujoco/mujoco.wasm');

// What is loaded stays loaded: every test takes a fresh copy of the module.
async function freshLoadMujoco() {
  vi.resetModules();
  return (await import('./load-mujoco.js')).loadMujoco;
}

afterEach(() => vi.restoreAllMocks());

describe('loadMujoco', () => {
  it('loads once', async () => {
    const loadMujoco = await freshLoadMujoco();
    const first = await loadMujoco();
    expect(first.mj_versionString()).toBe('3.14.0');
    expect(await loadMujoco({ wasm: '/nowhere' })).toBe(first);
  });

  it.each([
    ['an address', () => ({ wasm: path })],
    ['bytes', () => ({ wasm: readFileSync(path) })],
    ['a compiled module', () => ({ wasm: new WebAssembly.Module(readFileSync(path)) })],
    ['a function to an address', () => ({ locateFile: () => path })],
  ])('takes %s', async (_, options) => {
    const loadMujoco = await freshLoadMujoco();
    expect((await loadMujoco(options())).mj_versionString()).toBe('3.14.0');
  });

  it('says what to do when the wasm file is not where it was said to be, and can try again', async () => {
    const loadMujoco = await freshLoadMujoco();
    for (const options of [
      { wasm: '/nowhere/mujoco.wasm' },
      { locateFile: (file: string) => `/nowhere/${file}` },
    ]) {
      await expect(loadMujoco(options)).rejects.toThrow(
        'cannot load mujoco.wasm from /nowhere/mujoco.wasm: there is no such file; copy it there, or give its address, its bytes or a compiled WebAssembly.Module as loadMujoco({ wasm })',
      );
    }
    expect((await loadMujoco()).mj_versionString()).toBe('3.14.0');
  });

  it('refuses another module and another value', async () => {
    const loadMujoco = await freshLoadMujoco();
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await expect(loadMujoco({ wasm: empty })).rejects.toThrow(/cannot load MuJoCo: .*; give the address of/);
    await expect(loadMujoco({ wasm: 5 as unknown as string })).rejects.toThrow(
      'loadMujoco({ wasm }): expected an address, bytes or a compiled WebAssembly.Module, but got 5',
    );
  });
});
