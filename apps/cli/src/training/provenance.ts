import type { RunConfig } from '@maxent/training';
import { version } from '../version.js';
import { describeMachine } from './machine.js';
import { sourceCommit } from './source-commit.js';

export interface ChosenBackend {
  readonly name: string;
  readonly version: string;
  readonly simd: string;
}

/** What a result is bound to beside its configuration: code, versions and machine. */
export function provenance({ name, version: backendVersion, simd }: ChosenBackend): RunConfig['provenance'] {
  const commit = sourceCommit();
  return {
    startedAt: new Date().toISOString(),
    versions: {
      maxent: version,
      ...(commit !== undefined && { commit }),
      node: process.versions.node,
      [`tfjs ${name}`]: backendVersion,
      simd,
    },
    machine: describeMachine(),
  };
}
