import { Box, Rng, type UpdateResult } from '@maxent/core';
import { Pearl, type PearlConfig, pearlConfig, pearlPresets } from '@maxent/meta';
import { broken } from '../../checks.js';
import { describeMachine, describeVersions } from '../../machine.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { type Kernels, kernelsHere, onKernels, useKernels } from '../kernel-choices.js';
import { Torch } from '../sac-update/torch.js';
import { randomTransitions } from '../sac-update/workload.js';
import { speedCheck } from '../speed-limit.js';
import { millisecondsPerCall, warmFor } from '../stopwatch.js';
import { metaUpdateFlops, paperSizes } from './flop-count.js';

const ROUNDS = 5;
const UPDATES = 2;
const WARM_MILLISECONDS = 4000;
/** Transitions of each task in replay. */
const TASK_ROWS = 1000;
const UNIT = 'ms/update';
const OURS = 'ours';
const MODERN = 'ours, modern form';
const WASM = 'ours, on wasm';
const TORCH = 'PyTorch eager';

export interface PearlUpdateAnswer extends BenchAnswer {
  /** Arithmetic that one gradient step of the paper's form needs, as `metaUpdateFlops` counts it. */
  readonly gigaflopsPerUpdate: number;
}

/** `lab bench pearl-update`: one gradient step of PEARL at the paper's size, here and in PyTorch. */
export const pearlUpdate: Benchmark = {
  description: "One gradient step of PEARL at the paper's HalfCheetah-Vel size: ours and eager PyTorch",
  run,
};

async function run({ progress, python }: BenchOptions): Promise<PearlUpdateAnswer> {
  const [best, ...others] = kernelsHere();
  const report = await useKernels(best);
  if (!report.fused) {
    throw new BenchmarkFailedError(`the fused kernels are not in use here: ${report.reason}`);
  }
  const torch = await Torch.start(python ?? process.env.MAXENT_PYTHON ?? 'python3', 'pearl_update_worker.py');
  const contenders: Contender[] = [
    await ours(OURS, best, {}),
    await ours(MODERN, best, { valueNetwork: false, temperature: 'auto' }),
  ];
  for (const kernels of others) contenders.push(await ours(WASM, kernels, {}));
  if (torch instanceof Torch) {
    contenders.push(
      torch.contender({
        label: TORCH,
        sizes: paperSizes,
        updates: UPDATES,
        warmMilliseconds: WARM_MILLISECONDS,
      }),
    );
  }
  const measured = await measureInterleaved(contenders, { rounds: ROUNDS, progress });
  if (torch instanceof Torch) await torch.close();
  const gigaflops = metaUpdateFlops(paperSizes) / 1e9;
  const rows = measured.map((row) =>
    row.label === MODERN ? row : { ...row, gigaflopsPerSecond: (gigaflops / row.median) * 1000 },
  );
  const medians = new Map(rows.map(({ label, median }) => [label, median]));
  const peer = medians.get(TORCH);
  const speedups = [OURS, WASM].flatMap((label) => {
    const median = medians.get(label);
    return peer === undefined || median === undefined ? [] : [peer / median];
  });
  const checks = speedups.slice(0, 1).flatMap((value) => speedCheck('torchOverOurs', value, report));
  const { tasks, batchSize, contextSize, hiddenSizes, encoderHiddenSizes } = paperSizes;
  return {
    name: 'pearl-update',
    machine: describeMachine(report),
    versions: { ...describeVersions(), ...(torch instanceof Torch && torch.versions) },
    rows,
    ratios: {
      ...(speedups[0] !== undefined && { torchOverOurs: speedups[0] }),
      ...(speedups[1] !== undefined && { torchOverOursOnWasm: speedups[1] }),
      modernOverPaperForm: medians.get(MODERN)! / medians.get(OURS)!,
    },
    gigaflopsPerUpdate: gigaflops,
    failures: broken(checks),
    notes: [
      `${tasks} tasks of ${batchSize} transitions and ${contextSize} of context, layers ${hiddenSizes.join(', ')}, encoder ` +
        `${encoderHiddenSizes.join(', ')}; ${gigaflops.toFixed(1)} GFLOP of matrix products per update of the paper's form`,
      `medians of ${ROUNDS} alternating runs of ${UPDATES} gradient steps, one thread each`,
      'ours includes sampling batch and context from the replay of each task; PyTorch is given tensors',
      ...(torch instanceof Torch ? [] : [`PyTorch is absent: ${torch.absent}`]),
    ],
  };
}

/** The real agent, which takes one gradient step for each transition once every task has been collected from. */
async function ours(label: string, kernels: Kernels, form: Partial<PearlConfig>): Promise<Contender> {
  await useKernels(kernels);
  const sizes = paperSizes;
  const { observationSize, actionSize, tasks } = sizes;
  const config = pearlConfig.parse({
    ...pearlPresets['paper-HalfCheetah-Vel'],
    ...{ metaBatchSize: tasks, batchSize: sizes.batchSize, contextSize: sizes.contextSize },
    ...{ latentSize: sizes.latentSize, hiddenSizes: sizes.hiddenSizes },
    encoderHiddenSizes: sizes.encoderHiddenSizes,
    ...{ initialSteps: TASK_ROWS, replayCapacity: 2 * TASK_ROWS },
    ...{ tasksPerIteration: 1, priorSteps: 1000, extraSteps: 0, updatesPerIteration: 1000 },
    ...form,
  });
  const agent = new Pearl(
    {
      observationSpace: new Box({ low: -Infinity, high: Infinity, shape: [observationSize] }),
      actionSpace: new Box({ low: -1, high: 1, shape: [actionSize] }),
      rng: Rng.fromSeed(1).split('agent'),
      tasks: Array.from({ length: tasks }, (_, i) => [i]),
    },
    config,
  );
  const transitions = randomTransitions(TASK_ROWS, 1, { ...sizes, batchSize: 1 });
  for (let task = 0; task < tasks; task++) {
    agent.beginEpisode();
    for (const transition of transitions) agent.observe(transition);
  }
  let observed = 0;
  let last: UpdateResult | undefined;
  const update = (): void => {
    if (observed % TASK_ROWS === 0) agent.beginEpisode();
    agent.observe(transitions[observed % TASK_ROWS]!);
    observed += 1;
    last = agent.update();
    if (last.gradientSteps !== 1) {
      throw new BenchmarkFailedError(`expected one gradient step, ${label} took ${last.gradientSteps}`);
    }
  };
  return onKernels(kernels, {
    label,
    unit: UNIT,
    warmUp: () => warmFor(WARM_MILLISECONDS, UPDATES, update),
    measure: () => millisecondsPerCall(UPDATES, update, () => last!.metrics()),
  });
}
