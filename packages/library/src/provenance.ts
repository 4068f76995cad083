import type { BackendReport } from '@maxent/backend';
import type { RunConfig } from '@maxent/training';
import { platform } from '#platform';
import packageJson from '../package.json' with { type: 'json' };
import type { Machine } from './platform/platform.js';

/** What a result depends on besides its configuration: code, versions and machine. */
export function provenance(backend: BackendReport): RunConfig['provenance'] {
  const { name, version, tensorflow, kernels, simd, rounding, reason, threads, calibration } = backend;
  return {
    startedAt: new Date().toISOString(),
    versions: {
      maxent: packageJson.version,
      ...platform.versions(),
      [`tfjs ${name}`]: version,
      ...(tensorflow !== undefined && { tensorflow }),
      simd,
    },
    machine: { ...platform.describeMachine() },
    backend: {
      reason,
      kernels,
      ...(rounding !== undefined && { rounding }),
      ...(threads !== undefined && { threads }),
      ...(calibration !== undefined && { calibration: { ...calibration } }),
    },
  };
}

/** The machine that this program runs on. */
export function describeMachine(): Machine {
  return platform.describeMachine();
}
