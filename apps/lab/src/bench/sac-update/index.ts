import { selectBackend } from '@maxent/backend';
import { describeMachine, describeVersions } from '../../machine.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { addonNotes, KernelSwitch } from '../kernel-switch.js';
import { type Agreement, assertAgreement, type Distances, measureAgreement } from './agreement.js';
import { openNative, ours, stock, useBackend, useWasm } from './contenders.js';
import { updateFlops } from './flop-count.js';
import { crossover, describe, type SweepCell, sweepSizes } from './sweep.js';
import { Torch } from './torch.js';
import { benchmarkSizes } from './workload.js';

const ROUNDS = 7;
const WARM_MILLISECONDS = 3000;
/** Gradient steps per run: fewer on plain cpu, where each takes about a second. */
const UPDATES = 20;
const CPU_UPDATES = 2;

export interface SacUpdateAnswer extends BenchAnswer {
  /** Arithmetic that one gradient step needs, as `updateFlops` counts it. */
  readonly gigaflopsPerUpdate: number;
  /** Kernels of tfjs-wasm that `selectBackend` replaces or adds. The stock row ran with the stock ones. */
  readonly replacedKernels: readonly string[];
  readonly agreement: Agreement;
  /** The same with the addon; absent without it. */
  readonly addonAgreement?: Agreement;
  /** The fast contenders over batch sizes and widths. */
  readonly sweep: readonly SweepCell[];
  /** For each width, the batch size from which native is faster than wasm; null if it never is. */
  readonly nativeOvertakesWasm: readonly { readonly width: number; readonly batchSize: number | null }[];
}

/** `lab bench sac-update`: one SAC gradient step on our backends, on stock TensorFlow.js and on eager PyTorch. */
export const sacUpdate: Benchmark = {
  description:
    'One SAC gradient step on wasm, addon and native: ours, stock TensorFlow.js, eager PyTorch; batch and width 64 to 1024',
  run,
};

