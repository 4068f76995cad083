import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectBackend } from '@maxent/backend';
import { readRun } from '@maxent/training/node';
import { describeMachine, describeVersions } from '../../machine.js';
import type { BenchAnswer, Benchmark, BenchOptions } from '../benchmark.js';
import { compareRuns, type RunComparison } from './compare-runs.js';
import { MaxentProcess } from './maxent-process.js';

const trainArguments = [
  ...['train', 'sac', '--env', 'InvertedPendulum-v5', '--preset', 'quick-start'],
  ...['--steps', '5000', '--seed', '1', '--eval-every', '1000', '--eval-episodes', '2'],
  ...['--checkpoint-every', '500', '--log-every', '100', '--json'],
];

/** Each kill comes this many milliseconds after the checkpoint of this step: between, during and after later writes. */
const kills = [
  { step: 1000, milliseconds: 310 },
  { step: 2500, milliseconds: 40 },
  { step: 4000, milliseconds: 770 },
];

/** `lab bench resume`: a run that is killed three times, against the same run left alone. */
export const resume: Benchmark = {
  description: 'kill -9 in the middle of a run and --resume, bit for bit against an uninterrupted run',
  run,
};

export interface ResumeAnswer extends BenchAnswer {
  readonly comparison: RunComparison;
}

async function run({ progress }: BenchOptions): Promise<ResumeAnswer> {
  const directory = await mkdtemp(join(tmpdir(), 'maxent-resume-'));
  try {
    const [whole, killed] = [join(directory, 'whole'), join(directory, 'killed')];
    progress?.('training without interruption');
    await MaxentProcess.start([...trainArguments, '--out', whole]).finish();
    for (const [i, { step, milliseconds }] of kills.entries()) {
      progress?.(`killing the run ${milliseconds} ms after its checkpoint of step ${step}`);
      const process = MaxentProcess.start([
        ...trainArguments,
        '--out',
        killed,
        ...(i > 0 ? ['--resume'] : []),
      ]);
      await process.killAfter(join(killed, 'checkpoints', `step-${step}`), milliseconds);
    }
    progress?.('resuming to the end');
    await MaxentProcess.start([...trainArguments, '--out', killed, '--resume']).finish();

    const comparison = await compareRuns(await readRun(whole), await readRun(killed));
    const { rows, arrays, differences } = comparison;
    return {
      name: 'resume',
      machine: describeMachine(await selectBackend({ prefer: 'wasm' })),
      versions: describeVersions(),
      rows: [
        { label: 'kills survived', median: kills.length, unit: 'kills', runs: [kills.length] },
        { label: 'equal rows of metrics.jsonl', median: rows, unit: 'rows', runs: [rows] },
        { label: 'equal arrays in the final checkpoint', median: arrays, unit: 'arrays', runs: [arrays] },
      ],
      ratios: {},
      comparison,
      failures: differences.map((difference) => `the killed and resumed run is not the same: ${difference}`),
      notes: [
        `maxent ${trainArguments.join(' ')}`,
        `killed (SIGKILL) ${kills.map(({ step, milliseconds }) => `${milliseconds} ms after the checkpoint of step ${step}`).join(', ')}; resumed each time`,
        'bit-identical to the uninterrupted run: every field but wall-clock ones, weights, moments, random numbers, replay',
      ],
    };
  } finally {
    await rm(directory, { recursive: true });
  }
}
