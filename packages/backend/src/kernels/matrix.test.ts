import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close.js';
import { kernelBuilds, useBuild } from '../testing/kernel-builds.js';
import { KernelMemory } from '../testing/kernel-memory.js';
import { valuesFrom } from '../testing/values.js';

const size = fc.oneof(fc.constantFrom(1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 37), fc.integer({ min: 1, max: 70 }));
const cases = fc.record({
  m: size,
  n: size,
  k: size,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  withBias: fc.boolean(),
  relu: fc.boolean(),
  withMask: fc.boolean(),
  accumulate: fc.boolean(),
});

describe.each(kernelBuilds)('%s', { timeout: 120_000 }, (build) => {
  test('matrixMultiply agrees with three loops in float64', async (context) => {
    const kernels = await useBuild(build, context);
    fc.assert(
      fc.property(cases, ({ m, n, k, transposeA, transposeB, withBias, relu, withMask, accumulate }) => {
        const memory = new KernelMemory(kernels);
        const a = valuesFrom(1, m * k);
        const b = valuesFrom(2, k * n);
        const bias = valuesFrom(3, n);
        const mask = valuesFrom(4, m * n);
        const before = valuesFrom(5, m * n);
        const c = memory.put(before);
        const scratchBytes = kernels.run.matrixMultiplyScratch(m, n, k);
        const scratch = memory.reserve(Math.ceil(scratchBytes / 4) * 4);
        kernels.run.matrixMultiply(
          memory.put(a),
          memory.put(b),
          c,
          m,
          n,
          k,
          transposeA,
          transposeB,
          withBias ? memory.put(bias) : 0,
          relu,
          withMask ? memory.put(mask) : 0,
          accumulate,
          scratch,
        );
        const expected = new Float64Array(m * n);
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let sum = withBias ? bias[j]! : 0;
            for (let l = 0; l < k; l++) {
              sum += a[transposeA ? l * m + i : i * k + l]! * b[transposeB ? j * k + l : l * n + j]!;
            }
            if (relu) sum = Math.max(sum, 0);
            if (withMask && !(mask[i * n + j]! > 0)) sum = 0;
            expected[i * n + j] = sum + (accumulate ? before[i * n + j]! : 0);
          }
        }
        expectClose(memory.read(c, m * n), expected, 1e-5);
        memory.read(scratch, Math.ceil(scratchBytes / 4));
        memory.free();
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  test('a NaN in the input is not hidden by relu', async (context) => {
    const kernels = await useBuild(build, context);
    for (const m of [1, 8]) {
      const memory = new KernelMemory(kernels);
      const c = memory.reserve(4 * m * 9);
      const scratch = memory.reserve(kernels.run.matrixMultiplyScratch(m, 9, 2));
      const a = memory.put(new Float32Array(m * 2).fill(Number.NaN));
      const b = memory.put(valuesFrom(1, 18));
      kernels.run.matrixMultiply(a, b, c, m, 9, 2, false, false, 0, true, 0, false, scratch);
      expect(memory.read(c, m * 9).every(Number.isNaN)).toBe(true);
      memory.free();
    }
  });

  test('columnSums adds up the rows', async (context) => {
    const kernels = await useBuild(build, context);
    fc.assert(
      fc.property(size, size, (rows, columns) => {
        const memory = new KernelMemory(kernels);
        const matrix = valuesFrom(1, rows * columns);
        const out = memory.reserve(4 * columns);
        kernels.run.columnSums(memory.put(matrix), out, rows, columns);
        const expected = new Float64Array(columns);
        for (const [i, value] of matrix.entries()) expected[i % columns]! += value;
        expectClose(memory.read(out, columns), expected, 1e-6);
        memory.free();
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  for (const [name, code, exact] of [
    ['tanh', 2, Math.tanh],
    ['elu', 3, (x: number) => (x > 0 ? x : Math.expm1(x))],
  ] as const) {
    test(`${name} is accurate to 3e-7 of its value`, async (context) => {
      const kernels = await useBuild(build, context);
      const memory = new KernelMemory(kernels);
      // Small, ordinary and saturating arguments.
      const x = valuesFrom(9, 3000).map((value, i) => value * [1e-3, 1, 30][i % 3]!);
      const out = memory.reserve(x.byteLength);
      kernels.run.activate(code, memory.put(x), out, x.length);
      const y = memory.read(out, x.length);
      const worst = x.reduce((most, value, i) => {
        const expected = exact(value);
        return Math.max(most, Math.abs(y[i]! - expected) / Math.abs(expected));
      }, 0);
      expect(worst).toBeLessThan(3e-7);
      memory.free();
    });
  }

  test('the functions saturate, and keep NaN', async (context) => {
    const kernels = await useBuild(build, context);
    const memory = new KernelMemory(kernels);
    const x = Float32Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 100, -100, 0, Number.NaN);
    const out = memory.reserve(x.byteLength);
    kernels.run.activate(2, memory.put(x), out, x.length);
    expect([...memory.read(out, x.length)]).toEqual([1, -1, 1, -1, 0, Number.NaN]);
    kernels.run.activate(3, memory.put(x), out, x.length);
    expect([...memory.read(out, x.length)]).toEqual([Number.POSITIVE_INFINITY, -1, 100, -1, 0, Number.NaN]);
    memory.free();
  });
});
