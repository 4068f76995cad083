import { InvalidInputError, nearestNames } from '@maxent/core';
import type { Mujoco } from './load-mujoco.js';
import type { MjModel } from './mujoco-api.js';
import type { SimulationArrays } from './simulation.js';

/** A part of a model that has a name. What it reads are copies of MuJoCo's numbers at the moment. */
export interface Part {
  /** Its number among the parts of its kind: its row in MuJoCo's arrays. */
  readonly number: number;
}

/** A part with a place. Like MuJoCo's, it is where the last evaluation found it; see `MujocoTask.derived`. */
export interface PlacedPart extends Part {
  /** In the world, in m: [3]. */
  readonly position: Float64Array;
  /** Its axes in the world as the columns of a matrix, row by row: [9]. */
  readonly rotation: Float64Array;
}

export interface JointPart extends Part {
  /** Its entries of `qpos`: a hinge's angle, a slide's way, a ball's quaternion, a free joint's position and quaternion. */
  readonly position: Float64Array;
  /** Its entries of `qvel`: 1, 1, 3 or 6 numbers. */
  readonly velocity: Float64Array;
}

export interface TendonPart extends Part {
  readonly length: number;
  readonly velocity: number;
}

export interface ActuatorPart extends Part {
  /** As in the last step, within the actuator's range or not. */
  readonly control: number;
  /** The force or torque that it applied. */
  readonly force: number;
}

export interface SensorPart extends Part {
  /** Its entries of MuJoCo's `sensordata`, one or several. */
  readonly values: Float64Array;
}

/** The parts that can be found by name, by their kind. */
export interface NamedParts {
  readonly body: PlacedPart;
  readonly joint: JointPart;
  readonly geom: PlacedPart;
  readonly site: PlacedPart;
  readonly tendon: TendonPart;
  readonly actuator: ActuatorPart;
  readonly sensor: SensorPart;
}

export type PartKind = keyof NamedParts;

/** Where each kind's number is in `mjtObj`, and how many of it there are. */
const KINDS = {
  body: ['mjOBJ_BODY', 'nbody'],
  joint: ['mjOBJ_JOINT', 'njnt'],
  geom: ['mjOBJ_GEOM', 'ngeom'],
  site: ['mjOBJ_SITE', 'nsite'],
  tendon: ['mjOBJ_TENDON', 'ntendon'],
  actuator: ['mjOBJ_ACTUATOR', 'nu'],
  sensor: ['mjOBJ_SENSOR', 'nsensor'],
} as const;

const READERS: {
  readonly [Kind in PartKind]: (number: number, simulation: Readable) => NamedParts[Kind];
} = {
  body: (number, simulation) => placed(number, simulation, 'xpos', 'xmat'),
  geom: (number, simulation) => placed(number, simulation, 'geomXpos', 'geomXmat'),
  site: (number, simulation) => placed(number, simulation, 'siteXpos', 'siteXmat'),
  joint: (number, simulation) => {
    const { model } = simulation;
    const span = (addresses: Int32Array, total: number) =>
      [addresses[number]!, addresses[number + 1] ?? total] as const;
    const positions = span(model.jnt_qposadr, model.nq);
    const velocities = span(model.jnt_dofadr, model.nv);
    return {
      number,
      get position() {
        return simulation.arrays.qpos.slice(...positions);
      },
      get velocity() {
        return simulation.arrays.qvel.slice(...velocities);
      },
    };
  },
  tendon: (number, simulation) => ({
    number,
    get length() {
      return simulation.arrays.tendonLength[number]!;
    },
    get velocity() {
      return simulation.arrays.tendonVelocity[number]!;
    },
  }),
  actuator: (number, simulation) => ({
    number,
    get control() {
      return simulation.arrays.ctrl[number]!;
    },
    get force() {
      return simulation.arrays.actuatorForce[number]!;
    },
  }),
  sensor: (number, simulation) => {
    const start = simulation.model.sensor_adr[number]!;
    const end = start + simulation.model.sensor_dim[number]!;
    return {
      number,
      get values() {
        return simulation.arrays.sensorData.slice(start, end);
      },
    };
  },
};

/** The simulation that parts read. */
interface Readable {
  readonly model: MjModel;
  readonly arrays: SimulationArrays;
}

function placed(
  number: number,
  simulation: Readable,
  position: 'xpos' | 'geomXpos' | 'siteXpos',
  rotation: 'xmat' | 'geomXmat' | 'siteXmat',
): PlacedPart {
  return {
    number,
    get position() {
      return simulation.arrays[position].slice(3 * number, 3 * number + 3);
    },
    get rotation() {
      return simulation.arrays[rotation].slice(9 * number, 9 * number + 9);
    },
  };
}

/** Returns the number of the part with that name; undefined if the model has none. */
export function numberOfPart(
  mujoco: Mujoco,
  model: MjModel,
  kind: PartKind,
  name: string,
): number | undefined {
  const number = mujoco.mj_name2id(model, mujoco.mjtObj[KINDS[kind][0]].value, name);
  return number === -1 ? undefined : number;
}

/** Throws InvalidInputError with near names, or else all of them, if the model has no such part. */
export function findPart<Kind extends PartKind>(
  mujoco: Mujoco,
  simulation: Readable,
  kind: Kind,
  name: string,
): NamedParts[Kind] {
  const number = numberOfPart(mujoco, simulation.model, kind, name);
  if (number !== undefined) return READERS[kind](number, simulation);
  const names = namesOfParts(mujoco, simulation.model, kind);
  const near = nearestNames(name, names);
  const found = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it has ${listed(names)}`;
  throw new InvalidInputError(
    'model',
    `expected a model with ${/^[ao]/.test(kind) ? 'an' : 'a'} ${kind} named ${JSON.stringify(name)}; ${found}`,
  );
}

/** Returns the names of all parts of a kind that have one. */
export function namesOfParts(mujoco: Mujoco, model: MjModel, kind: PartKind): string[] {
  return partNames(mujoco, model, kind).filter((name) => name !== '');
}

/** Returns the name of each part of a kind; empty if it has none. */
export function partNames(mujoco: Mujoco, model: MjModel, kind: PartKind): string[] {
  const [type, count] = KINDS[kind];
  const { value: object } = mujoco.mjtObj[type];
  return Array.from({ length: model[count] }, (_, number) => {
    const name = mujoco.mj_id2name(model, object, number);
    // Of a part without a name, the bindings read whatever is at address 0.
    return mujoco.mj_name2id(model, object, name) === number ? name : '';
  });
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none with a name' : names.join(', ');
}
