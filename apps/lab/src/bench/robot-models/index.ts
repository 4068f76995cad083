import { join } from 'node:path';
import { loadMujoco, type Mujoco, Simulation } from '@maxent/mujoco';
import { readModel } from '@maxent/mujoco/node';
import { broken, type Check } from '../../checks.js';
import { describeMachine, versionOf } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { runPython } from '../run-python.js';

const STEPS = 100;
const LIMIT = 1e-9;

/** What peers/dm_control_models.py prints. */
interface PythonRuns {
  readonly versions: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly models: readonly (ModelRun | NoModel)[];
}

interface ModelRun {
  readonly file: string;
  readonly controls: readonly (readonly number[])[];
  /** qpos, qvel and sensordata after every step. */
  readonly states: readonly (readonly number[])[];
  /** Largest error of a run in Python that began 1e-15 beside. */
  readonly perturbedError: number;
  /** Python's full state before every step, where that error is above the limit. */
  readonly before: readonly (readonly number[])[] | null;
  /** How many of each kind of part the model has. */
  readonly has: Readonly<Record<string, number>>;
}

/** A file that Python's MuJoCo does not compile by itself either. */
interface NoModel {
  readonly file: string;
  readonly problem: string;
}

interface Comparison extends ModelRun {
  /** The largest after steps that go on from one another. */
  readonly error: number;
  /** The largest after steps that each start from Python's state; undefined where Python sent none. */
  readonly stepError: number | undefined;
}

/**
 * Every model file of dm_control against Python's MuJoCo, from the initial state with the same random controls: qpos,
 * qvel and sensordata, relative to numbers above 1. Fails if one differs by more than 1e-9 in 100 steps, or is a model
 * in Python alone. Where Python's own motion from a start 1e-15 beside differs by more than that, any rounding does: then
 * each of the 100 steps is judged by itself, from Python's state.
 */
export const robotModels: Benchmark = {
  description:
    "all models of dm_control against Python's MuJoCo over 100 steps of random control; must agree to 1e-9",
  run,
};

async function run({ python, progress }: BenchOptions): Promise<BenchAnswer> {
  progress?.("running Python's MuJoCo");
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const theirs = runPython(interpreter, 'dm_control_models.py', [STEPS]) as PythonRuns;
  const mujoco = await loadMujoco();
  const compared: Comparison[] = [];
  const refused: string[] = [];
  for (const model of theirs.models) {
    if ('problem' in model) continue;
    progress?.(`running ${model.file}`);
    try {
      compared.push({ ...model, ...(await errorsOf(mujoco, theirs.folder, model)) });
    } catch (error) {
      refused.push(`${model.file} is a model in Python alone: ${(error as Error).message.trim()}`);
    }
  }
  const checks = compared.map(({ file, error, stepError }): Check => {
    const single = error > LIMIT && stepError !== undefined;
    const name = `${file}, ${STEPS} ${single ? 'single steps' : 'steps'}`;
    return { name, value: single ? stepError : error, limit: LIMIT, must: 'be at most' };
  });
  return {
    name: 'robot-models',
    machine: describeMachine(),
    versions: {
      ...theirs.versions,
      '@maxent/mujoco': versionOf('@maxent/mujoco'),
      '@mujoco/mujoco': mujoco.mj_versionString(),
      node: process.versions.node,
    },
    rows: compared.flatMap(({ file, error, perturbedError, stepError }) => [
      rowOf(file, error),
      rowOf(`${file}, Python from 1e-15 beside`, perturbedError),
      ...(stepError === undefined ? [] : [rowOf(`${file}, single steps`, stepError)]),
    ]),
    ratios: {},
    failures: [...refused, ...broken(checks)],
    notes: [
      `${compared.length} of ${theirs.models.length} files compared; among them are models with ${sharesOf(compared)}`,
      ...theirs.models.flatMap((model) =>
        'problem' in model
          ? [`left out, because Python's MuJoCo refuses it: ${model.file}: ${model.problem}`]
          : [],
      ),
    ],
  };
}

function rowOf(label: string, error: number): BenchRow {
  return { label, median: error, unit: 'largest error', runs: [error] };
}

async function errorsOf(mujoco: Mujoco, folder: string, run: ModelRun) {
  const { model: xml, assets } = await readModel(join(folder, run.file), { folder });
  const simulation = new Simulation(mujoco, { xml, assets });
  try {
    simulation.reset();
    simulation.forward();
    const error = replay(simulation, run);
    return { error, stepError: run.before === null ? undefined : replay(simulation, run, run.before) };
  } finally {
    simulation.delete();
  }
}

/** The largest difference from Python's states, of one run or of single steps from given states. */
function replay(
  simulation: Simulation,
  { controls, states }: ModelRun,
  before?: readonly (readonly number[])[],
): number {
  const errors = controls.map((control, t) => {
    if (before !== undefined) simulation.setState(Float64Array.from(before[t]!));
    simulation.step(control, 1);
    const { qpos, qvel, sensorData } = simulation.arrays;
    const ours = [...qpos, ...qvel, ...sensorData];
    if (ours.length !== states[t]!.length) return Infinity;
    return Math.max(0, ...ours.map((value, i) => differenceOf(value, states[t]![i]!)));
  });
  return Math.max(...errors);
}

function differenceOf(ours: number, theirs: number): number {
  return Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs));
}

/** `12 with meshes, 3 with tendons`, and so on. */
function sharesOf(models: readonly ModelRun[]): string {
  const kinds = Object.keys(models[0]?.has ?? {});
  return kinds.map((kind) => `${kind} (${models.filter(({ has }) => has[kind]! > 0).length})`).join(', ');
}
