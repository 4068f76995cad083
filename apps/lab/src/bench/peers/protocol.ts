import type { JsonObject } from '@maxent/core';
import type { MeasuredKernels } from '../../machine.js';

/** Pieces of work that either side does on request, counted in gradient steps or environment steps. */
export type Work = 'updates' | 'environment' | 'training';

/** One line on a worker's standard input. */
export type WorkerRequest =
  | { readonly command: 'describe' }
  | { readonly command: 'profile'; readonly count: number }
  | { readonly command: Work; readonly count: number };

/** Reply to `profile`: where the time of our gradient steps goes. */
export interface UpdateProfile {
  /** Seconds per gradient step. */
  readonly update: number;
  /** Of these, in products of matrices. */
  readonly products: number;
  /** Multiply-adds per second of the products. */
  readonly rate: number;
  /** Multiply-adds per second in registers alone, with the same instructions on the same cores; absent on wasm. */
  readonly peak?: number;
}

export interface WorkerDescription {
  readonly versions: Readonly<Record<string, string>>;
  /** By the names of our agent's configuration; both sides must give the same. */
  readonly hyperparameters: JsonObject;
  /** Of our side only. */
  readonly kernels?: MeasuredKernels;
}

/** Instead of the answer to the first request: a package of this side cannot be loaded. */
export interface WorkerMissing {
  readonly missing: string;
}

export interface WorkerMeasurement {
  readonly seconds: number;
}
