import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { packageDirectory } from '../machine.js';

/** What peers/gymnasium_mujoco_open_loop.py prints. */
export interface GymnasiumRuns {
  readonly versions: Readonly<Record<string, string>>;
  readonly perturbation: number;
  readonly environments: readonly EnvironmentRuns[];
}

export interface EnvironmentRuns {
  readonly id: string;
  readonly frameSkip: number;
  readonly starts: readonly OpenLoopRun[];
}

export interface OpenLoopRun {
  readonly seed: number;
  readonly qpos: readonly number[];
  readonly qvel: readonly number[];
  readonly actions: readonly (readonly number[])[];
  /** qpos, then qvel, after every step. */
  readonly states: readonly (readonly number[])[];
  /** Largest difference, after every step, to the run whose start was perturbed. */
  readonly perturbedErrors: readonly number[];
}

const MAX_OUTPUT_BYTES = 2 ** 28;

/** Throws InvalidInputError when the interpreter cannot be started or lacks a package. */
export function runGymnasium(python: string, starts: number, steps: number): GymnasiumRuns {
  const script = join(packageDirectory, 'peers', 'gymnasium_mujoco_open_loop.py');
  try {
    const output = execFileSync(python, [script, String(starts), String(steps)], {
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(output) as GymnasiumRuns;
  } catch (cause) {
    const { stderr, message } = cause as { stderr?: string; message: string };
    const reason = stderr?.trim().split('\n').at(-1) || message;
    throw new InvalidInputError(
      'python',
      `"${python}" cannot run ${script}: ${reason}. Give --python PATH of an interpreter with the packages of peers/requirements.txt`,
      { cause },
    );
  }
}
