import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Mujoco, Simulation } from '@maxent/mujoco';
import { readModel } from '@maxent/mujoco/node';

/** The largest error that counts as agreement. */
export const LIMIT = 1e-9;
/** MuJoCo's mjDSBL_CONTACT. */
const WITHOUT_CONTACTS = 1 << 4;

/** What MuJoCo's bindings have beyond what this project declares of them. */
interface CompiledModel {
  readonly mesh_polyvert: Int32Array;
  readonly opt: { disableflags: number };
}

/** A run in Python's MuJoCo. */
interface PythonRun {
  readonly controls: readonly (readonly number[])[];
  /** qpos, qvel and sensordata after every step. */
  readonly states: readonly (readonly number[])[];
  /** Largest error of a run in Python that began 1e-15 beside. */
  readonly perturbedError: number;
  /** Python's full state before every step, where that error is above the limit. */
  readonly before: readonly (readonly number[])[] | null;
  /** For each of these steps, how far Python's own result moves when the starting state is perturbed. */
  readonly spreads: readonly number[] | null;
}

export interface ModelRun {
  readonly file: string;
  readonly run: PythonRun;
  /** Of a model with meshes, where `run` has states before. */
  readonly withoutContacts: PythonRun | null;
  /** SHA-256 of the polygons that convex hulls of meshes are made of. */
  readonly hulls: string;
  /** How many of each kind of part the model has. */
  readonly has: Readonly<Record<string, number>>;
}

export interface Comparison {
  readonly model: ModelRun;
  /** What was compared: Python's run, or that without contacts. */
  readonly run: PythonRun;
  readonly sameHulls: boolean;
  /** The largest after steps that go on from one another. */
  readonly error: number;
  /** The largest after steps that each start from Python's state; undefined where Python sent none. */
  readonly stepError: number | undefined;
}

/** A model of many files in a folder next to Python's run of it. */
export async function compareModel(mujoco: Mujoco, folder: string, model: ModelRun): Promise<Comparison> {
  const { model: xml, assets } = await readModel(join(folder, model.file), { folder });
  const simulation = new Simulation(mujoco, { xml, assets });
  try {
    const compiled = simulation.model as unknown as CompiledModel;
    const polygons = Int32Array.from(compiled.mesh_polyvert);
    const sameHulls =
      createHash('sha256').update(new Uint8Array(polygons.buffer)).digest('hex') === model.hulls;
    const whole = errorsOf(simulation, model.run);
    if (sameHulls || agrees(whole) || model.withoutContacts === null) {
      return { model, run: model.run, sameHulls, ...whole };
    }
    compiled.opt.disableflags |= WITHOUT_CONTACTS;
    return { model, run: model.withoutContacts, sameHulls, ...errorsOf(simulation, model.withoutContacts) };
  } finally {
    simulation.delete();
  }
}

type Errors = Pick<Comparison, 'error' | 'stepError'>;

const agrees = ({ error, stepError = error }: Errors): boolean => Math.min(error, stepError) <= LIMIT;

function errorsOf(simulation: Simulation, run: PythonRun): Errors {
  simulation.reset();
  simulation.forward();
  const error = Math.max(...replay(simulation, run));
  const { before, spreads } = run;
  if (before === null) return { error, stepError: undefined };
  const steps = replay(simulation, run, before);
  return { error, stepError: Math.max(...steps.map((found, t) => (found <= spreads![t]! ? 0 : found))) };
}

/** The largest difference from Python's states after each step, of one run or of single steps from given states. */
function replay(
  simulation: Simulation,
  { controls, states }: PythonRun,
  before?: readonly (readonly number[])[],
): number[] {
  return controls.map((control, t) => {
    if (before !== undefined) simulation.setState(Float64Array.from(before[t]!));
    simulation.step(control, 1);
    const { qpos, qvel, sensorData } = simulation.arrays;
    const ours = [...qpos, ...qvel, ...sensorData];
    if (ours.length !== states[t]!.length) return Infinity;
    return Math.max(0, ...ours.map((value, i) => differenceOf(value, states[t]![i]!)));
  });
}

function differenceOf(ours: number, theirs: number): number {
  return Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
}
