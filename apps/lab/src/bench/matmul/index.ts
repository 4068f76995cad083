import { Rng } from '@maxent/core';
import * as tf from '@tensorflow/tfjs-core';
import { describeMachine, describeVersions } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { addonNotes, type KernelSet, KernelSwitch } from '../kernel-switch.js';
import { millisecondsPerCall, warmFor } from '../stopwatch.js';

const ROUNDS = 7;
const SIZE = 256;
const WARM_MILLISECONDS = 500;
/** Products per run; stock products with a transpose flag take ten times as long as the others. */
const PRODUCTS_PER_RUN = 20;

const variants = [
  { name: 'plain', transposeA: false, transposeB: false },
  { name: 'transposeA', transposeA: true, transposeB: false },
  { name: 'transposeB', transposeA: false, transposeB: true },
] as const;

/** `lab bench matmul`: `tf.matMul` with tfjs-wasm's own kernels and with ours, in WebAssembly and as machine code. */
export const matmul: Benchmark = {
  description: 'tf.matMul of 256x256 matrices on wasm, with transpose flags: stock kernels against ours',
  run,
};

async function run({ progress }: BenchOptions): Promise<BenchAnswer> {
  const kernels = await KernelSwitch.open();
  const rng = Rng.fromSeed(1);
  const [a, b] = [randomMatrix(rng), randomMatrix(rng)];
  const contenders = variants.flatMap((variant) =>
    kernels.sets.map((set) =>
      productOn(kernels, set, variant.name, () => tf.matMul(a, b, variant.transposeA, variant.transposeB)),
    ),
  );
  const measured = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
  const gigaflops = (2 * SIZE ** 3) / 1e9;
  const rows = measured.map((row) => ({ ...row, gigaflopsPerSecond: (gigaflops / row.median) * 1000 }));
  const medianOf = (label: string): number => rows.find((row) => row.label === label)!.median;
  const ratio = (variant: string, over: KernelSet, under: KernelSet): number =>
    medianOf(labelOf(variant, over)) / medianOf(labelOf(variant, under));
  const ratios = variants.flatMap(({ name }) => [
    [`${name}StockOverRepaired`, ratio(name, 'stock', 'repaired')],
    ...(kernels.addon ? [[`${name}RepairedOverAddon`, ratio(name, 'repaired', 'addon')]] : []),
  ]);
  return {
    name: 'matmul',
    machine: describeMachine(kernels.report),
    versions: describeVersions(),
    rows,
    ratios: Object.fromEntries(ratios),
    notes: [
      `medians of ${ROUNDS} alternating runs of ${PRODUCTS_PER_RUN} products, one process, one thread`,
      ...addonNotes(kernels),
    ],
  };
}

function labelOf(variant: string, set: KernelSet): string {
  return `${variant}, ${set}`;
}

function productOn(
  kernels: KernelSwitch,
  set: KernelSet,
  variant: string,
  product: () => tf.Tensor,
): Contender {
  const multiply = (): void => product().dispose();
  return {
    label: labelOf(variant, set),
    unit: 'ms/product',
    warmUp: async () => {
      await kernels.use(set);
      warmFor(WARM_MILLISECONDS, PRODUCTS_PER_RUN, multiply);
    },
    measure: async () => {
      await kernels.use(set);
      // tfjs-wasm computes before it returns: there is nothing to wait for.
      return millisecondsPerCall(PRODUCTS_PER_RUN, multiply, () => undefined);
    },
  };
}

function randomMatrix(rng: Rng): tf.Tensor2D {
  const values = new Float32Array(SIZE * SIZE);
  rng.fillNormal(values);
  return tf.tensor2d(values, [SIZE, SIZE]);
}
