import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '@maxent/core';
import { broken, type Check } from '../../checks.js';
import { withEarlierCommit } from '../../earlier-commit.js';
import { describeMachine, describeVersions, packageDirectory } from '../../machine.js';
import { median } from '../../statistics.js';
import type { BenchAnswer, Benchmark, BenchOptions, BenchRow } from '../benchmark.js';
import { type Contender, measureInterleaved } from '../interleave.js';
import { measuringCore, onCore } from '../peers/one-core.js';
import { WorkerProcess } from '../peers/worker-process.js';
import { type UpdateSizes, updateFlops } from '../sac-update/flop-count.js';
import { benchmarkSizes } from '../sac-update/workload.js';
import type { UpdateDescription, UpdateMeasurement, UpdateRequest } from './protocol.js';

const ROUNDS = 15;
const BATCH_SIZES = [64, 256, 1024];
const WIDTHS = [64, 256, 1024];
/** Work of one measurement: many small updates or a few large ones. */
const GIGAFLOPS_PER_RUN = 3;
const MOST_UPDATES = 50;
/** Of the time per update, now over before. */
const MOST = { benchmarkSizes: 1, anySizes: 1.05 };

export interface SacUpdateSinceAnswer extends BenchAnswer {
  readonly checks: readonly Check[];
}

/** `lab bench sac-update-since --against COMMIT`: whether a SAC gradient step on wasm has become slower anywhere. */
export const sacUpdateSince: Benchmark = {
  description: 'One SAC gradient step on wasm by an earlier commit and now; batch and width 64 to 1024',
  run,
};

async function run({ against, progress }: BenchOptions): Promise<SacUpdateSinceAnswer> {
  if (against === undefined) {
    throw new InvalidInputError('--against', 'is required: the commit that this one is measured against');
  }
  progress?.(`building ${against}`);
  return await withEarlierCommit(against, join(packageDirectory, '../..'), async (checkout) => {
    // Built here, run there: both sides do the same work.
    const program = 'apps/lab/dist/since';
    cpSync(join(packageDirectory, 'dist'), join(checkout, program), { recursive: true });
    const core = measuringCore();
    const start = (directory: string): WorkerProcess =>
      WorkerProcess.start(onCore(core, [process.execPath, join(directory, 'update-worker.js')]));
    const before = start(join(checkout, program));
    const now = start(join(packageDirectory, 'dist'));
    try {
      const { simd } = await now.requireDescription<UpdateDescription>();
      await before.requireDescription<UpdateDescription>();
      return await compare({ before, now, simd, against, core, progress });
    } finally {
      await Promise.all([before.close(), now.close()]);
    }
  });
}

interface Comparison extends Pick<BenchOptions, 'progress'> {
  readonly before: WorkerProcess;
  readonly now: WorkerProcess;
  readonly simd: UpdateDescription['simd'];
  readonly against: string;
  readonly core: string;
}

async function compare({
  before,
  now,
  simd,
  against,
  core,
  progress,
}: Comparison): Promise<SacUpdateSinceAnswer> {
  const rows: BenchRow[] = [];
  const checks: Check[] = [];
  for (const width of WIDTHS) {
    for (const batchSize of BATCH_SIZES) {
      const sizes: UpdateSizes = { ...benchmarkSizes, batchSize, hiddenSizes: [width, width] };
      const label = `batch ${batchSize}, width ${width}`;
      const sides = [updating(before, `${label}: before`, sizes), updating(now, `${label}: now`, sizes)];
      const [old, recent] = await measureInterleaved(sides, { rounds: ROUNDS });
      const value = median(recent!.runs.map((milliseconds, round) => milliseconds / old!.runs[round]!));
      const isMain = batchSize === benchmarkSizes.batchSize && width === benchmarkSizes.hiddenSizes[0];
      const limit = isMain ? MOST.benchmarkSizes : MOST.anySizes;
      checks.push({ name: `now over before, ${label}`, value, limit, must: 'be at most' });
      rows.push(old!, recent!);
      progress?.(`${label}: ${value.toFixed(3)} of the time before`);
    }
  }
  return {
    name: 'sac-update-since',
    machine: describeMachine({ kernels: 'wasm', simd }),
    versions: describeVersions(),
    rows,
    ratios: Object.fromEntries(checks.map(({ name, value }) => [name, value])),
    checks,
    failures: broken(checks),
    notes: [
      `against ${against}; kernels of WebAssembly on both sides, each a process on core ${core} alone; time of the processor`,
      `ratios are medians over ${ROUNDS} alternating rounds of the quotient of their two measurements`,
    ],
  };
}

function updating(worker: WorkerProcess, label: string, sizes: UpdateSizes): Contender {
  const fitting = Math.round(GIGAFLOPS_PER_RUN / (updateFlops(sizes) / 1e9));
  const updates = Math.min(MOST_UPDATES, Math.max(1, fitting));
  const request = <Reply>(body: UpdateRequest): Promise<Reply> => worker.request<Reply>(body);
  return {
    label,
    unit: 'ms/update',
    warmUp: () => request({ command: 'prepare', sizes, updates }),
    measure: async () => (await request<UpdateMeasurement>({ command: 'measure', updates })).milliseconds,
  };
}
