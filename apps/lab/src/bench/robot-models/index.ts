import { loadMujoco } from '@maxent/mujoco';
import { broken, type Check } from '../../checks.js';
import { describeMachine, versionOf } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { runPython } from '../run-python.js';
import { type Comparison, compareModel, LIMIT, type ModelRun } from './compare-model.js';

const STEPS = 100;

/** What peers/dm_control_models.py prints. */
interface PythonRuns {
  readonly versions: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly models: readonly (ModelRun | NoModel)[];
}

/** A file that Python's MuJoCo does not compile by itself either. */
interface NoModel {
  readonly file: string;
  readonly problem: string;
}

/**
 * Every model file of dm_control against Python's MuJoCo, from the initial state with the same random controls: qpos,
 * qvel and sensordata, relative to numbers above 1. Fails if one differs by more than 1e-9 in 100 steps, or is a model
 * in Python alone, unless it needs more memory than WebAssembly has.
 *
 * Chaotic models amplify any rounding: those that Python itself carries further than 1e-9 from a start perturbed by 1e-15.
 * For them each of the 100 steps is judged alone, from Python's state, and may differ by as much as that step does in
 * Python when its starting state is perturbed. MuJoCo's two builds can also split the hull of the same mesh into different
 * polygons, which then touch at different points. If such a model does not agree, it is compared without contacts.
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
  const tooLarge: string[] = [];
  for (const model of theirs.models) {
    if ('problem' in model) continue;
    progress?.(`running ${model.file}`);
    try {
      compared.push(await compareModel(mujoco, theirs.folder, model));
    } catch (error) {
      const { message } = error as Error;
      const list = message.includes('Could not allocate memory') ? tooLarge : refused;
      list.push(`${model.file}: ${message.trim()}`);
    }
  }
  const checks = compared.map(({ model, run, error, stepError }): Check => {
    const single = error > LIMIT && stepError !== undefined;
    const what = `${model.file}${run === model.run ? '' : ', without contacts'}`;
    const name = `${what}, ${STEPS} ${single ? 'single steps' : 'steps'}`;
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
    rows: compared.flatMap(({ model: { file }, run, error, stepError }) => [
      rowOf(file, error),
      rowOf(`${file}, Python from 1e-15 beside`, run.perturbedError),
      ...(stepError === undefined
        ? []
        : [rowOf(`${file}, single steps beyond Python's own spread`, stepError)]),
    ]),
    ratios: {},
    failures: [...refused.map((model) => `a model in Python alone: ${model}`), ...broken(checks)],
    notes: [
      `${compared.length} of ${theirs.models.length} files compared; among them are models with ${sharesOf(compared.map(({ model }) => model))}`,
      ...compared
        .filter(({ sameHulls }) => !sameHulls)
        .map(
          ({ model, run }) =>
            `MuJoCo's builds make other polygons of the hulls of ${model.file}${run === model.run ? '' : ', which was compared without contacts'}`,
        ),
      ...tooLarge.map(
        (model) => `left out, because MuJoCo's WebAssembly build has 2 GiB of memory: ${model}`,
      ),
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

/** `12 with meshes, 3 with tendons`, and so on. */
function sharesOf(models: readonly ModelRun[]): string {
  const kinds = Object.keys(models[0]?.has ?? {});
  return kinds.map((kind) => `${kind} (${models.filter(({ has }) => has[kind]! > 0).length})`).join(', ');
}
