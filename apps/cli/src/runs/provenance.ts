import type { BackendReport } from '@maxent/backend';
import type { RunConfig } from '@maxent/training';
import { version } from '../version.js';
import { describeMachine } from './machine.js';
import { sourceCommit } from './source-commit.js';

/** What a result is bound to beside its configuration: code, versions and machine. */
export function provenance(backend: BackendReport): RunConfig['provenance'] {
  const { name, version: backendVersion, tensorflow, simd, reason, threads, calibration } = backend;
  const commit = sourceCommit();
  return {
    startedAt: new Date().toISOString(),
    versions: {
      maxent: version,
      ...(commit !== undefined && { commit }),
      node: process.versions.node,
      [`tfjs ${name}`]: backendVersion,
      ...(tensorflow !== undefined && { tensorflow }),
      simd,
    },
    machine: describeMachine(),
    backend: {
      reason,
      ...(threads !== undefined && { threads }),
      ...(calibration !== undefined && { calibration: { ...calibration } }),
    },
  };
}
