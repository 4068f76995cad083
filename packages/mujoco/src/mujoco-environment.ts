import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  InvalidInputError,
  type RenderOptions,
  type ResetOptions,
  type ResetResult,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type StepResult,
  showStored,
} from '@maxent/core';
import { checkAction, EpisodePhase, requireDoubles } from '@maxent/envs';
import type { ModelAssets } from './compile-model.js';
import type { Mujoco } from './load-mujoco.js';
import type { MjcfElement } from './mjcf/elements.js';
import { toXml } from './mjcf/to-xml.js';
import type { ModelScaling } from './model-scaling.js';
import type { NamedParts, PartKind } from './named-parts.js';
import { drawSvg, type PictureSize } from './render/draw-svg.js';
import { type CameraOptions, Stage } from './render/stage.js';
import {
  type Instability,
  LARGEST,
  type PhysicsState,
  Simulation,
  type SimulationArrays,
} from './simulation.js';

/** The definition of a MuJoCo task, apart from its rewards. */
export interface MujocoTask {
  /** The task's name in snapshots. */
  readonly id: string;
  /** The model as MJCF elements or text. */
  readonly model: MjcfElement | string;
  /**
   * The bytes of the files that the model refers to, by path relative to the model: includes, meshes, height fields,
   * textures. Nothing else can be read. Environments that are given the same arrays share one compiled model, so do not
   * change their bytes. In Node, `readModel` of `@maxent/mujoco/node` returns model and assets of a file. Default: none.
   */
  readonly assets?: ModelAssets | undefined;
  /** Multipliers of the model's physics. Default: none. */
  readonly scaling?: ModelScaling | undefined;
  /** Physics steps per environment step. */
  readonly frameSkip: number;
  /**
   * Arrays that observations or rewards read and that cannot be computed from the physical state, because after a step
   * MuJoCo's derived quantities are from the last evaluation within the step. Snapshots hold these arrays. Contact
   * forces are computed after each step only if `cfrcExt` is among them. Default: none.
   */
  readonly derived?: readonly (keyof SimulationArrays)[];
}

/** The size of a picture, where it is taken from, and goals to mark on the ground. */
export type PictureOptions = PictureSize & CameraOptions & RenderOptions;

/** The result of one environment step, apart from the observation. */
export interface Outcome<StepInfo = Info> {
  readonly reward: number;
  readonly terminated: boolean;
  readonly info: StepInfo;
}

/** What a task's steps report: numbers by name and, if the simulation became unstable, MuJoCo's name of the warning. */
export type MujocoInfo<Name extends string> = Readonly<Record<Name, number>> & {
  readonly instability?: Instability;
};

/**
 * The base of Gymnasium's MuJoCo environments. The action controls the motors for `frameSkip` physics steps and is
 * bounded by their control range, to which MuJoCo clips it. A reset adds noise to the reference position. Contact
 * forces, if they are needed, are computed after the steps. Subclasses define noise, observation, reward and
 * termination.
 *
 * If the simulation becomes unstable, MuJoCo silently resets it. The step then ends the episode as truncated, with
 * MuJoCo's name of the warning as `info.instability`: `BADQPOS`, `BADQVEL` or `BADQACC`. The robot is put back where it
 * was before the step, and observation, reward and the rest of `info` are computed as if it had not moved: they are
 * finite, and the jump caused by the reset is not rewarded.
 *
 * Holds memory outside JavaScript's heap: call `close`. Until the first `reset` with a seed, it uses seed 0.
 */
