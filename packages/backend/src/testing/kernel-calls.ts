// Calls of every kernel with drawn sizes and flags, and what the kernels answer.
import fc from 'fast-check';
import type { FusedKernels } from '../kernels/fused-kernels.js';
import type { KernelExports } from '../kernels/kernel-exports.js';
import { KernelMemory } from './kernel-memory.js';
import { valuesFrom } from './values.js';

const size = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 17, 31, 32, 33, 37, 64),
  fc.integer({ min: 1, max: 150 }),
);

/** Also so long that several threads share the work. */
const length = fc.oneof(size, fc.integer({ min: 16_000, max: 70_000 }));

/** Rows of a batch; many columns of many rows are shared by threads. */
const rows = fc.oneof(size, fc.integer({ min: 500, max: 700 }));

/** Arguments of a kernel: an address for an array that it reads or writes, anything else as it is. */
type Argument =
  | number
  | boolean
  | Float32Array
  | Int32Array
  | { readonly out: Float32Array }
  | { readonly scratch: readonly [m: number, n: number, k: number] };

export type KernelCall = readonly [name: keyof KernelExports, ...Argument[]];

/** What a kernel writes, and what it returns. */
export function outputsOf(kernels: FusedKernels, [name, ...given]: KernelCall): Float32Array[] {
  const memory = new KernelMemory(kernels);
  const written: { address: number; count: number }[] = [];
  const values = given.map((argument) => {
    if (typeof argument === 'number' || typeof argument === 'boolean') return argument;
    if ('scratch' in argument) return memory.reserve(kernels.run.matrixMultiplyScratch(...argument.scratch));
    if (!('out' in argument)) return memory.put(argument);
    const address = memory.put(argument.out);
    written.push({ address, count: argument.out.length });
    return address;
  });
  const call = kernels.run[name] as (...values: (number | boolean)[]) => number | undefined;
  const result = call(...values);
  const read = written.map(({ address, count }) => memory.read(address, count));
  memory.free();
  return result === undefined ? read : [...read, Float32Array.of(result)];
}

const scratch = (...sizes: readonly [m: number, n: number, k: number]) => ({ scratch: sizes });
const out = (count: number, seed = 50) => ({ out: valuesFrom(seed, count) });

