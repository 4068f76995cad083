/**
 * How environments are stepped: one alone, or several as a vector in one thread (`sync`), in several threads of one
 * process (`threads`: one per core, at most one per environment) or each in its own process (`async`).
 */
export type Arrangement = 'single' | 'sync' | 'two threads' | 'threads' | 'async';

/** One line on the standard input of a worker of `bench envs`, ours (`envs-worker.ts`) or theirs (`envs_worker.py`). */
export type EnvsRequest =
  | { readonly command: 'describe' }
  /**
   * Steps for `seconds`, with actions drawn beforehand and resets where episodes end. `environments` is the size of a
   * vector. The first request for a task makes its environments; they are kept until `close`.
   */
  | {
      readonly command: 'step';
      readonly id: string;
      readonly arrangement: Arrangement;
      readonly environments: number;
      readonly seconds: number;
    }
  /** Ours: whole steps against MuJoCo alone. */
  | { readonly command: 'overhead'; readonly id: string }
  | { readonly command: 'close' };

export interface EnvsDescription {
  readonly versions: Readonly<Record<string, string>>;
}

/** Reply to `step`. */
export interface Stepped {
  /** Of single environments: a step of a vector of 8 counts 8. */
  readonly steps: number;
  readonly seconds: number;
}

/** Reply to `overhead`: seconds per step of the same steps, one entry for each time that both were measured. */
export interface Overhead {
  readonly whole: readonly number[];
  readonly mujoco: readonly number[];
}
