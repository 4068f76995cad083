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
  /** Largest difference, after every step, from the run with the perturbed start. */
  readonly perturbedErrors: readonly number[];
}
