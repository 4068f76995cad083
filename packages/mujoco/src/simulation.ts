import { BodyPoses } from './body-poses.js';
import { type EntryNames, entryNames } from './entry-names.js';
import type { Mujoco } from './load-mujoco.js';
import type { DoubleBuffer, MjData, MjModel } from './mujoco-api.js';
import { findPart, type NamedParts, numberOfPart, type PartKind } from './named-parts.js';
import { acquireModel, type ModelSource, releaseModel } from './shared-model.js';

/** A physical state to start from; see `Simulation.restart`. */
export interface PhysicsState {
  /** Generalized positions, one per position coordinate of the model. */
  readonly qpos: ArrayLike<number>;
  /** Generalized velocities, one per degree of freedom. */
  readonly qvel: ArrayLike<number>;
  /** Accelerations that the constraint solver starts from, one per degree of freedom. Default 0. */
  readonly qaccWarmstart?: ArrayLike<number>;
}

/** MuJoCo's own arrays, to read and write in place. Never keep them: they go stale when WebAssembly's memory grows. */
export interface SimulationArrays {
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly ctrl: Float64Array;
  readonly qaccWarmstart: Float64Array;
  /** Position of each body's frame in the world, [body][3]. */
  readonly xpos: Float64Array;
  /** Axes of each body's frame in the world as the columns of a matrix, row by row, [body][9]. */
  readonly xmat: Float64Array;
  /** Position of each body's center of mass in the world, [body][3]. */
  readonly xipos: Float64Array;
  /** Inertia of each body about the subtree's center of mass, and its mass, [body][10]. */
  readonly cinert: Float64Array;
  /** Angular and linear velocity of each body about the subtree's center of mass, [body][6]. */
  readonly cvel: Float64Array;
  /** Force and torque on each body from contacts and the like, about the subtree's center of mass, [body][6]. */
  readonly cfrcExt: Float64Array;
  /** Force of the actuators on each degree of freedom. */
  readonly qfrcActuator: Float64Array;
  /** Force of limits and contacts on each degree of freedom. */
  readonly qfrcConstraint: Float64Array;
  /** Force or torque of each actuator. */
  readonly actuatorForce: Float64Array;
  /** Position of each geom in the world, [geom][3]. */
  readonly geomXpos: Float64Array;
  /** Axes of each geom, as in `xmat`, [geom][9]. */
  readonly geomXmat: Float64Array;
  /** Position of each site in the world, [site][3]. */
  readonly siteXpos: Float64Array;
  /** Axes of each site, as in `xmat`, [site][9]. */
  readonly siteXmat: Float64Array;
  readonly tendonLength: Float64Array;
  readonly tendonVelocity: Float64Array;
  /** Values of all sensors, one after the other. */
  readonly sensorData: Float64Array;
}

/**
 * MuJoCo's names for its warnings (mjtWarning) about positions, velocities or accelerations of an unstable simulation.
 */
export type Instability = 'BADQPOS' | 'BADQVEL' | 'BADQACC';

/** mjMAXVAL: MuJoCo treats a larger number, or NaN, in positions, velocities or accelerations as instability. */
export const LARGEST = 1e10;

/**
 * One simulation in MuJoCo: the state and workspace of one environment, over a model that others may share. It is thin
 * on purpose: it handles memory and the order of calls, and knows nothing about tasks.
 */
export class Simulation {
  readonly model: MjModel;
  private readonly data: MjData;
  private readonly stateBuffer: DoubleBuffer;
  private readonly integrationState: number;
  /** In seconds. */
  private readonly timestep: number;
  private latestArrays: SimulationArrays;
  private names: EntryNames | undefined;

  /** Throws InvalidInputError when the MJCF text does not compile or the scaling does not fit it. */
  constructor(
    private readonly mujoco: Mujoco,
    private readonly source: ModelSource,
  ) {
    this.model = acquireModel(mujoco, source);
    this.data = new mujoco.MjData(this.model);
    this.timestep = this.model.opt.timestep;
    this.integrationState = mujoco.mjtState.mjSTATE_INTEGRATION.value;
    // mj_getState silently writes nothing into a JavaScript array; it needs one of MuJoCo's own buffers.
    this.stateBuffer = new mujoco.DoubleBuffer(mujoco.mj_stateSize(this.model, this.integrationState));
    this.latestArrays = this.takeArrays();
  }

  /** Taking a view of MuJoCo's memory costs a microsecond, so views are kept as long as they are valid. */
  get arrays(): SimulationArrays {
    if (this.latestArrays.qpos.length === 0) this.latestArrays = this.takeArrays();
    return this.latestArrays;
  }

