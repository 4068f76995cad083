import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { measureInterleaved } from '../interleave.js';
import { KernelSwitch } from '../kernel-switch.js';
import { describeMachine, describeVersions } from '../machine.js';
import { type Agreement, assertAgreement, type Distances, measureAgreement } from './agreement.js';
import { oursOnWasm, stockOnCpu, stockOnWasm, updatesPerRun } from './contenders.js';
import { updateFlops } from './flop-count.js';
import { benchmarkSizes } from './workload.js';

const ROUNDS = 7;

export interface SacUpdateAnswer extends BenchAnswer {
  /** Arithmetic that one gradient step needs, as `updateFlops` counts it. */
  readonly gigaflopsPerUpdate: number;
  /** Kernels of tfjs-wasm that `selectBackend` replaces or adds. The stock row ran with the stock ones. */
  readonly replacedKernels: readonly string[];
  readonly agreement: Agreement;
}

/** `maxent bench sac-update`: one SAC gradient step on stock tfjs-wasm, on our wasm backend, on the cpu backend. */
export const sacUpdate: Benchmark = {
  description:
    'One SAC gradient step: ours against stock tfjs-wasm and the plain cpu backend of TensorFlow.js',
  run,
};

async function run({ progress }: BenchOptions): Promise<SacUpdateAnswer> {
  const kernels = await KernelSwitch.open();
  if (!kernels.report.fused) {
    throw new BenchmarkFailedError(`the fused kernels are not in use here: ${kernels.report.reason}`);
  }
  // First, because it is cheap and nothing below counts if it does not hold.
  await kernels.use('repaired');
  progress?.('comparing fused and composed updates');
  const agreement = measureAgreement(benchmarkSizes);
  assertAgreement(agreement);

  const cpu = await stockOnCpu();
  const contenders = [await stockOnWasm(kernels), await oursOnWasm(kernels), cpu];
  const measured = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
  const gigaflops = updateFlops(benchmarkSizes) / 1e9;
  const rows = measured.map((row) => ({ ...row, gigaflopsPerSecond: (gigaflops / row.median) * 1000 }));
  const [stockTime, ourTime, cpuTime] = rows.map((row) => row.median) as [number, number, number];
  const { batchSize, observationSize, actionSize, hiddenSizes } = benchmarkSizes;
  return {
    name: 'sac-update',
    machine: describeMachine(kernels.report.simd),
    versions: { ...describeVersions(), '@tensorflow/tfjs-backend-cpu': cpu.version },
    rows,
    ratios: { stockWasmOverOurs: stockTime / ourTime, cpuOverOurs: cpuTime / ourTime },
    gigaflopsPerUpdate: gigaflops,
    replacedKernels: kernels.replaced,
    agreement,
    notes: [
      `batch ${batchSize}, ${observationSize} observations, ${actionSize} actions, hidden layers ${hiddenSizes.join(' and ')}; ` +
        `${gigaflops.toFixed(3)} GFLOP of matrix products per update`,
      `medians of ${ROUNDS} alternating runs of ${updatesPerRun.wasm} gradient steps (cpu: ${updatesPerRun.cpu}), one process`,
      'ours includes storing a transition and sampling the batch from replay; the others are given a batch of tensors',
      `fused against composed after ${agreement.updates} updates, relative L2 (limit ${agreement.limit}):`,
      ...[agreement, ...agreement.otherSeeds].map(describeDistances),
    ],
  };
}

function describeDistances({ seed, parameters, losses }: Distances & { seed: number }): string {
  const distances = Object.entries({ ...parameters, ...losses })
    .map(([name, distance]) => `${name} ${distance.toExponential(1)}`)
    .join(', ');
  return `  seed ${seed}: ${distances}`;
}