/** Arguments of each kernel for drawn sizes and flags. */
export const kernelCalls: Readonly<Record<string, fc.Arbitrary<KernelCall>>> = {
  matrixMultiply: fc
    .tuple(size, size, size, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), fc.boolean())
    .map(([m, n, k, [transposeA, transposeB, bias, relu, mask, accumulate], zeros]) => {
      const a = valuesFrom(1, m * k);
      if (zeros) a.fill(0);
      return [
        'matrixMultiply',

        a,
        valuesFrom(2, k * n),
        out(m * n),
        m,
        n,
        k,
        transposeA!,
        transposeB!,
        bias ? valuesFrom(3, n) : 0,
        relu!,
        mask ? valuesFrom(4, m * n) : 0,
        accumulate!,
        scratch(m, n, k),
      ];
    }),
  columnSums: fc
    .tuple(size, size)
    .map(([rows, columns]) => ['columnSums', valuesFrom(1, rows * columns), out(columns), rows, columns]),
  activate: fc
    .tuple(fc.constantFrom(1, 2, 3), length, fc.constantFrom(0.1, 1, 40))
    .map(([kind, count, spread]) => [
      'activate',
      kind,
      valuesFrom(1, count).map((value) => value * spread),
      out(count),
      count,
    ]),
  activationGradient: fc
    .tuple(fc.constantFrom(1, 2, 3), length)
    .map(([kind, count]) => [
      'activationGradient',
      kind,
      valuesFrom(1, count),
      valuesFrom(2, count),
      out(count),
      count,
    ]),
  adam: fc.tuple(length, fc.integer({ min: 1, max: 1000 })).map(([count, step]) => [
    'adam',

    out(count),
    valuesFrom(2, count),
    out(count, 3),
    { out: valuesFrom(4, count).map(Math.abs) },
    count,
    0.9,
    1 - 0.9,
    0.999,
    1 - 0.999,
    3e-4 / (1 - 0.9 ** step),
    1 / Math.sqrt(1 - 0.999 ** step),
    1e-8,
  ]),
  polyak: length.map((count) => ['polyak', out(count), valuesFrom(2, count), count, 0.005]),
  sumOfSquares: length.map((count) => ['sumOfSquares', valuesFrom(1, count), count]),
  scale: length.map((count) => ['scale', valuesFrom(1, count), out(count), count, 0.37]),
  squashedGaussian: fc
    .tuple(size, fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 30))
    .map(([batch, actions, spread]) => [
      'squashedGaussian',

      valuesFrom(1, 2 * batch * actions).map((value) => value * spread),
      valuesFrom(2, batch * actions),
      out(batch * actions),
      out(batch * actions),
      out(batch),
      batch,
      actions,
      -20,
      2,
    ]),
  squashedGaussianGradient: fc
    .tuple(size, fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 30))
    .map(([batch, actions, spread]) => [
      'squashedGaussianGradient',

      valuesFrom(1, 2 * batch * actions).map((value) => value * spread),
      valuesFrom(2, batch * actions),
      valuesFrom(3, batch * actions).map(squash),
      valuesFrom(4, batch * actions),
      valuesFrom(5, batch * actions),
      valuesFrom(6, batch),
      out(2 * batch * actions),
      batch,
      actions,
      -20,
      2,
    ]),
  affineCoupling: fc
    .tuple(coupling(), fc.boolean())
    .map(([{ batch, kept, changed, first, hidden, parameters, x, stride }, withContext]) => [
      'affineCoupling',

      x,
      parameters,
      withContext ? valuesFrom(3, batch * stride) : 0,
      out(x.length),
      out(batch),
      out(batch * hidden),
      out(batch * changed),
      batch,
      kept + changed,
      changed,
      first,
      hidden,
      stride,
      2,
      batch % 2 === 0,
    ]),
  affineCouplingGradient: fc
    .tuple(coupling(), fc.boolean())
    .map(([{ batch, kept, changed, first, hidden, parameters, x, stride }, withContext]) => [
      'affineCouplingGradient',

      x,
      parameters,
      valuesFrom(3, x.length),
      valuesFrom(4, batch * hidden).map(squash),
      valuesFrom(5, batch * changed),
      valuesFrom(6, x.length),
      valuesFrom(7, batch),
      out(x.length),
      out(parameters.length),
      withContext ? out(batch * stride) : 0,
      out(hidden),
      batch,
      kept + changed,
      changed,
      first,
      hidden,
      stride,
      2,
      batch % 2 === 0,
    ]),
  batchNormalization: fc.tuple(rows, size, fc.boolean()).map(([count, columns, renormalize]) => [
    'batchNormalization',

    valuesFrom(1, count * columns),
    valuesFrom(2, 2 * columns),
    { out: valuesFrom(3, 2 * columns).map(Math.abs) },
    out(count * columns),
    out(6 * columns),
    count,
    columns,
    1e-3,
    0.01,
    renormalize,
  ]),
  batchNormalizationSums: fc.tuple(rows, size).map(([count, columns]) => [
    'batchNormalizationSums',

    valuesFrom(1, count * columns),
    valuesFrom(2, count * columns),
    valuesFrom(3, 6 * columns),
    out(4 * columns),
    count,
    columns,
  ]),
  batchNormalizationGradient: fc.tuple(rows, size, fc.boolean()).map(([count, columns, relu]) => [
    'batchNormalizationGradient',

    valuesFrom(1, count * columns),
    valuesFrom(2, count * columns),
    valuesFrom(3, 6 * columns),
    valuesFrom(4, 4 * columns),
    out(count * columns),
    count,
    columns,
    relu,
  ]),
  layerNormalization: fc.tuple(rows, size, fc.boolean()).map(([count, columns, relu]) => [
    'layerNormalization',

    out(count * columns, 1),
    valuesFrom(2, 2 * columns),
    out(count * columns),
    out(count),
    count,
    columns,
    1e-5,
    relu,
  ]),
  layerNormalizationGradient: fc.tuple(rows, size).map(([count, columns]) => [
    'layerNormalizationGradient',

    valuesFrom(1, count * columns),
    valuesFrom(2, count * columns),
    valuesFrom(3, columns),
    valuesFrom(4, count),
    out(count * columns),
    count,
    columns,
  ]),
  nonzeroRows: fc.tuple(size, size).map(([rows, columns]) => {
    const matrix = valuesFrom(1, rows * columns).map((value, i) =>
      Math.floor(i / columns) % 3 === 0 ? 0 : value,
    );
    const numbers = new Float32Array(rows);
    return ['nonzeroRows', matrix, { out: numbers }, rows, columns];
  }),
  gatherRows: fc.tuple(size, size).map(([rows, columns]) => {
    const numbers = Int32Array.from({ length: rows }, (_, i) => (i * 7) % rows);
    return ['gatherRows', valuesFrom(1, rows * columns), numbers, out(rows * columns), rows, columns];
  }),
  addToRows: fc.tuple(size, size).map(([rows, columns]) => {
    const numbers = Int32Array.from({ length: rows }, (_, i) => (i * 7) % rows);
    return ['addToRows', valuesFrom(1, rows * columns), numbers, out(rows * columns), rows, columns];
  }),
};

/** Into (-1, 1), like tanh, whose last bit differs between engines. */
const squash = (value: number): number => value / (1 + Math.abs(value));

function coupling() {
  return fc
    .record({
      batch: fc.integer({ min: 1, max: 40 }),
      kept: fc.integer({ min: 0, max: 5 }),
      changed: fc.integer({ min: 1, max: 5 }),
      hidden: size,
      atEnd: fc.boolean(),
    })
    .map(({ batch, kept, changed, hidden, atEnd }) => ({
      ...{ batch, kept, changed, hidden },
      first: atEnd ? kept : 0,
      stride: hidden + 3,
      x: valuesFrom(1, batch * (kept + changed)),
      parameters: valuesFrom(2, (kept + 1) * hidden + 2 * changed * (hidden + 1)),
    }));
}
