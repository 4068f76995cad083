import { tmpdir } from 'node:os';
import type { BenchAnswer } from '@maxent/bench';
import { describe, expect, it, vi } from 'vitest';
import { benchAnswer } from '../answers/bench.js';
import { runInProcess } from '../test-support/run-in-process.js';

const measured: BenchAnswer = {
  name: 'example',
  machine: {
    processor: 'A CPU',
    cores: 2,
    memoryGiB: 8,
    operatingSystem: 'linux',
    architecture: 'x64',
    node: '20.19.0',
    simd: 'not used',
  },
  versions: {},
  rows: [{ label: 'ours', median: 14, unit: 'ms', runs: [14] }],
  ratios: { speedup: 1.6 },
  notes: [],
};
const failure = 'speedup must be at least 1.70, and is 1.60';

// Real benchmarks take minutes, and hold.
vi.mock('@maxent/bench', async (importOriginal) => {
  const benchmarkOf = (answer: BenchAnswer) => ({ description: 'an example', run: async () => answer });
  return {
    ...(await importOriginal<typeof import('@maxent/bench')>()),
    benchmarks: {
      holds: benchmarkOf({ ...measured, failures: [] }),
      fails: benchmarkOf({ ...measured, failures: [failure] }),
      judgesNothing: benchmarkOf(measured),
    },
  };
});

const bench = (...args: string[]) => runInProcess(['bench', ...args], { directory: tmpdir() });

describe('maxent bench', () => {
  it.each(['holds', 'judgesNothing'])('prints the answer of a benchmark that %s', async (name) => {
    const { exitCode, json, err } = await bench(name, '--json');
    expect(exitCode).toBe(0);
    expect(benchAnswer.loose().parse(json)).toMatchObject(measured);
    expect(err).toBe('');
  });

  it('prints what was measured also when something that must hold does not, with exit code 1', async () => {
    const { exitCode, json, err } = await bench('fails', '--json');
    expect(exitCode).toBe(1);
    expect(benchAnswer.loose().parse(json)).toEqual({ ...measured, failures: [failure] });
    expect(err).toBe(`maxent: ${failure}\n`);
  });

  it('says so to people too', async () => {
    const { exitCode, out } = await bench('fails');
    expect(exitCode).toBe(1);
    expect(out).toContain('  ours  14 ms\n');
    expect(out).toContain(`\nFAILED: ${failure}\n`);
  });
});
