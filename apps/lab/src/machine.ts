import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { BackendReport } from '@maxent/backend';
import { describeMachine as describeComputer } from '@maxent/library/runs';

const require = createRequire(import.meta.url);

/** The kernels that were measured, as `selectBackend` reports them; only the addon has threads. */
export type MeasuredKernels = Pick<BackendReport, 'kernels' | 'simd' | 'threads'>;

/** The part of a report that a worker process passes on. */
export function measuredKernels({ kernels, simd, threads }: MeasuredKernels): MeasuredKernels {
  return { kernels, simd, ...(threads !== undefined && { threads }) };
}

/** The machine that numbers were measured on. */
export interface MachineDescription extends ReturnType<typeof describeComputer> {
  readonly node: string;
  /** Where the kernels come from, `wasm` or `addon`; `not used` if the benchmark runs none. */
  readonly kernels: string;
  /** Their vector instructions, or `not used`. */
  readonly simd: string;
  /** Threads that a kernel may use; absent if the benchmark runs none. */
  readonly threads?: number;
}

/** @param measured absent if the benchmark runs no kernels. */
export function describeMachine(measured?: MeasuredKernels): MachineDescription {
  const computer = { ...describeComputer(), node: process.versions.node };
  if (measured === undefined) return { ...computer, kernels: 'not used', simd: 'not used' };
  const { kernels, simd, threads = 1 } = measured;
  return { ...computer, kernels, simd, threads };
}

/** Kernels for people, such as `avx2 (addon, 2 threads)`. */
export function describeKernels({
  kernels,
  simd,
  threads,
}: Pick<MachineDescription, 'kernels' | 'simd' | 'threads'>): string {
  if (threads === undefined) return kernels;
  return `${simd} (${kernels}, ${namedThreads(threads)})`;
}

/** `1 thread`, `2 threads`. */
export function namedThreads(count: number): string {
  return `${count} thread${count === 1 ? '' : 's'}`;
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
