import { InvalidInputError } from '@maxent/core';
import { platform } from '#platform';
import type { KernelChoice } from './kernels/kernel-builds.js';
import type { BackendName, SelectBackendOptions } from './select-backend.js';

function isBackendName(value: string): value is BackendName {
  return value === 'native' || value === 'wasm' || value === 'cpu';
}

interface Request {
  readonly value: string;
  /** The option or environment variable that the value comes from. */
  readonly source: string;
}

/** The value of an option or, if that leaves the choice open, of an environment variable; otherwise `auto`. */
function requestOf(
  option: string | undefined,
  optionName: string,
  variable: 'MAXENT_BACKEND' | 'MAXENT_KERNELS',
): Request {
  const open = option === undefined || option === 'auto';
  return {
    value: (open ? platform.environment(variable) : option) || 'auto',
    source: open ? variable : optionName,
  };
}

/** The backend that was asked for by name, and by what. */
export function requestedName({ prefer, askedBy = 'prefer' }: SelectBackendOptions): {
  name: BackendName | undefined;
  source: string;
} {
  const { value, source } = requestOf(prefer, askedBy, 'MAXENT_BACKEND');
  if (value === 'auto') return { name: undefined, source };
  if (isBackendName(value)) return { name: value, source };
  throw new InvalidInputError(source, `expected auto, native, wasm or cpu, but got "${value}"`);
}

export function requestedKernels({ kernels }: SelectBackendOptions): KernelChoice {
  const { value, source } = requestOf(kernels, 'kernels', 'MAXENT_KERNELS');
  if (value === 'auto' || value === 'addon' || value === 'wasm') return value;
  throw new InvalidInputError(source, `expected auto, addon or wasm, but got "${value}"`);
}

export function requestedThreads({ threads }: SelectBackendOptions): number | undefined {
  const text = threads === undefined ? platform.environment('MAXENT_THREADS') : undefined;
  const value = text ? Number(text) : threads;
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return value;
  const field = text ? 'MAXENT_THREADS' : 'threads';
  throw new InvalidInputError(field, `expected a positive integer or nothing, but got ${text || threads}`);
}
