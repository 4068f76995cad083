import { InvalidInputError, requireLength } from '@maxent/core';
import type { Mujoco } from './load-mujoco.js';
import type { MjModel } from './mujoco-api.js';

// This is a type, not an interface: tasks are JSON, and only type aliases have an implicit index signature.
/** Multipliers of a compiled model's physics, one for each entry of MuJoCo's arrays. */
export type ModelScaling = {
  /** [bodies] */
  readonly bodyMass: readonly number[];
  /** Diagonal inertia of each body, [bodies * 3]. */
  readonly bodyInertia: readonly number[];
  /** [degrees of freedom] */
  readonly dofDamping: readonly number[];
  /** Sliding, torsional and rolling friction, [geoms * 3]. */
  readonly geomFriction: readonly number[];
};

const ARRAYS = {
  bodyMass: 'body_mass',
  bodyInertia: 'body_inertia',
  dofDamping: 'dof_damping',
  geomFriction: 'geom_friction',
} as const;

/**
 * Multiplies in place, then lets MuJoCo recompute what it derives from masses, such as the inverse weights that set the
 * stiffness of contacts. Throws InvalidInputError, changing nothing, unless there is one multiplier above 0 for each of
 * the model's entries.
 */
export function scaleModel(mujoco: Mujoco, model: MjModel, scaling: ModelScaling): void {
  const names = Object.keys(ARRAYS) as (keyof ModelScaling)[];
  for (const name of names) {
    requireLength(name, scaling[name], (model[ARRAYS[name]] as Float64Array).length);
    scaling[name].forEach((factor, i) => {
      if (!(factor > 0 && factor < Infinity)) {
        throw new InvalidInputError(`${name}[${i}]`, `expected a finite factor above 0, got ${factor}`);
      }
    });
  }
  for (const name of names) {
    const values = model[ARRAYS[name]] as Float64Array;
    scaling[name].forEach((factor, i) => {
      values[i]! *= factor;
    });
  }
  const workspace = new mujoco.MjData(model);
  mujoco.mj_setConst(model, workspace);
  workspace.delete();
}