  /**
   * Applies the control for `count` time steps. Contact forces are not updated. If the simulation becomes unstable,
   * MuJoCo resets it to the model's initial state and goes on; this returns MuJoCo's name for the instability, and the
   * state is then useless.
   */
  step(control: ArrayLike<number>, count: number): Instability | undefined {
    const { ctrl } = this.arrays;
    let mark = -1;
    for (let i = 0; i < ctrl.length; i++) {
      ctrl[i] = control[i]!;
      if (ctrl[i] !== 0) mark = i;
    }
    // MuJoCo's reset sets controls and time to 0. Controls show that unless all are 0; time does except at the start.
    // MuJoCo's counters always do, but reading them takes as long as a small robot's step.
    const marked = ctrl[mark];
    const before = mark === -1 ? this.data.time : 0;
    for (let i = 0; i < count; i++) this.mujoco.mj_step(this.model, this.data);
    const stable =
      mark === -1
        ? before > 0 && this.data.time - before > 0.5 * count * this.timestep
        : ctrl[mark] === marked;
    return stable ? undefined : this.instability();
  }

  /** Computes `cfrcExt` at the last evaluation within the last step. */
  findContactForces(): void {
    this.mujoco.mj_rnePostConstraint(this.model, this.data);
  }

  /**
   * Sets everything as the model defines it: positions at their reference, velocities and time 0. Derives nothing yet.
   */
  reset(): void {
    this.mujoco.mj_resetData(this.model, this.data);
  }

  /** Computes everything that follows from positions, velocities and controls. */
  forward(): void {
    this.mujoco.mj_forward(this.model, this.data);
  }

  /** Resets, sets positions, velocities and warm start, and computes what follows from them. */
  restart({ qpos, qvel, qaccWarmstart }: PhysicsState): void {
    this.reset();
    const arrays = this.arrays;
    arrays.qpos.set(qpos);
    arrays.qvel.set(qvel);
    if (qaccWarmstart !== undefined) arrays.qaccWarmstart.set(qaccWarmstart);
    this.forward();
  }

  /** Number of doubles in `state()`. */
  get stateSize(): number {
    return this.stateBuffer.GetElementCount();
  }

  /**
   * Returns a copy of everything that the next step's physics depends on (mjSTATE_INTEGRATION), warm start included.
   */
  state(): Float64Array {
    this.mujoco.mj_getState(this.model, this.data, this.stateBuffer, this.integrationState);
    return (this.stateBuffer.GetView() as Float64Array).slice();
  }

  /** Restores what `state` returned. Does not compute derived quantities, which would do no harm but take time. */
  setState(state: Float64Array): void {
    // The declared type asks for number[], but any array of doubles is taken.
    const numbers = state as unknown as number[];
    this.mujoco.mj_setState(this.model, this.data, numbers, this.integrationState);
  }

  /** Returns the number of the part with that name; undefined if the model has none. */
  numberOf(kind: PartKind, name: string): number | undefined {
    return numberOfPart(this.mujoco, this.model, kind, name);
  }

  /**
   * Returns a body, joint, geom, site, tendon, actuator or sensor by name, to read its numbers at any time. Throws
   * InvalidInputError with near names if the model has no such part.
   */
  find<Kind extends PartKind>(kind: Kind, name: string): NamedParts[Kind] {
    return findPart(this.mujoco, this, kind, name);
  }

  /** Returns what the entries of arrays are called, after the model's own names. */
  entryNames(): EntryNames {
    this.names ??= entryNames(this.mujoco, this.model);
    return this.names;
  }

  /** Returns the positions of bodies and geoms, for a picture. Delete the result when done. */
  poses(): BodyPoses {
    return new BodyPoses(this.mujoco, this.model, this.data);
  }

  /** Frees the memory of this simulation, and the model's if no other simulation uses it. Call once. */
  delete(): void {
    this.stateBuffer.delete();
    this.data.delete();
    releaseModel(this.mujoco, this.source);
  }

  private instability(): Instability | undefined {
    const { mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC } = this.mujoco.mjtWarning;
    const kinds = { BADQPOS: mjWARN_BADQPOS, BADQVEL: mjWARN_BADQVEL, BADQACC: mjWARN_BADQACC } as const;
    const { warning } = this.data;
    for (const [name, { value }] of Object.entries(kinds)) {
      const counter = warning.get(value);
      const count = counter?.number ?? 0;
      counter?.delete();
      if (count > 0) return name as Instability;
    }
    return undefined;
  }

  private takeArrays(): SimulationArrays {
    const { data } = this;
    return {
      qpos: data.qpos,
      qvel: data.qvel,
      ctrl: data.ctrl,
      qaccWarmstart: data.qacc_warmstart,
      xpos: data.xpos,
      xmat: data.xmat,
      xipos: data.xipos,
      cinert: data.cinert,
      cvel: data.cvel,
      cfrcExt: data.cfrc_ext,
      qfrcActuator: data.qfrc_actuator,
      qfrcConstraint: data.qfrc_constraint,
      actuatorForce: data.actuator_force,
      geomXpos: data.geom_xpos,
      geomXmat: data.geom_xmat,
      siteXpos: data.site_xpos,
      siteXmat: data.site_xmat,
      tendonLength: data.ten_length,
      tendonVelocity: data.ten_velocity,
      sensorData: data.sensordata,
    };
  }
}
