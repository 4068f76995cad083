import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describeMachine, describeVersions, type MeasuredKernels, packageDirectory } from '../../machine.js';
import { median } from '../../statistics.js';
import { type BenchAnswer, type Benchmark, BenchmarkFailedError, type BenchOptions } from '../benchmark.js';
import { judgeMemory, type MemorySample, mebibytes, watched as stretch } from './judge-memory.js';
import { agentSettings, sampleEvery } from './watched-run.js';

/**
 * V8 grows and shrinks its heap by its own policies, by up to a third of the process's memory and at moments that have
 * nothing to do with the run. To show the run's own effect, the part for young objects has a fixed size (its usual
 * maximum) and garbage is collected before each sample.
 */
const nodeOptions = ['--min-semi-space-size=16', '--max-semi-space-size=16', '--expose-gc'];

/** `lab bench memory`: a training run with everything it does, watched for tensors and memory that pile up. */
export const memory: Benchmark = {
  description: 'Tensors and resident memory over 20,000 updates of a real run, replay already full',
  run,
};

export interface MemoryAnswer extends BenchAnswer {
  readonly samples: readonly MemorySample[];
}

async function run({ progress }: BenchOptions): Promise<MemoryAnswer> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-memory-'));
  try {
    const { kernels, samples } = await watchRun(directory, progress);
    const { watched, start, end, failures } = judgeMemory(samples);
    const counts = watched.map(({ tensors }) => tensors);
    const resident = watched.map(({ residentBytes }) => mebibytes(residentBytes));
    return {
      name: 'memory',
      machine: describeMachine(kernels),
      versions: describeVersions(),
      rows: [
        { label: 'tensors', median: median(counts), unit: 'tensors', runs: counts },
        { label: 'resident memory', median: median(resident), unit: 'MiB', runs: resident },
      ],
      ratios: { residentMemoryEndOverStart: end / start },
      samples,
      failures,
      notes: [
        `samples every ${sampleEvery} updates; start and end: medians over ${stretch.over} updates from ${stretch.from} ` +
          `and up to ${stretch.to}`,
        `SAC on InvertedPendulum-v5, ` +
          `hidden layers ${agentSettings.hiddenSizes.join(' and ')}, replay of ${agentSettings.replayCapacity}`,
        'with evaluations, checkpoints, metrics and TensorBoard events as in any run',
        `node ${nodeOptions.join(' ')}; garbage is collected before each sample`,
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Throws BenchmarkFailedError when the run fails. */
async function watchRun(
  directory: string,
  progress: BenchOptions['progress'],
): Promise<{ kernels: MeasuredKernels; samples: MemorySample[] }> {
  const worker = join(packageDirectory, 'dist/memory-worker.js');
  const child = spawn(process.execPath, [...nodeOptions, worker, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let kernels: MeasuredKernels | undefined;
  const samples: MemorySample[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (kernels === undefined) {
      kernels = JSON.parse(line) as MeasuredKernels;
      continue;
    }
    const sample = JSON.parse(line) as MemorySample;
    samples.push(sample);
    const { updates, tensors, residentBytes } = sample;
    progress?.(`update ${updates}: ${tensors} tensors, ${mebibytes(residentBytes)} MiB`);
  }
  const [exitCode] = await closed;
  if (exitCode !== 0 || kernels === undefined) {
    throw new BenchmarkFailedError(`the watched run ended with exit code ${exitCode}`);
  }
  return { kernels, samples };
}