async function run({ progress, python }: BenchOptions): Promise<SacUpdateAnswer> {
  const kernels = await KernelSwitch.open();
  if (!kernels.report.fused) {
    throw new BenchmarkFailedError(`the fused kernels are not in use here: ${kernels.report.reason}`);
  }
  // Checked first, because it is cheap and nothing below counts if it does not hold.
  await kernels.use('repaired');
  progress?.('comparing fused and composed updates');
  const agreement = measureAgreement(benchmarkSizes);
  assertAgreement(agreement);
  let addonAgreement: Agreement | undefined;
  if (kernels.addon) {
    await kernels.use('addon');
    addonAgreement = measureAgreement(benchmarkSizes);
    assertAgreement(addonAgreement);
  }

  const cpu = await selectBackend({ prefer: 'cpu' });
  const native = await openNative();
  const torch = await Torch.start(python ?? process.env.MAXENT_PYTHON ?? 'python3');
  const common = { sizes: benchmarkSizes, updates: UPDATES, warmMilliseconds: WARM_MILLISECONDS };
  const contenders: Contender[] = [
    await stock({ label: 'stock tfjs-wasm autodiff', use: useWasm(kernels, 'stock'), ...common }),
    await ours({ label: 'ours, wasm', use: useWasm(kernels, 'repaired'), ...common }),
    ...(kernels.addon
      ? [await ours({ label: 'ours, addon', use: useWasm(kernels, 'addon'), ...common })]
      : []),
    await stock({
      label: 'plain cpu backend, autodiff',
      use: useBackend('cpu'),
      ...common,
      updates: CPU_UPDATES,
    }),
  ];
  if (native.absent === undefined) {
    contenders.push(
      await ours({ label: 'ours, native', use: useBackend('native'), ...common }),
      await stock({ label: 'stock tfjs-node autodiff', use: useBackend('native'), ...common }),
    );
  }
  if (torch instanceof Torch) contenders.push(torch.contender({ label: 'PyTorch eager', ...common }));
  const measured = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
  const sweep = await sweepSizes({
    kernels,
    native: native.absent === undefined,
    torch: torch instanceof Torch ? torch : undefined,
    progress,
  });
  if (torch instanceof Torch) await torch.close();
  const gigaflops = updateFlops(benchmarkSizes) / 1e9;
  const rows = measured.map((row) => ({ ...row, gigaflopsPerSecond: (gigaflops / row.median) * 1000 }));
  const medians = new Map(rows.map(({ label, median }) => [label, median]));
  const ratio = (name: string, over: string, under: string): Record<string, number> => {
    const [a, b] = [medians.get(over), medians.get(under)];
    return a === undefined || b === undefined ? {} : { [name]: a / b };
  };
  const nativeOvertakesWasm = crossover(sweep);
  const { batchSize, observationSize, actionSize, hiddenSizes } = benchmarkSizes;
  return {
    name: 'sac-update',
    machine: describeMachine(kernels.report),
    versions: {
      ...describeVersions(),
      '@tensorflow/tfjs-backend-cpu': cpu.version,
      ...(native.version !== undefined && { '@tensorflow/tfjs-node': native.version }),
      ...(native.tensorflow !== undefined && { tensorflow: native.tensorflow }),
      ...(torch instanceof Torch && torch.versions),
    },
    rows,
    ratios: {
      ...ratio('stockWasmOverOurs', 'stock tfjs-wasm autodiff', 'ours, wasm'),
      ...ratio('cpuOverOurs', 'plain cpu backend, autodiff', 'ours, wasm'),
      ...ratio('stockNativeOverOurs', 'stock tfjs-node autodiff', 'ours, native'),
      ...ratio('wasmOverNative', 'ours, wasm', 'ours, native'),
      ...ratio('torchOverNative', 'PyTorch eager', 'ours, native'),
      ...ratio('torchOverWasm', 'PyTorch eager', 'ours, wasm'),
      ...ratio('wasmOverAddon', 'ours, wasm', 'ours, addon'),
      ...ratio('torchOverAddon', 'PyTorch eager', 'ours, addon'),
    },
    gigaflopsPerUpdate: gigaflops,
    replacedKernels: kernels.replaced,
    agreement,
    ...(addonAgreement && { addonAgreement }),
    sweep,
    nativeOvertakesWasm,
    notes: [
      `batch ${batchSize}, ${observationSize} observations, ${actionSize} actions, hidden layers ${hiddenSizes.join(' and ')}; ` +
        `${gigaflops.toFixed(3)} GFLOP of matrix products per update`,
      `medians of ${ROUNDS} alternating runs of ${UPDATES} gradient steps (cpu: ${CPU_UPDATES}), one thread each`,
      'ours includes storing a transition and sampling the batch from replay; the others are given a batch of tensors',
      ...addonNotes(kernels),
      ...(native.absent === undefined ? [] : [`native is absent: ${native.absent}`]),
      ...(torch instanceof Torch ? [] : [`PyTorch is absent: ${torch.absent}`]),
      'milliseconds per update by batch size and width of both hidden layers:',
      ...sweep.map(
        ({ batchSize: batch, width, milliseconds }) => `  ${batch} x ${width}: ${describe(milliseconds)}`,
      ),
      ...(native.absent === undefined
        ? nativeOvertakesWasm.map(({ width, batchSize: from }) =>
            from === null
              ? `width ${width}: wasm is faster up to the largest batch`
              : `width ${width}: native is faster than wasm from batch ${from} on`,
          )
        : []),
      `fused against composed after ${agreement.updates} updates, relative L2 (limit ${agreement.limit}):`,
      ...[agreement, ...agreement.otherSeeds].map(describeDistances),
      ...(addonAgreement
        ? [
            'the same with the addon:',
            ...[addonAgreement, ...addonAgreement.otherSeeds].map(describeDistances),
          ]
        : []),
    ],
  };
}

function describeDistances({ seed, parameters, losses }: Distances & { seed: number }): string {
  const distances = Object.entries({ ...parameters, ...losses })
    .map(([name, distance]) => `${name} ${distance.toExponential(1)}`)
    .join(', ');
  return `  seed ${seed}: ${distances}`;
}
