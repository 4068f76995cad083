import { compileModel, type ModelAssets } from './compile-model.js';
import type { Mujoco } from './load-mujoco.js';
import { type ModelScaling, scaleModel } from './model-scaling.js';
import type { MjModel } from './mujoco-api.js';

/** A compiled model and the number of simulations that use it. */
interface SharedModel {
  readonly model: MjModel;
  users: number;
}

/** What a model is compiled from. Equal sources give one model; files are equal if they are the same array. */
export interface ModelSource {
  readonly xml: string;
  readonly assets?: ModelAssets | undefined;
  readonly scaling?: ModelScaling | undefined;
}

/** Compiled models by their source. A model's memory is in its module, so each module has its own. */
const modelsByModule = new WeakMap<Mujoco, Map<string, SharedModel>>();

/**
 * Returns the model compiled from MJCF text and then scaled. Callers with the same source share it. Return it with
 * `releaseModel`, which frees it after its last user. Throws InvalidInputError as `compileModel` does.
 */
export function acquireModel(mujoco: Mujoco, source: ModelSource): MjModel {
  const key = keyOf(source);
  const models = modelsByModule.get(mujoco) ?? new Map<string, SharedModel>();
  modelsByModule.set(mujoco, models);
  const shared = models.get(key) ?? { model: compile(mujoco, source), users: 0 };
  models.set(key, shared);
  shared.users += 1;
  return shared.model;
}

export function releaseModel(mujoco: Mujoco, source: ModelSource): void {
  const key = keyOf(source);
  const models = modelsByModule.get(mujoco);
  const shared = models?.get(key);
  if (models === undefined || shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  models.delete(key);
  shared.model.delete();
}

/** Numbers for files' bytes, so that a key can name them. */
const numbersOfFiles = new WeakMap<Uint8Array, number>();
let files = 0;

function keyOf({ xml, assets = {}, scaling }: ModelSource): string {
  const names = Object.entries(assets).map(([name, bytes]) => [name, numberOf(bytes)]);
  return names.length === 0 && scaling === undefined ? xml : `${JSON.stringify([names, scaling])}\n${xml}`;
}

function numberOf(bytes: Uint8Array): number {
  if (!(bytes instanceof Uint8Array)) return 0; // compileModel refuses it
  const number = numbersOfFiles.get(bytes) ?? ++files;
  numbersOfFiles.set(bytes, number);
  return number;
}

function compile(mujoco: Mujoco, { xml, assets, scaling }: ModelSource): MjModel {
  const model = compileModel(mujoco, xml, assets);
  if (scaling === undefined) return model;
  try {
    scaleModel(mujoco, model, scaling);
    return model;
  } catch (error) {
    model.delete();
    throw error;
  }
}
