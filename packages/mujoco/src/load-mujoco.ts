import { InvalidInputError } from '@maxent/core';
import startMujoco, { type MainModule } from '@mujoco/mujoco';

/** MuJoCo compiled to WebAssembly, with a memory of its own that all its models and simulations share. */
export type Mujoco = MainModule;

export interface MujocoLoadOptions {
  /**
   * Address of a file of MuJoCo's, such as `mujoco.wasm`. Only needed where a bundler moves or inlines
   * `@mujoco/mujoco` without moving its wasm file along; see the README for Vite.
   */
  readonly locateFile?: (file: string) => string;
}

let loading: Promise<Mujoco> | undefined;

/**
 * Loads MuJoCo, once per process or page: later calls return the same module, whatever their options. Call it with
 * options before the first environment is made. Rejects with InvalidInputError when the wasm file cannot be loaded;
 * the next call tries again.
 */
export function loadMujoco(options: MujocoLoadOptions = {}): Promise<Mujoco> {
  loading ??= start(options);
  return loading;
}

async function start(options: MujocoLoadOptions): Promise<Mujoco> {
  try {
    return await startMujoco({ ...options });
  } catch (cause) {
    loading = undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'return the address of mujoco.wasm of the package @mujoco/mujoco';
    throw new InvalidInputError('locateFile', `cannot load MuJoCo: ${reason}; ${remedy}`, { cause });
  }
}
