import { platform } from '#platform';
import { loadedKernels } from './fused-kernels.js';
import { isAddonBuild } from './kernel-builds.js';
import type { KernelExports } from './kernel-exports.js';

export interface KernelProfile {
  /** Of all products of matrices. */
  readonly productMilliseconds: number;
  /** Of all kernels, those included. */
  readonly kernelMilliseconds: number;
  /** Multiply-adds of the products. */
  readonly multiplyAdds: number;
}

/** Runs `work` with a watch on each call of the kernels that were loaded last. */
export function profileKernels(work: () => void): KernelProfile {
  const kernels = loadedKernels()!;
  const { run } = kernels;
  let [productMilliseconds, kernelMilliseconds, multiplyAdds] = [0, 0, 0];
  const timed = (name: keyof KernelExports) => {
    const call = run[name] as (...values: unknown[]) => unknown;
    return (...values: unknown[]) => {
      const start = performance.now();
      const result = call(...values);
      const milliseconds = performance.now() - start;
      kernelMilliseconds += milliseconds;
      if (name === 'matrixMultiply') {
        productMilliseconds += milliseconds;
        const [m, n, k] = values.slice(3, 6) as [number, number, number];
        multiplyAdds += m * n * k;
      }
      return result;
    };
  };
  const names = Object.keys(run).filter(
    (name) => typeof run[name as keyof KernelExports] === 'function',
  ) as (keyof KernelExports)[];
  const watched = Object.fromEntries(names.map((name) => [name, timed(name)]));
  const holder = kernels as { run: KernelExports };
  holder.run = watched as unknown as KernelExports;
  try {
    work();
  } finally {
    holder.run = run;
  }
  return { productMilliseconds, kernelMilliseconds, multiplyAdds };
}

/** Multiply-adds per second in registers alone, of the addon's instruction set on one core; undefined on wasm. */
export function peakMultiplyAdds(): number | undefined {
  const { build } = loadedKernels()!;
  if (!isAddonBuild(build)) return undefined;
  const { multiplyAdds } = platform.kernelAddon().addon!;
  let peak = 0;
  for (let trial = 0; trial < 20; trial++) {
    const start = performance.now();
    const count = multiplyAdds(build, 100_000);
    peak = Math.max(peak, (1000 * count) / (performance.now() - start));
  }
  return peak;
}
