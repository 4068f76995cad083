import type { MeasuredKernels } from '../../machine.js';

/** One line on the standard input of a worker of `bench agents`, ours (`agents-worker.ts`) or theirs (`agents_worker.py`). */
export type AgentsRequest =
  | { readonly command: 'describe' }
  /**
   * A safetensors file: ours makes the agent and writes its initial weights, what it has in replay and, in the
   * metadata, its configuration; theirs makes a counterpart of them.
   */
  | { readonly command: 'exchange'; readonly path: string }
  /** The first updates after `exchange`: the means of their metrics. */
  | { readonly command: 'answer'; readonly updates: number }
  /** Updates for about as long as this. */
  | { readonly command: 'update'; readonly seconds: number };

export interface AgentsDescription {
  readonly versions: Readonly<Record<string, string>>;
  /** Of our side only. */
  readonly kernels?: MeasuredKernels;
}

/** Reply to `answer`, by the names of our agents' metrics. */
export type AgentsAnswer = Readonly<Record<string, number>>;

/** Reply to `update`. */
export interface Updated {
  readonly updates: number;
  readonly seconds: number;
}
