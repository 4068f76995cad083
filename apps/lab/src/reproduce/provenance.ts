import { execFileSync } from 'node:child_process';
import { type BackendName, selectBackend } from '@maxent/backend';
import { describeMachine, packageDirectory, versionOf } from '../machine.js';
import type { StoredUnit } from '../results/unit-results.js';

/** What a result is bound to beside its configuration: code, versions and machine. */
export async function describeProvenance(
  backend: BackendName | 'auto' | undefined,
): Promise<Pick<StoredUnit['provenance'], 'versions' | 'machine'>> {
  const { name, version, tensorflow, simd } = await selectBackend({ prefer: backend, askedBy: '--backend' });
  return {
    versions: {
      ...{ maxent: versionOf('@maxent/core'), commit: sourceCommit(), node: process.versions.node },
      [`tfjs ${name}`]: version,
      ...(tensorflow !== undefined && { tensorflow }),
      simd,
    },
    machine: { ...describeMachine(simd) },
  };
}

/** The commit of this clone, followed by "-modified" when tracked files differ from it. */
function sourceCommit(): string {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', packageDirectory, ...words], { encoding: 'utf8' }).trim();
  const modified = git('status', '--porcelain', '--untracked-files=no') !== '';
  return `${git('rev-parse', 'HEAD')}${modified ? '-modified' : ''}`;
}
