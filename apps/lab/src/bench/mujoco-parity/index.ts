import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '@maxent/core';
import { loadMujoco, type MujocoEnvironment, type Simulation } from '@maxent/mujoco';
import { broken, type Check } from '../../checks.js';
import { describeMachine, versionOf } from '../../machine.js';
import { resultsDirectory } from '../../results/results-directory.js';
import { median } from '../../statistics.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { runPython } from '../run-python.js';
import { findTask, mujocoTasks } from '../tasks.js';
import type { EnvironmentRuns, GymnasiumRuns, OpenLoopRun } from './gymnasium-runs.js';
import { plotErrors } from './plot.js';

const STARTS = 5;
const STEPS = 200;
/** Up to this step the error must stay below the limit; after that, contacts make the motion chaotic. */
const JUDGED_STEPS = 20;
const JUDGED_LIMIT = 1e-6;

/** Errors after every step, [start][step]. */
interface Errors {
  readonly id: string;
  readonly ours: readonly (readonly number[])[];
  readonly perturbed: readonly (readonly number[])[];
}

/**
 * How far @maxent/mujoco drifts from the real Gymnasium when both apply the same actions from the same start, next to
 * how far Gymnasium drifts from itself when the start moves by 1e-15. Writes the raw errors and a plot to
 * `results/mujoco-parity/`. Fails if the first 20 steps differ by more than 1e-6.
 */
export const mujocoParity: Benchmark = {
  description:
    "open-loop error against Python Gymnasium over 200 steps, next to Gymnasium's own from starts 1e-15 apart; writes results/mujoco-parity/",
  run,
};

async function run({ python, progress }: BenchOptions): Promise<BenchAnswer> {
  const directory = resultsDirectory('mujoco-parity');
  progress?.('running Gymnasium');
  const interpreter = python ?? process.env.MAXENT_PYTHON ?? 'python3';
  const theirs = runPython(interpreter, 'gymnasium_mujoco_open_loop.py', [
    STARTS,
    STEPS,
    ...mujocoTasks,
  ]) as GymnasiumRuns;
  const errors: Errors[] = [];
  for (const environment of theirs.environments) {
    progress?.(`running ${environment.id}`);
    errors.push({
      id: environment.id,
      ours: await driftOf(environment),
      perturbed: environment.starts.map(({ perturbedErrors }) => perturbedErrors),
    });
  }
  const versions = {
    ...theirs.versions,
    '@maxent/mujoco': versionOf('@maxent/mujoco'),
    '@mujoco/mujoco': (await loadMujoco()).mj_versionString(),
    node: process.versions.node,
  };
  writeResults(directory, errors, versions, theirs.environments);
  return {
    name: 'mujoco-parity',
    machine: describeMachine(),
    versions,
    rows: errors.flatMap((environment) => [
      ...rowsOf(environment.id, 'maxent', environment.ours),
      ...rowsOf(environment.id, 'Gymnasium from 1e-15 beside', environment.perturbed),
    ]),
    ratios: {},
    failures: broken(errors.map(worstOf)),
    notes: [
      `largest absolute difference of qpos and qvel from Gymnasium's, medians over ${STARTS} starts with random actions`,
      'raw errors and a plot: apps/lab/results/mujoco-parity/',
    ],
  };
}

/** Errors of our simulation against the recorded states, [start][step]. */
async function driftOf({ id, frameSkip, starts }: EnvironmentRuns): Promise<number[][]> {
  const { definition } = findTask(id);
  const environment = (await definition.create(parseConfig(definition.options, {}, id))) as MujocoEnvironment;
  const errors = starts.map((start) => replay(environment.simulation, frameSkip, start));
  environment.close();
  return errors;
}

function replay(simulation: Simulation, frameSkip: number, { qpos, qvel, actions, states }: OpenLoopRun) {
  simulation.restart({ qpos, qvel });
  return actions.map((action, t) => {
    simulation.step(action, frameSkip);
    const state = [...simulation.arrays.qpos, ...simulation.arrays.qvel];
    return Math.max(...state.map((value, i) => Math.abs(value - states[t]![i]!)));
  });
}

function rowsOf(id: string, contender: string, errors: readonly (readonly number[])[]): BenchRow[] {
  return [JUDGED_STEPS, STEPS].map((steps) => {
    const runs = errors.map((line) => Math.max(...line.slice(0, steps)));
    return {
      label: `${id}, ${contender}, ${steps} steps`,
      median: median(runs),
      unit: 'largest error',
      runs,
    };
  });
}

function worstOf({ id, ours }: Errors): Check {
  const value = Math.max(...ours.flatMap((line) => line.slice(0, JUDGED_STEPS)));
  return { name: `${id}, ${JUDGED_STEPS} open-loop steps`, value, limit: JUDGED_LIMIT, must: 'be at most' };
}

function writeResults(
  directory: string,
  errors: readonly Errors[],
  versions: Readonly<Record<string, string>>,
  environments: readonly EnvironmentRuns[],
): void {
  mkdirSync(directory, { recursive: true });
  const seeds = Object.fromEntries(
    environments.map(({ id, starts }) => [id, starts.map(({ seed }) => seed)]),
  );
  const raw = {
    versions,
    seeds,
    errors: errors.map(({ id, ours, perturbed }) => ({
      id,
      ours: rounded(ours),
      perturbed: rounded(perturbed),
    })),
  };
  writeFileSync(join(directory, 'open-loop.json'), `${JSON.stringify(raw)}\n`);
  const panels = errors.map(({ id, ours, perturbed }) => ({ title: id, ours, perturbed }));
  const plot = plotErrors(panels, {
    title: `Open loop, ${STEPS} steps of random actions: largest error of qpos and qvel`,
    ours: `@maxent/mujoco against Gymnasium ${versions.gymnasium}`,
    perturbed: 'Gymnasium against itself, starts 1e-15 apart',
  });
  writeFileSync(join(directory, 'open-loop.svg'), plot);
}

/** Three digits are more than enough for an error. */
function rounded(errors: readonly (readonly number[])[]): number[][] {
  return errors.map((line) => line.map((error) => Number(error.toPrecision(3))));
}
