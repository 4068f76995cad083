import { InvalidInputError } from '@maxent/core';
import type { Mujoco } from './load-mujoco.js';
import { type ModelScaling, scaleModel } from './model-scaling.js';
import type { MjModel } from './mujoco-api.js';

/** A compiled model and the number of simulations that use it. */
interface SharedModel {
  readonly model: MjModel;
  users: number;
}

/** What a model is compiled from. Equal sources give one model. */
export interface ModelSource {
  readonly xml: string;
  readonly scaling?: ModelScaling | undefined;
}

/** Compiled models by their source. A model's memory is in its module, so each module has its own. */
const modelsByModule = new WeakMap<Mujoco, Map<string, SharedModel>>();

/**
 * Returns the model compiled from MJCF text and then scaled. Callers with the same source share it. Return it with
 * `releaseModel`, which frees it after its last user. Throws InvalidInputError with MuJoCo's message if the text does
 * not compile.
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

function keyOf({ xml, scaling }: ModelSource): string {
  return scaling === undefined ? xml : `${JSON.stringify(scaling)}\n${xml}`;
}

function compile(mujoco: Mujoco, { xml, scaling }: ModelSource): MjModel {
  const model = parse(mujoco, xml);
  if (scaling === undefined) return model;
  try {
    scaleModel(mujoco, model, scaling);
    return model;
  } catch (error) {
    model.delete();
    throw error;
  }
}

function parse(mujoco: Mujoco, xml: string): MjModel {
  try {
    return mujoco.MjModel.from_xml_string(xml);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new InvalidInputError('model', `MuJoCo cannot compile it: ${message}`, { cause });
  }
}
