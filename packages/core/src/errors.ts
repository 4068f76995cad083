import { printable } from './printable.js';
import { showValue } from './show-value.js';

/** It is in the symbol registry, so that every copy of this package marks its errors in the same way. */
const MARK = Symbol.for('@maxent/core/error');

/**
 * The base of every error that maxent throws on purpose. `code` is stable and meant for programs; `message` is meant
 * for people and names the value at fault, what was expected, and what to do. Characters that would control a terminal
 * are escaped in it.
 *
 * A program may hold several copies of this package, each with its own classes: recognize errors with
 * `isMaxentError(error, code)`, not with `instanceof`.
 */
export abstract class MaxentError extends Error {
  abstract readonly code: string;

  /** @internal */
  get [MARK](): true {
    return true;
  }

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.name = new.target.name;
  }
}

/** A value passed in by the caller (an argument, a configuration field, a file's content) is not usable. */
export class InvalidInputError extends MaxentError {
  readonly code = 'INVALID_INPUT';

  /** `field` is the path of the value at fault, such as `agent.batchSize` or `transition[2][0]`. */
  constructor(
    readonly field: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${field}: ${problem}`, options);
  }
}

/** An action or observation does not belong to the space it was meant for. */
export class SpaceMismatchError extends MaxentError {
  readonly code = 'SPACE_MISMATCH';
}

/** A name is not registered; the message lists the nearest registered ones. */
export class UnknownNameError extends MaxentError {
  readonly code = 'UNKNOWN_NAME';

  constructor(
    readonly kind: string,
    readonly requested: string,
    readonly known: readonly string[],
  ) {
    super(unknownNameMessage(kind, requested, known));
  }
}

/** Two plugins register the same name, or a plugin's definition is malformed. */
export class PluginError extends MaxentError {
  readonly code = 'PLUGIN';
}

/** A method was called in a state that does not allow it, such as `step` before `reset` or after `close`. */
export class InvalidStateError extends MaxentError {
  readonly code = 'INVALID_STATE';
}

/** An environment broke its contract while running, for example with a reward that is NaN. */
export class EnvironmentFaultError extends MaxentError {
  readonly code = 'ENVIRONMENT_FAULT';
}

/** An agent broke its contract while running, for example with an action that is undefined. */
export class AgentFaultError extends MaxentError {
  readonly code = 'AGENT_FAULT';
}

/** Learning produced a number that is not finite. */
export class DivergenceError extends MaxentError {
  readonly code = 'DIVERGENCE';
}

/** Stored data (a checkpoint, a safetensors file) is truncated, altered, or in a different format. */
export class DamagedDataError extends MaxentError {
  readonly code = 'DAMAGED_DATA';
}

/** The system refused to read or write stored data: a full disk, missing permission, a failing device. */
export class StorageError extends MaxentError {
  readonly code = 'STORAGE';
}

/** Another process has taken over the run that this one was writing to. It has written nothing since. */
export class LockLostError extends MaxentError {
  readonly code = 'LOCK_LOST';
}

/** A snapshot is intact but does not fit the object that was asked to load it. */
export class SnapshotMismatchError extends MaxentError {
  readonly code = 'SNAPSHOT_MISMATCH';
}

/** No backend that satisfies the request can run here. */
export class BackendUnavailableError extends MaxentError {
  readonly code = 'BACKEND_UNAVAILABLE';
}

/** A WebAssembly file could not be read, is not WebAssembly, or may not be compiled here. */
export class WasmLoadError extends MaxentError {
  readonly code = 'WASM_LOAD';
}

/** This package's error classes, by code. */
export interface ErrorsByCode {
  readonly INVALID_INPUT: InvalidInputError;
  readonly SPACE_MISMATCH: SpaceMismatchError;
  readonly UNKNOWN_NAME: UnknownNameError;
  readonly PLUGIN: PluginError;
  readonly INVALID_STATE: InvalidStateError;
  readonly ENVIRONMENT_FAULT: EnvironmentFaultError;
  readonly AGENT_FAULT: AgentFaultError;
  readonly DIVERGENCE: DivergenceError;
  readonly DAMAGED_DATA: DamagedDataError;
  readonly STORAGE: StorageError;
  readonly LOCK_LOST: LockLostError;
  readonly SNAPSHOT_MISMATCH: SnapshotMismatchError;
  readonly BACKEND_UNAVAILABLE: BackendUnavailableError;
  readonly WASM_LOAD: WasmLoadError;
}

/**
 * Whether maxent threw an error on purpose and, if a code is given, whether the error has it. Unlike `instanceof`, this
 * also recognizes errors from another copy of this package, which plugins usually bring.
 */
export function isMaxentError(error: unknown): error is MaxentError;
export function isMaxentError<Code extends keyof ErrorsByCode>(
  error: unknown,
  code: Code,
): error is ErrorsByCode[Code];
export function isMaxentError(error: unknown, code: string): error is MaxentError;
export function isMaxentError(error: unknown, code?: string): boolean {
  if (typeof error !== 'object' || error === null || !(MARK in error)) return false;
  return code === undefined || (error as MaxentError).code === code;
}

function unknownNameMessage(kind: string, requested: string, known: readonly string[]): string {
  const near = nearestNames(requested, known);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
      : known.length > 0
        ? `Known: ${known.join(', ')}.`
        : 'None is registered.';
  return `unknown ${kind} ${showValue(requested)}. ${hint}`;
}

/** The shortest name that is looked for inside longer ones: `learningRate` in `actorLearningRate`. */
const SHORTEST_PART = 4;

/**
 * Up to `limit` known names that contain `requested`, followed by the nearest ones within a third of its length in
 * edits.
 */
export function nearestNames(requested: string, known: readonly string[], limit = 3): string[] {
  const wanted = requested.toLowerCase();
  // A request far longer than any name is near none, and the table of edits would take minutes.
  if (wanted.length > 100) return [];
  const tolerance = Math.max(2, Math.ceil(wanted.length / 3));
  return known
    .map((name) => {
      const lower = name.toLowerCase();
      const contains = wanted.length >= SHORTEST_PART && lower.includes(wanted);
      const near = contains || (wanted !== '' && lower.startsWith(wanted));
      return { name, near, contains, distance: editDistance(wanted, lower) };
    })
    .filter(({ near, distance }) => near || (wanted !== '' && distance <= tolerance))
    .sort(
      (a, b) =>
        Number(b.contains) - Number(a.contains) || a.distance - b.distance || (a.name < b.name ? -1 : 1),
    )
    .slice(0, limit)
    .map(({ name }) => name);
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
