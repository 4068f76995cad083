import type { MessagePort } from 'node:worker_threads';
import type { Info, Snapshot } from '@maxent/core';
import type { SpaceDescription } from '../vector/space-description.js';
import type { InfoField } from './info-shape.js';

/** What a worker makes its environments from. */
export interface WorkerTask {
  /** URL of the module that exports the plugin. */
  readonly module: string;
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Number of environments in this worker. */
  readonly count: number;
}

/** First message of a worker: its environments are made. */
export interface WorkerReady {
  readonly observationSpace: SpaceDescription;
  readonly actionSpace: SpaceDescription;
  /** Whether every environment has getState and setState. */
  readonly stateful: boolean;
}

/** Instead of WorkerReady: they could not be made. */
export interface WorkerRefusal {
  readonly refused: StoredError;
}

/** Answer to WorkerReady: the memory to talk through from now on, and a port for what does not fit in there. */
export interface WorkerStart {
  readonly buffer: SharedArrayBuffer;
  /** Memory of the countdown, the same for all workers. */
  readonly countdown: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** On the port, from the main thread with the command MESSAGE. */
export type Request =
  | { readonly kind: 'getState' }
  | { readonly kind: 'setState'; readonly states: readonly Snapshot[] };

/** On the port, from the worker, before it counts down. */
export type Reply =
  /** Infos of a new shape, the next by number, will lie in this memory. */
  | { readonly kind: 'shape'; readonly fields: readonly InfoField[]; readonly buffer: SharedArrayBuffer }
  | {
      readonly kind: 'info';
      readonly index: number;
      readonly place: 'info' | 'finalInfo';
      readonly info: Info;
    }
  | { readonly kind: 'states'; readonly states: readonly Snapshot[] }
  /** What environment CURRENT threw. */
  | { readonly kind: 'failure'; readonly error: StoredError };

/** An error in a form that keeps its name on the way between threads. */
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
