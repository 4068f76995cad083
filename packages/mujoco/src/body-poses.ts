import { InvalidStateError } from '@maxent/core';
import type { Mujoco } from './load-mujoco.js';
import type { MjData, MjModel } from './mujoco-api.js';

/** Where things are in the world; rotations are matrices, row by row. See `SimulationArrays` on keeping them. */
export interface PoseArrays {
  /** [body][3] */
  readonly xpos: Float64Array;
  /** [geom][3] */
  readonly geomXpos: Float64Array;
  /** [geom][9] */
  readonly geomXmat: Float64Array;
}

/**
 * Where a simulation's bodies and geoms are, for pictures. The simulation's own poses are from MuJoCo's last evaluation
 * within a step, do not exist before a reset, and must not change, because rewards depend on them. So this class has
 * its own workspace and only reads the simulation. Until the first `update`, everything is where the model defines it.
 */
export class BodyPoses {
  private readonly workspace: MjData;
  private readonly state: number;
  private latestArrays: PoseArrays;

  constructor(
    private readonly mujoco: Mujoco,
    private readonly model: MjModel,
    private readonly source: MjData,
  ) {
    this.workspace = new mujoco.MjData(model);
    this.state = mujoco.mjtState.mjSTATE_INTEGRATION.value;
    mujoco.mj_kinematics(model, this.workspace);
    this.latestArrays = this.takeArrays();
  }

  get arrays(): PoseArrays {
    if (this.latestArrays.xpos.length === 0) this.latestArrays = this.takeArrays();
    return this.latestArrays;
  }

  /** Updates all poses from the simulation. Throws InvalidStateError once the simulation is deleted. */
  update(): void {
    if (this.source.isDeleted()) {
      throw new InvalidStateError('update: the environment is closed; draw before closing it');
    }
    this.mujoco.mj_copyState(this.model, this.source, this.workspace, this.state);
    this.mujoco.mj_kinematics(this.model, this.workspace);
  }

  /** Frees the workspace. Call once. */
  delete(): void {
    this.workspace.delete();
  }

  private takeArrays(): PoseArrays {
    const { workspace } = this;
    return { xpos: workspace.xpos, geomXpos: workspace.geom_xpos, geomXmat: workspace.geom_xmat };
  }
}
