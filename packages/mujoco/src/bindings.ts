import start from '@mujoco/mujoco';
import type { Mujoco } from './mujoco-api.js';

/**
 * Starts MuJoCo's bindings; it takes the options of Emscripten's modules. The objects have our own types, because the
 * bindings' own say `any` or a wrong kind of array.
 */
export async function startMujoco(options?: object): Promise<Mujoco> {
  return (await start(options)) as unknown as Mujoco;
}
