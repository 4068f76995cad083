// What we use of MuJoCo's bindings. Their own declarations do not compile in a strict project (a name in them is
// missing), so ours do not refer to them.

/** An object in MuJoCo's memory, which the garbage collector cannot see. */
export interface MujocoObject {
  delete(): void;
  isDeleted(): boolean;
}

/** A compiled model (`mjModel`). Arrays are views of MuJoCo's memory; they are dead once it grows. */
export interface MjModel extends MujocoObject {
  readonly nbody: number;
  readonly ngeom: number;
  readonly njnt: number;
  readonly nq: number;
  readonly nsensor: number;
  readonly nsite: number;
  readonly ntendon: number;
  readonly nu: number;
  readonly nv: number;
  readonly opt: { timestep: number };
  readonly actuator_ctrlrange: Float64Array;
  readonly actuator_trnid: Int32Array;
  readonly actuator_trntype: Int32Array;
  readonly body_inertia: Float64Array;
  readonly body_mass: Float64Array;
  readonly body_weldid: Int32Array;
  readonly dof_damping: Float64Array;
  readonly geom_bodyid: Int32Array;
  readonly geom_dataid: Int32Array;
  readonly geom_friction: Float64Array;
  readonly geom_group: Int32Array;
  readonly geom_matid: Int32Array;
  readonly geom_rbound: Float64Array;
  readonly geom_rgba: Float32Array;
  readonly geom_size: Float64Array;
  readonly geom_type: Int32Array;
  readonly hfield_adr: Int32Array;
  readonly hfield_data: Float32Array;
  readonly hfield_ncol: Int32Array;
  readonly hfield_nrow: Int32Array;
  readonly hfield_size: Float64Array;
  readonly jnt_dofadr: Int32Array;
  readonly jnt_qposadr: Int32Array;
  readonly jnt_type: Int32Array;
  readonly mat_rgba: Float32Array;
  readonly mesh_face: Int32Array;
  readonly mesh_faceadr: Int32Array;
  readonly mesh_facenum: Int32Array;
  readonly mesh_graph: Int32Array;
  readonly mesh_graphadr: Int32Array;
  readonly mesh_vert: Float32Array;
  readonly mesh_vertadr: Int32Array;
  readonly mesh_vertnum: Int32Array;
  readonly qpos0: Float64Array;
  readonly sensor_adr: Int32Array;
  readonly sensor_dim: Int32Array;
}

/** How often MuJoCo gave one kind of warning (`mjWarningStat`). */
export interface WarningCounter extends MujocoObject {
  readonly number: number;
}

/** State and workspace of one simulation (`mjData`). */
export interface MjData extends MujocoObject {
  readonly actuator_force: Float64Array;
  readonly cfrc_ext: Float64Array;
  readonly cinert: Float64Array;
  readonly ctrl: Float64Array;
  readonly cvel: Float64Array;
  readonly geom_xmat: Float64Array;
  readonly geom_xpos: Float64Array;
  readonly qacc_warmstart: Float64Array;
  readonly qfrc_actuator: Float64Array;
  readonly qfrc_constraint: Float64Array;
  readonly qpos: Float64Array;
  readonly qvel: Float64Array;
  readonly sensordata: Float64Array;
  readonly site_xmat: Float64Array;
  readonly site_xpos: Float64Array;
  readonly ten_length: Float64Array;
  readonly ten_velocity: Float64Array;
  readonly time: number;
  readonly warning: { get(kind: number): WarningCounter | undefined };
  readonly xipos: Float64Array;
  readonly xmat: Float64Array;
  readonly xpos: Float64Array;
}

/** Doubles in MuJoCo's memory. */
export interface DoubleBuffer extends MujocoObject {
  GetElementCount(): number;
  GetView(): Float64Array;
}

/** The part of Emscripten's file system, in memory, that we use. */
export interface MemoryFiles {
  mkdirTree(path: string): void;
  writeFile(path: string, bytes: Uint8Array | string): void;
  /** Times are in ms; MuJoCo reads whole seconds. */
  utime(path: string, accessTime: number, modificationTime: number): void;
  /** Names in a folder, `.` and `..` included. */
  readdir(path: string): string[];
  stat(path: string): { readonly mode: number };
  isDir(mode: number): boolean;
  unlink(path: string): void;
  rmdir(path: string): void;
}

interface NumberOf {
  readonly value: number;
}

/**
 * MuJoCo compiled to WebAssembly, with its own memory, which all its models and simulations share. It has all of
 * MuJoCo's functions; the ones not declared here are typed in `@mujoco/mujoco`, as `MainModule`.
 */
export interface Mujoco {
  readonly FS: MemoryFiles;
  readonly MjModel: { from_xml_string(xml: string): MjModel; from_xml_path(path: string): MjModel };
  readonly MjData: new (model: MjModel) => MjData;
  readonly DoubleBuffer: new (length: number) => DoubleBuffer;
  readonly mjtObj: {
    readonly mjOBJ_BODY: NumberOf;
    readonly mjOBJ_JOINT: NumberOf;
    readonly mjOBJ_GEOM: NumberOf;
    readonly mjOBJ_SITE: NumberOf;
    readonly mjOBJ_TENDON: NumberOf;
    readonly mjOBJ_ACTUATOR: NumberOf;
    readonly mjOBJ_SENSOR: NumberOf;
  };
  readonly mjtWarning: {
    readonly mjWARN_BADQPOS: NumberOf;
    readonly mjWARN_BADQVEL: NumberOf;
    readonly mjWARN_BADQACC: NumberOf;
  };
  readonly mjtState: { readonly mjSTATE_INTEGRATION: NumberOf };
  mj_copyState(model: MjModel, from: MjData, to: MjData, state: number): void;
  mj_forward(model: MjModel, data: MjData): void;
  mj_getState(model: MjModel, data: MjData, into: DoubleBuffer, state: number): void;
  /** Empty or null for a part without a name. */
  mj_id2name(model: MjModel, type: number, number: number): string;
  mj_kinematics(model: MjModel, data: MjData): void;
  mj_name2id(model: MjModel, type: number, name: string): number;
  mj_resetData(model: MjModel, data: MjData): void;
  mj_rnePostConstraint(model: MjModel, data: MjData): void;
  mj_setConst(model: MjModel, data: MjData): void;
  mj_setState(model: MjModel, data: MjData, from: ArrayLike<number>, state: number): void;
  mj_stateSize(model: MjModel, state: number): number;
  mj_step(model: MjModel, data: MjData): void;
  mj_versionString(): string;
}
