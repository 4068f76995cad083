import type { MessagePort } from 'node:worker_threads';
import type { Info, Snapshot } from '@maxent/core';
import type { SpaceDescription } from '../vector/space-description.js';
import type { InfoField } from './info-shape.js';

/** What a thread makes its environments from. */
export interface ShareTask {
  /** The URL of the module that exports the plugin. */
  readonly module: string;
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** The number of environments in this thread. */
  readonly count: number;
  /** Whether each environment is guarded, and its first episodes checked more closely; absent for no guard. */
  readonly guard?: { readonly check: boolean };
}

/** A worker's first message: its environments have been made. */
export interface WorkerReady {
  readonly observationSpace: SpaceDescription;
  readonly actionSpace: SpaceDescription;
  /** Whether every environment has getState and setState. */
  readonly stateful: boolean;
  /** Whether any environment has getStatistics. */
  readonly keepsStatistics: boolean;
}

/** Sent instead of WorkerReady: the environments could not be made. */
export interface WorkerRefusal {
  readonly refused: StoredError;
}

/** The answer to WorkerReady: the memory to communicate through, and a port for everything that does not fit in it. */
export interface WorkerStart {
  readonly buffer: SharedArrayBuffer;
  /** The memory of the countdown, which all workers share. */
  readonly countdown: SharedArrayBuffer;
  /** How long to look for a command before sleeping; see `Lookout`. */
  readonly moment: number;
  readonly port: MessagePort;
}

/** Sent on the port by the main thread, with the command MESSAGE. */
export type Request =
  | { readonly kind: 'getState' }
  | { readonly kind: 'setState'; readonly states: readonly Snapshot[] };

/** Sent on the port by the worker, before it counts down. */
export type Reply =
  /** Infos of a new shape, which gets the next number, will lie in this memory. */
  | { readonly kind: 'shape'; readonly fields: readonly InfoField[]; readonly buffer: SharedArrayBuffer }
  | {
      readonly kind: 'info';
      readonly index: number;
      readonly place: 'info' | 'finalInfo';
      readonly info: Info;
    }
  | { readonly kind: 'states'; readonly states: readonly Snapshot[] }
  /** The error that environment CURRENT threw. */
  | { readonly kind: 'failure'; readonly error: StoredError };

/** An error in a form that keeps its name when sent between threads. */
export interface StoredError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

export function storeError(thrown: unknown): StoredError {
  if (thrown instanceof Error) return { name: thrown.name, message: thrown.message, stack: thrown.stack };
  return { name: 'Error', message: String(thrown), stack: undefined };
}

export function restoreError({ name, message, stack }: StoredError): Error {
  return Object.assign(new Error(message), { name, ...(stack !== undefined && { stack }) });
}
