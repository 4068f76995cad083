import start from '@mujoco/mujoco';
import type { Mujoco } from './mujoco-api.js';

/**
 * Starts MuJoCo's bindings; the options are those of Emscripten's modules. The objects are typed by our declarations of
 * them; theirs say `any` or another kind of array.
 */
export async function startMujoco(options?: object): Promise<Mujoco> {
  return (await start(options)) as unknown as Mujoco;
}
