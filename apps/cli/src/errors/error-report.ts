import { isMaxentError } from '@maxent/core';
import { exitCodes } from './exit-codes.js';

export interface ErrorReport {
  /** Stable, for programs: `INVALID_INPUT`, `UNKNOWN_NAME`, ..., or `INTERNAL` for an unforeseen error. */
  readonly code: string;
  /** The option, configuration key or file field at fault, if there is one. */
  readonly field?: string;
  readonly message: string;
  readonly exitCode: number;
  /** Where an unforeseen error came from. */
  readonly stack?: string;
}

/**
 * Codes of the errors of `@maxent/core` and what they mean for the caller. They are recognized by code, not by class: a
 * plugin may bring its own copy of `@maxent/core`.
 */
const exitCodeByErrorCode: Readonly<Record<string, number>> = {
  INVALID_INPUT: exitCodes.usage,
  UNKNOWN_NAME: exitCodes.usage,
  SPACE_MISMATCH: exitCodes.usage,
  PLUGIN: exitCodes.usage,
  DAMAGED_DATA: exitCodes.usage,
  SNAPSHOT_MISMATCH: exitCodes.usage,
  INVALID_STATE: exitCodes.failure,
  ENVIRONMENT_FAULT: exitCodes.failure,
  AGENT_FAULT: exitCodes.failure,
  DIVERGENCE: exitCodes.failure,
  STORAGE: exitCodes.failure,
  LOCK_LOST: exitCodes.failure,
  BACKEND_UNAVAILABLE: exitCodes.failure,
};

/** Other errors that were thrown deliberately, such as a plugin's own, are failures. */
function codeOfOthers(error: Error): number | undefined {
  return isMaxentError(error) ? exitCodes.failure : undefined;
}

/** Reads any thrown value. */
export function reportOf(thrown: unknown): ErrorReport {
  if (!(thrown instanceof Error)) {
    return { code: 'INTERNAL', message: String(thrown), exitCode: exitCodes.failure };
  }
  const { code, field, kind } = thrown as Error & { code?: unknown; field?: unknown; kind?: unknown };
  const exitCode = typeof code === 'string' ? (exitCodeByErrorCode[code] ?? codeOfOthers(thrown)) : undefined;
  if (typeof code !== 'string' || exitCode === undefined) {
    const stack = thrown.stack === undefined ? {} : { stack: thrown.stack };
    return { code: 'INTERNAL', message: thrown.message, exitCode: exitCodes.failure, ...stack };
  }
  const named = typeof field === 'string' ? field : typeof kind === 'string' ? kind : undefined;
  return { code, ...(named === undefined ? {} : { field: named }), message: thrown.message, exitCode };
}