export abstract class MujocoEnvironment<StepInfo extends Info = Info>
  implements Environment<BoxArray, BoxArray, StepInfo>
{
  abstract readonly observationSpace: Box;
  readonly actionSpace: Box<Float32Array>;
  /** Seconds per environment step: the model's time step times the frame skip. */
  readonly dt: number;
  /** The underlying simulation, for reading. Rewards and the end of episodes do not notice changes made here. */
  readonly simulation: Simulation;
  private readonly id: string;
  private readonly frameSkip: number;
  private readonly derived: readonly (keyof SimulationArrays)[];
  private readonly needsContactForces: boolean;
  private readonly phase = new EpisodePhase();
  private rng = Rng.fromSeed(0);
  /** Where the robot was before the step. */
  private readonly before: { readonly [Name in 'qpos' | 'qvel' | 'qaccWarmstart']: Float64Array };

  /** Throws InvalidInputError when the model does not compile, has no actuator, or an asset is missing. */
  constructor(mujoco: Mujoco, { id, model, assets, scaling, frameSkip, derived = [] }: MujocoTask) {
    const xml = typeof model === 'string' ? model : toXml(model);
    this.simulation = new Simulation(mujoco, { xml, assets, scaling });
    this.id = id;
    this.frameSkip = frameSkip;
    this.derived = derived;
    this.needsContactForces = derived.includes('cfrcExt');
    this.dt = this.simulation.model.opt.timestep * frameSkip;
    if (this.simulation.model.nu === 0) {
      this.simulation.delete();
      throw withoutActuators(id);
    }
    this.actionSpace = controlSpace(this.simulation);
    const { qpos, qvel, qaccWarmstart } = this.simulation.arrays;
    this.before = { qpos: qpos.slice(), qvel: qvel.slice(), qaccWarmstart: qaccWarmstart.slice() };
  }

  /** Adds noise to the reference positions and velocities, in place. */
  protected abstract perturb(qpos: Float64Array, qvel: Float64Array, rng: Rng): void;
  /** A new observation of the current state. */
  protected abstract makeObservation(): Float64Array;
  /** Judges the step that has just been simulated. The action is as given, not clipped. */
  protected abstract judge(action: BoxArray): Outcome<StepInfo>;
  /**
   * The `info` after a reset. An outcome that repeats it should spread it after its own entries: before version 12, V8
   * takes microseconds to add entries to an object that begins with a spread.
   */
  protected abstract resetInfo(): Partial<StepInfo>;

  /** Keeps what the next step will be compared with, such as a position; called after every reset and step. */
  protected remember(): void {
    // Most rewards need something from before the step, but not all.
  }

  reset({ seed }: ResetOptions = {}): ResetResult<Float64Array, Partial<StepInfo>> {
    this.phase.requireOpen('reset');
    if (seed !== undefined) this.rng = Rng.fromSeed(seed);
    this.simulation.reset();
    const { qpos, qvel } = this.simulation.arrays;
    this.perturb(qpos, qvel, this.rng);
    this.simulation.forward();
    return this.begin();
  }

  /**
   * Begins an episode in a given physical state: MuJoCo's data are reset, positions, velocities and warm start
   * assigned, and everything derived from them computed. Random numbers are untouched. Throws InvalidInputError for
   * arrays of the wrong length, or with entries that are not finite or are beyond 1e10, which MuJoCo considers
   * unstable.
   */
  setPhysicsState(state: PhysicsState): ResetResult<Float64Array, Partial<StepInfo>> {
    this.phase.requireOpen('setPhysicsState');
    const { nq, nv } = this.simulation.model;
    checkNumbers('qpos', state.qpos, nq);
    checkNumbers('qvel', state.qvel, nv);
    if (state.qaccWarmstart !== undefined) checkNumbers('qaccWarmstart', state.qaccWarmstart, nv);
    this.simulation.restart(state);
    return this.begin();
  }

  /** Copies of the current positions, velocities and warm start, as `setPhysicsState` takes them. */
  getPhysicsState(): Readonly<Record<keyof PhysicsState, Float64Array>> {
    this.phase.requireOpen('getPhysicsState');
    const { qpos, qvel, qaccWarmstart } = this.simulation.arrays;
    return { qpos: qpos.slice(), qvel: qvel.slice(), qaccWarmstart: qaccWarmstart.slice() };
  }

  step(action: BoxArray): StepResult<Float64Array, StepInfo> {
    this.phase.requireRunning();
    checkAction(this.actionSpace, action);
    this.keepState();
    const instability = this.simulation.step(action, this.frameSkip);
    if (instability !== undefined) return this.endUnstable(action, instability);
    if (this.needsContactForces) this.simulation.findContactForces();
    const { reward, terminated, info } = this.judge(action);
    this.remember();
    if (terminated) this.phase.end();
    return { observation: this.makeObservation(), reward, terminated, truncated: false, info };
  }

  private keepState(): void {
    const { qpos, qvel, qaccWarmstart } = this.simulation.arrays;
    this.before.qpos.set(qpos);
    this.before.qvel.set(qvel);
    this.before.qaccWarmstart.set(qaccWarmstart);
  }

  /** Returns the result of a step in which the simulation became unstable, which ends the episode. */
  private endUnstable(action: BoxArray, instability: Instability): StepResult<Float64Array, StepInfo> {
    this.simulation.restart(this.before);
    if (this.needsContactForces) this.simulation.findContactForces();
    const { reward, terminated, info } = this.judge(action);
    this.remember();
    this.phase.end();
    const observation = this.makeObservation();
    return { observation, reward, terminated, truncated: true, info: { ...info, instability } };
  }

  observe(): Float64Array {
    this.phase.requireOpen('observe');
    return this.makeObservation();
  }

  /**
   * Draws the current state: returns the text of an SVG document, 480 x 360 pixels by default. Until the first reset,
   * the robot is in the model's own posture.
   */
  render({ width, height, goals, ...camera }: PictureOptions = {}): string {
    this.phase.requireOpen('render');
    const stage = new Stage(this.simulation, camera);
    try {
      stage.update();
      return drawSvg(stage, { width, height }, goals);
    } finally {
      stage.delete();
    }
  }

  /** Frees the simulation, and the model if no other environment uses it. */
  close(): void {
    if (this.phase.closed) return;
    this.phase.close();
    this.simulation.delete();
  }

  getState(): Snapshot {
    this.phase.requireOpen('getState');
    const derived = this.derived.map((name) => [name, this.simulation.arrays[name].slice()] as const);
    const arrays = [['physics', this.simulation.state()] as const, ...derived];
    return {
      arrays: Object.fromEntries(arrays.map(([name, data]) => [name, { shape: [data.length], data }])),
      metadata: { environment: this.id, phase: this.phase.save(), rng: this.rng.state() },
    };
  }

  /** Throws SnapshotMismatchError, changing nothing, if the snapshot is not from this kind of environment. */
  setState(snapshot: Snapshot): void {
    this.phase.requireOpen('setState');
    const { environment } = snapshot.metadata;
    if (environment !== this.id) {
      throw new SnapshotMismatchError(
        `metadata.environment: expected ${JSON.stringify(this.id)}, got ${showStored(environment)}`,
      );
    }
    const physics = requireDoubles(snapshot, 'physics', this.simulation.stateSize);
    const lengths = this.simulation.arrays;
    const derived = this.derived.map((name) => requireDoubles(snapshot, name, lengths[name].length));
    const rng = Rng.fromState(snapshot.metadata.rng);
    this.phase.load(snapshot);
    this.rng = rng;
    this.simulation.setState(physics);
    // Read it again: passing the state may have made MuJoCo's memory grow.
    const { arrays } = this.simulation;
    this.derived.forEach((name, i) => void arrays[name].set(derived[i]!));
    this.remember();
  }

  /**
   * Returns a body, joint, geom, site, tendon, actuator or sensor of the model by name, for subclasses to read: call it in
   * the constructor. What observations or rewards read of it, other than of a joint, must be among the task's `derived`
   * arrays. Throws InvalidInputError with near names, and frees the simulation, if the model has no such part.
   */
  protected find<Kind extends PartKind>(kind: Kind, name: string): NamedParts[Kind] {
    try {
      return this.simulation.find(kind, name);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private begin(): ResetResult<Float64Array, Partial<StepInfo>> {
    this.remember();
    this.phase.begin();
    return { observation: this.makeObservation(), info: this.resetInfo() };
  }
}

function withoutActuators(id: string): InvalidInputError {
  return new InvalidInputError(
    'model',
    `the model of ${id} has no actuators, so an agent could do nothing in it; add one to the model's <actuator>, such as ` +
      '<motor joint="NAME" ctrlrange="-1 1"/>, or use Simulation to simulate it without an agent',
  );
}

/** Returns the control range of every actuator: [low, high] pairs in the model. */
function controlSpace(simulation: Simulation): Box<Float32Array> {
  const { model } = simulation;
  const { actuators: names } = simulation.entryNames();
  const range = model.actuator_ctrlrange as Float64Array;
  const bounds = Array.from({ length: model.nu }, (_, i) => [range[2 * i]!, range[2 * i + 1]!] as const);
  return new Box({ low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high), names });
}

function checkNumbers(field: string, numbers: ArrayLike<number>, length: number): void {
  if (numbers?.length !== length) {
    throw new InvalidInputError(field, `expected ${length} numbers, got ${numbers?.length ?? 'none'}`);
  }
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(numbers[i])) {
      throw new InvalidInputError(`${field}[${i}]`, `expected a finite number, got ${String(numbers[i])}`);
    }
    if (Math.abs(numbers[i]!) > LARGEST) {
      throw new InvalidInputError(
        `${field}[${i}]`,
        `expected a number from -1e10 to 1e10, because MuJoCo considers larger ones unstable, got ${numbers[i]}`,
      );
    }
  }
}
