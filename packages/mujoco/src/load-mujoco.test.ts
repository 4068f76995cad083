import { InvalidInputError } from '@maxent/core';
import { describe, expect, it, vi } from 'vitest';
import { loadMujoco } from './load-mujoco.js';

describe('loadMujoco', () => {
  it('says what to do when the wasm file is not where it was said to be, and can try again', async () => {
    // Emscripten reports its failure itself, too.
    const report = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const lost = loadMujoco({ locateFile: (file) => `/nowhere/${file}` });
    await expect(lost).rejects.toThrow(InvalidInputError);
    await expect(lost).rejects.toThrow(
      /locateFile: cannot load MuJoCo: .*nowhere.*; return the address of mujoco\.wasm/,
    );
    report.mockRestore();
    const first = await loadMujoco();
    expect(first.mj_versionString()).toBe('3.14.0');
    expect(await loadMujoco()).toBe(first);
  });
});
