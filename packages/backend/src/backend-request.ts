import { BackendUnavailableError, InvalidInputError } from '@maxent/core';
import { platform } from '#platform';
import type { KernelChoice } from './kernels/kernel-builds.js';
import type { BackendName, SelectBackendOptions } from './select-backend.js';

function isBackendName(value: string): value is BackendName {
  return value === 'native' || value === 'wasm' || value === 'cpu';
}

/** The backend that was asked for by name, and by what. */
export function requestedName({ prefer, askedBy = 'prefer' }: SelectBackendOptions): {
  name: BackendName | undefined;
  source: string;
} {
  const fromEnvironment = prefer === undefined || prefer === 'auto';
  const field = fromEnvironment ? 'MAXENT_BACKEND' : askedBy;
  const value: string | undefined = fromEnvironment ? platform.environment('MAXENT_BACKEND') : prefer;
  if (value === undefined || value === '' || value === 'auto') return { name: undefined, source: field };
  if (!isBackendName(value)) {
    throw new InvalidInputError(field, `expected auto, native, wasm or cpu, but got "${value}"`);
  }
  return { name: value, source: field };
}

export function requestedKernels({ kernels }: SelectBackendOptions): KernelChoice {
  const fromEnvironment = kernels === undefined || kernels === 'auto';
  const value: string = (fromEnvironment ? platform.environment('MAXENT_KERNELS') : kernels) || 'auto';
  if (value === 'auto' || value === 'addon' || value === 'wasm') return value;
  const field = fromEnvironment ? 'MAXENT_KERNELS' : 'kernels';
  throw new InvalidInputError(field, `expected auto, addon or wasm, but got "${value}"`);
}

/** Throws BackendUnavailableError without the addon. Otherwise `auto` would pass over wasm and take a slower backend. */
export function requireAddon(): void {
  const { available, reason } = platform.kernelAddon().status;
  if (available) return;
  throw new BackendUnavailableError(
    `the addon's kernels were asked for and cannot be used: ${reason}; with kernels "auto" or "wasm" it is not needed`,
  );
}

export function requestedThreads({ threads }: SelectBackendOptions): number | undefined {
  const text = threads === undefined ? platform.environment('MAXENT_THREADS') : undefined;
  const value = text ? Number(text) : threads;
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return value;
  const field = text ? 'MAXENT_THREADS' : 'threads';
  throw new InvalidInputError(field, `expected a positive integer or nothing, but got ${text || threads}`);
}
