import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { describeMachine as describeComputer } from '@maxent/library/runs';

const require = createRequire(import.meta.url);

/** The machine that numbers were measured on. */
export interface MachineDescription extends ReturnType<typeof describeComputer> {
  readonly node: string;
  /** Vector instructions of the fused kernels, as `selectBackend` reports them. */
  readonly simd: string;
}

export function describeMachine(simd: string): MachineDescription {
  return { ...describeComputer(), node: process.versions.node, simd };
}

/** The directory of this package: `peers/` lies in it, and `results/` in a clone. */
export const packageDirectory = dirname(require.resolve('@maxent/lab/package.json'));

const measuredPackages = [
  '@maxent/agents',
  '@maxent/backend',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
];

/** Versions of Node, V8 and the measured packages. */
export function describeVersions(): Record<string, string> {
  const packages = measuredPackages.map((name) => [name, versionOf(name)]);
  return { node: process.versions.node, v8: process.versions.v8, ...Object.fromEntries(packages) };
}

export function versionOf(packageName: string): string {
  return (require(`${packageName}/package.json`) as { version: string }).version;
}
