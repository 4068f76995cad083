import { InvalidInputError } from '@maxent/core';
import type { MjModel } from '@mujoco/mujoco';
import type { Mujoco } from './load-mujoco.js';

/** A compiled model and the number of simulations that use it. */
interface SharedModel {
  readonly model: MjModel;
  users: number;
}

/** Compiled models by MJCF text. A model's memory is in its module, so each module has its own. */
const modelsByModule = new WeakMap<Mujoco, Map<string, SharedModel>>();

/**
 * The model compiled from MJCF text, shared by all who ask for the same text. Hand it back with `releaseModel`; the
 * last one to do so frees it. Throws InvalidInputError with MuJoCo's message when the text does not compile.
 */
export function acquireModel(mujoco: Mujoco, xml: string): MjModel {
  const models = modelsByModule.get(mujoco) ?? new Map<string, SharedModel>();
  modelsByModule.set(mujoco, models);
  const shared = models.get(xml) ?? { model: compile(mujoco, xml), users: 0 };
  models.set(xml, shared);
  shared.users += 1;
  return shared.model;
}

export function releaseModel(mujoco: Mujoco, xml: string): void {
  const models = modelsByModule.get(mujoco);
  const shared = models?.get(xml);
  if (models === undefined || shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  models.delete(xml);
  shared.model.delete();
}

function compile(mujoco: Mujoco, xml: string): MjModel {
  try {
    return mujoco.MjModel.from_xml_string(xml);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new InvalidInputError('model', `MuJoCo cannot compile it: ${message}`, { cause });
  }
}
