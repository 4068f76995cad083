import {
  type BoxArray,
  defineTaskFamily,
  type Environment,
  InvalidInputError,
  parseConfig,
  type Rng,
  type TaskFamily,
  type TaskSplit,
  type TaskSplitOptions,
} from '@maxent/core';
import { drawTasks, TimeLimit } from '@maxent/envs';
import * as z from 'zod';
import { Hopper, hopper } from '../environments/hopper.js';
import type { PlanarWalkerInfo } from '../environments/planar-walker.js';
import { Walker2d, walker2d } from '../environments/walker2d.js';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { toXml } from '../mjcf/to-xml.js';
import type { ModelScaling } from '../model-scaling.js';
import { hopperModel } from '../models/hopper.js';
import { walker2dModel } from '../models/walker2d.js';
import { acquireModel, releaseModel } from '../shared-model.js';

const HORIZON = 200;

/** A multiplier is a base to a power that is uniform between minus and plus this number. */
const LOG_SCALE = 3;
const BASES: Readonly<Record<keyof ModelScaling, number>> = {
  bodyMass: 1.5,
  bodyInertia: 1.5,
  dofDamping: 1.3,
  geomFriction: 1.5,
};
const QUANTITIES = Object.keys(BASES) as readonly (keyof ModelScaling)[];

/** How many numbers of each quantity a model has. */
type Sizes = Readonly<Record<keyof ModelScaling, number>>;

/**
 * Walk or hop forward with a body whose physics is not known (Rakelly et al. 2019): every entry of mass, inertia and
 * friction is multiplied by 1.5^u, every entry of damping by 1.3^u, with a separate u for each entry, uniform in [-3,
 * 3], as in the public code, although a comment there says one for all. Reward, termination and observation are as in
 * the v5 task, with four physics steps per action for both robots.
 */
class RandomParametersFamily implements TaskFamily<ModelScaling, BoxArray, BoxArray> {
  readonly maxEpisodeSteps = HORIZON;

  constructor(
    readonly id: string,
    private readonly sizes: Sizes,
    private readonly make: (task: ModelScaling) => Promise<Environment<BoxArray, BoxArray, PlanarWalkerInfo>>,
  ) {}

  split(options: TaskSplitOptions): TaskSplit<ModelScaling> {
    return drawTasks(options, (rng) => this.draw(rng));
  }

  /** Returns the exponents u divided by 3, so that they lie in [-1, 1]. */
  descriptor(task: ModelScaling): readonly number[] {
    return QUANTITIES.flatMap((quantity) =>
      task[quantity].map((factor) => Math.log(factor) / (LOG_SCALE * Math.log(BASES[quantity]))),
    );
  }

  checkTask(task: ModelScaling, field: string): void {
    for (const quantity of QUANTITIES) {
      const bad = task[quantity].findIndex((factor) => !(factor > 0));
      if (bad < 0) continue;
      throw new InvalidInputError(
        `${field} ${quantity}[${bad}]`,
        `expected a factor above 0, got ${task[quantity][bad]}`,
      );
    }
  }

  async create(task: ModelScaling) {
    return new TimeLimit(await this.make(task), HORIZON);
  }

  private draw(rng: Rng): ModelScaling {
    const factors = (quantity: keyof ModelScaling) =>
      Array.from(
        { length: this.sizes[quantity] },
        () => BASES[quantity] ** rng.uniform(-LOG_SCALE, LOG_SCALE),
      );
    return {
      bodyMass: factors('bodyMass'),
      bodyInertia: factors('bodyInertia'),
      dofDamping: factors('dofDamping'),
      geomFriction: factors('geomFriction'),
    };
  }
}

function sizesOf(mujoco: Mujoco, xml: string): Sizes {
  const { nbody, nv, ngeom } = acquireModel(mujoco, { xml });
  releaseModel(mujoco, { xml });
  return { bodyMass: nbody, bodyInertia: 3 * nbody, dofDamping: nv, geomFriction: 3 * ngeom };
}

export const walker2dParametersFamily = defineTaskFamily({
  id: 'Walker2d-Params',
  description: 'Walk forward with a body whose physics is not known.',
  options: z.object({}),
  create: async () => {
    const mujoco = await loadMujoco();
    const options = parseConfig(walker2d.options, {});
    const make = async (task: ModelScaling) => new Walker2d(mujoco, options, task);
    return new RandomParametersFamily('Walker2d-Params', sizesOf(mujoco, toXml(walker2dModel)), make);
  },
});

export const hopperParametersFamily = defineTaskFamily({
  id: 'Hopper-Params',
  description: 'Hop forward with a body whose physics is not known.',
  options: z.object({}),
  create: async () => {
    const mujoco = await loadMujoco();
    const options = parseConfig(hopper.options, {});
    const make = async (task: ModelScaling) => new Hopper(mujoco, options, task);
    return new RandomParametersFamily('Hopper-Params', sizesOf(mujoco, toXml(hopperModel)), make);
  },
});
