import type { Mujoco } from './load-mujoco.js';
import type { MjModel } from './mujoco-api.js';
import { partNames } from './named-parts.js';

/** What the entries of MuJoCo's arrays are called, after the model's own names. */
export interface EntryNames {
  /** One for each joint that turns or slides; a ball has 4, a free joint 7. */
  readonly qpos: readonly string[];
  /** One for each degree of freedom. */
  readonly qvel: readonly string[];
  /** Of the degrees of freedom, without what is measured. */
  readonly freedoms: readonly string[];
  readonly bodies: readonly string[];
  /** After themselves or, without a name, what they move. */
  readonly actuators: readonly string[];
}

/** Axes of what has a number for each. */
export const AXES = ['x', 'y', 'z'] as const;
const QUATERNION = ['w', 'x', 'y', 'z'].map((part) => `rotation ${part}`);
const TURNS = AXES.map((axis) => `turn ${axis}`);

/** The entries of a joint by its type, `mjtJoint`: free, ball, slide and hinge. */
const ENTRIES = [
  { positions: [...AXES, ...QUATERNION], freedoms: [...AXES, ...TURNS] },
  { positions: QUATERNION, freedoms: TURNS },
  { positions: [''], freedoms: [''] },
  { positions: [''], freedoms: [''] },
] as const;

/** `mjTRN_JOINT`: the actuator moves a joint. */
const MOVES_JOINT = 0;

export function entryNames(mujoco: Mujoco, model: MjModel): EntryNames {
  const joints = named(partNames(mujoco, model, 'joint'), 'joint');
  const entries = (part: 'positions' | 'freedoms') =>
    joints.flatMap((name, joint) =>
      ENTRIES[model.jnt_type[joint]!]![part].map((entry) => (entry === '' ? name : `${name} ${entry}`)),
    );
  const freedoms = entries('freedoms');
  const actuators = partNames(mujoco, model, 'actuator').map((name, number) => {
    if (name !== '') return name;
    const moved = model.actuator_trntype[number] === MOVES_JOINT && joints[model.actuator_trnid[2 * number]!];
    return moved || `motor ${number}`;
  });
  return {
    qpos: entries('positions'),
    qvel: freedoms.map((name) => `${name} velocity`),
    freedoms,
    bodies: named(partNames(mujoco, model, 'body'), 'body'),
    actuators,
  };
}

function named(names: readonly string[], kind: string): string[] {
  return names.map((name, number) => name || `${kind} ${number}`);
}
