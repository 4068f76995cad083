import {
  Box,
  type BoxArray,
  type Environment,
  type Info,
  InvalidInputError,
  type ResetOptions,
  type ResetResult,
  Rng,
  type Snapshot,
  SnapshotMismatchError,
  type StepResult,
  showStored,
} from '@maxent/core';
import { checkAction, EpisodePhase, requireDoubles } from '@maxent/envs';
import type { Mujoco } from './load-mujoco.js';
import type { MjcfElement } from './mjcf/elements.js';
import { toXml } from './mjcf/to-xml.js';
import type { ModelScaling } from './model-scaling.js';
import { drawSvg, type PictureSize } from './render/draw-svg.js';
import { type CameraOptions, Stage } from './render/stage.js';
import {
  type Instability,
  LARGEST,
  type PhysicsState,
  Simulation,
  type SimulationArrays,
} from './simulation.js';

/** What a MuJoCo task is made of, besides its rewards. */
export interface MujocoTask {
  /** Names the task in snapshots. */
  readonly id: string;
  /** The model as MJCF elements or text. */
  readonly model: MjcfElement | string;
  /** Multipliers of the model's physics. Default: none. */
  readonly scaling?: ModelScaling | undefined;
  /** Physics steps per environment step. */
  readonly frameSkip: number;
  /**
   * Arrays that observations or rewards read and that do not follow from the physical state: after a step, MuJoCo's
   * derived quantities are those of the last evaluation within the step. Snapshots hold them. Contact forces are
   * computed, after each step, only when `cfrcExt` is among them. Default: none.
   */
  readonly derived?: readonly (keyof SimulationArrays)[];
}

/** The size of a picture and where it is taken from. */
export type PictureOptions = PictureSize & CameraOptions;

/** What one environment step yields, besides the observation. */
export interface Outcome<StepInfo = Info> {
  readonly reward: number;
  readonly terminated: boolean;
  readonly info: StepInfo;
}

/** What a task's steps report: numbers by name and, where the simulation became unstable, MuJoCo's name of it. */
export type MujocoInfo<Name extends string> = Readonly<Record<Name, number>> & {
  readonly instability?: Instability;
};

/**
 * What Gymnasium's MuJoCo environments share: the action is the control of the motors for `frameSkip` physics steps
 * and bounded by their control range, beyond which MuJoCo clips it; a reset adds noise to the reference position;
 * contact forces, where they matter, are computed after the steps. Subclasses give noise, observation, reward and termination.
 *
 * Where the simulation becomes unstable, which MuJoCo answers by a silent reset of its own, the step ends the episode as
 * truncated, with MuJoCo's name of the warning as `info.instability`: `BADQPOS`, `BADQVEL` or `BADQACC`. The robot is
 * then back where it was before the step, and observation, reward and the rest of `info` are those of a step in which it
 * did not move: finite, and nothing is paid for a jump that no physics made.
 *
 * Holds memory outside JavaScript's heap: call `close`. Until the first `reset` with a seed, random numbers are those
 * of seed 0.
 */
export abstract class MujocoEnvironment<StepInfo extends Info = Info>
  implements Environment<BoxArray, BoxArray, StepInfo>
{
  abstract readonly observationSpace: Box;
  readonly actionSpace: Box<Float32Array>;
  /** Seconds per environment step: the model's time step times the frame skip. */
  readonly dt: number;
  /** The simulation underneath, to look at. What changes it here goes unnoticed by rewards and the end of episodes. */
  readonly simulation: Simulation;
  private readonly id: string;
  private readonly frameSkip: number;
  private readonly derived: readonly (keyof SimulationArrays)[];
  private readonly needsContactForces: boolean;
  private readonly phase = new EpisodePhase();
  private rng = Rng.fromSeed(0);
  /** Where the robot was before the step. */
  private readonly before: { readonly [Name in 'qpos' | 'qvel' | 'qaccWarmstart']: Float64Array };

  /** Throws InvalidInputError when the model does not compile. */
  constructor(mujoco: Mujoco, { id, model, scaling, frameSkip, derived = [] }: MujocoTask) {
    const xml = typeof model === 'string' ? model : toXml(model);
    this.simulation = new Simulation(mujoco, { xml, scaling });
    this.id = id;
    this.frameSkip = frameSkip;
    this.derived = derived;
    this.needsContactForces = derived.includes('cfrcExt');
    this.dt = this.simulation.model.opt.timestep * frameSkip;
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
   * What `info` holds after a reset. An outcome that repeats it spreads it behind its own entries: before version 12,
   * V8 takes microseconds to add entries to an object that begins with a spread.
   */
  protected abstract resetInfo(): Partial<StepInfo>;

  /** Keeps what the next step will be compared with, such as a position; called after every reset and step. */
  protected remember(): void {
    // Most rewards look back at something, but not all.
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
   * arrays of another length than the model's, or with entries that are not finite or beyond 1e10, which MuJoCo calls
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

  /** The step that ends an episode because the simulation became unstable in it. */
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
   * A drawing of the current state: the text of an SVG document, 480 x 360 pixels by default. Until the first reset, the
   * robot is in the model's own posture. Throws InvalidInputError when the model has geoms that cannot be drawn.
   */
  render({ width, height, ...camera }: PictureOptions = {}): string {
    this.phase.requireOpen('render');
    const stage = new Stage(this.simulation, camera);
    try {
      stage.update();
      return drawSvg(stage, { width, height });
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

  /** Throws SnapshotMismatchError, changing nothing, when the snapshot is not of this environment. */
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
    // Taken anew: handing over the state may have made MuJoCo's memory grow.
    const { arrays } = this.simulation;
    this.derived.forEach((name, i) => void arrays[name].set(derived[i]!));
    this.remember();
  }

  /** The number of a body of the model, for `xpos` and the like. Throws InvalidInputError when there is none. */
  protected bodyNumber(name: string): number {
    const number = this.simulation.bodyNumber(name);
    if (number === undefined) {
      this.close();
      throw new InvalidInputError('model', `expected a model with a body named "${name}"`);
    }
    return number;
  }

  private begin(): ResetResult<Float64Array, Partial<StepInfo>> {
    this.remember();
    this.phase.begin();
    return { observation: this.makeObservation(), info: this.resetInfo() };
  }
}

/** The control range of every actuator: [low, high] pairs in the model. */
function controlSpace({ model }: Simulation): Box<Float32Array> {
  const range = model.actuator_ctrlrange as Float64Array;
  const bounds = Array.from({ length: model.nu }, (_, i) => [range[2 * i]!, range[2 * i + 1]!] as const);
  return new Box({ low: bounds.map(([low]) => low), high: bounds.map(([, high]) => high) });
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
        `expected a number from -1e10 to 1e10, beyond which MuJoCo calls a simulation unstable, got ${numbers[i]}`,
      );
    }
  }
}
