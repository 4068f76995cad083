import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { BenchAnswer } from './bench/benchmark.js';
import { runLab } from './lab.js';
import { resultsDirectory } from './results/results-directory.js';
import { temporaryDirectory } from './test-support/temporary-directory.js';

// Before the mock that answers with it.
const { measured, failure } = vi.hoisted(() => ({
  measured: {
    name: 'example',
    machine: {
      ...{ processor: 'A CPU', cores: 2, memoryGiB: 8, operatingSystem: 'linux x64' },
      ...{ node: '20.19.0', kernels: 'not used', simd: 'not used' },
    },
    versions: {},
    rows: [{ label: 'ours', median: 14, unit: 'ms', runs: [14] }],
    ratios: { speedup: 1.6 },
    notes: [],
  } satisfies BenchAnswer,
  failure: 'speedup must be at least 1.70, and is 1.60',
}));

// Real benchmarks take minutes, and hold.
vi.mock('./bench/index.js', () => {
  const benchmarkOf = (answer: BenchAnswer) => ({ description: 'an example', run: async () => answer });
  return {
    benchmarks: {
      holds: benchmarkOf({ ...measured, failures: [] }),
      fails: benchmarkOf({ ...measured, failures: [failure] }),
      judgesNothing: benchmarkOf(measured),
      noNumber: benchmarkOf({ ...measured, ratios: { speedup: Number.NaN } }),
      without: benchmarkOf({ ...measured, ratios: { speedup: Number.POSITIVE_INFINITY } }),
    },
  };
});

async function lab(...args: string[]) {
  const [out, err]: string[][] = [[], []];
  const io = {
    writeOut: (text: string) => void out!.push(text),
    writeError: (text: string) => void err!.push(text),
  };
  const exitCode = await runLab(args, io);
  return { exitCode, out: out!.join(''), err: err!.join('') };
}

it.each(['holds', 'judgesNothing'])('prints the answer of a benchmark that %s', async (name) => {
  const { exitCode, out, err } = await lab('bench', name, '--json');
  expect([exitCode, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject(measured);
});

it('prints what was measured also when something that must hold does not, with exit code 1', async () => {
  const { exitCode, out, err } = await lab('bench', 'fails', '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toEqual({ ...measured, failures: [failure] });
  expect(err).toBe(`lab: ${failure}\n`);
  const text = await lab('bench', 'fails');
  expect(text.exitCode).toBe(1);
  expect(text.out).toContain('  ours  14 ms\n');
  expect(text.out).toContain(`\nFAILED: ${failure}\n`);
});

it('writes infinities as strings and never NaN', async () => {
  expect(JSON.parse((await lab('bench', 'without', '--json')).out).ratios).toEqual({ speedup: 'Infinity' });
  const { exitCode, out } = await lab('bench', 'noNumber', '--json');
  expect(exitCode).toBe(1);
  expect(JSON.parse(out).error).toMatchObject({
    code: 'DIVERGENCE',
    message: expect.stringContaining('speedup'),
  });
});

it('runs the units that are asked for and says which are missing', async () => {
  const directory = await temporaryDirectory();
  const args = ['reproduce', 'optimism', '--out', directory, '--only', 'lotteries', '--json'];
  const { exitCode, out } = await lab(...args);
  const { units, holds, table, missing } = JSON.parse(out);
  expect([exitCode, holds, table, missing.length]).toEqual([0, null, [], 5]);
  expect(units.filter(({ seconds }: { seconds: number | null }) => seconds !== null)).toMatchObject([
    { name: 'lotteries' },
  ]);
  const stored = JSON.parse(await readFile(join(directory, 'lotteries.json'), 'utf8'));
  expect(stored).toMatchObject({ experiment: 'optimism', unit: 'lotteries' });
  expect(Object.keys(stored.provenance.versions)).toContain('node');
  expect((await lab('judge', 'optimism', '--results', directory)).out).toContain(
    'Not there yet: grids-seed1',
  );
});

it('judges results and writes what shows them', async () => {
  const directory = await temporaryDirectory();
  await cp(resultsDirectory('optimism'), directory, { recursive: true });
  await rm(join(directory, 'table.md'));
  const { exitCode, out } = await lab('judge', 'optimism', '--results', directory, '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ name: 'optimism', holds: true, missing: [] });
  const table = await readFile(resultsDirectory('optimism', 'table.md'), 'utf8');
  expect(await readFile(join(directory, 'table.md'), 'utf8')).toBe(table);
});

it.each<[string[], string]>([
  [['bench', 'hold'], 'unknown benchmark "hold". Did you mean "holds"?'],
  [['judge', 'optimist'], 'unknown experiment "optimist". Did you mean "optimism"?'],
  [['jugde', 'optimism'], 'unknown command "jugde". Did you mean "judge"?'],
  [['judge'], 'NAME: is required after judge'],
  [['judge', 'optimism', 'temperature'], 'expected one name, got optimism temperature'],
  [['judge', 'optimism', '--only', 'x'], '--only: is not an option of judge'],
  [['judge', 'optimism', '--ony', 'x'], '--ony'],
  [
    ['reproduce', 'optimism', '--only', 'seed9'],
    'expected part of the name of a unit such as lotteries, got "seed9"',
  ],
  [
    ['reproduce', 'optimism', '--backend', 'gpu'],
    '--backend: expected one of auto, native, wasm, cpu, got "gpu"',
  ],
  [['compact', 'runs/none'], '--out: is required'],
  [['compact', 'runs/none', '--out', 'kept'], 'holds no run'],
  [['reproduce', 'sb3-curves'], 'experiments/sb3-curves/plan.md'],
])('%j is a usage error', async (args, message) => {
  const { exitCode, out, err } = await lab(...args, '--json');
  expect(exitCode).toBe(2);
  expect(JSON.parse(out).error.message).toContain(message);
  expect(err).toContain(message);
});

it('shows what there is', async () => {
  const { exitCode, out } = await lab('--help');
  expect(exitCode).toBe(0);
  expect(out).toMatch(/judgesNothing[\s\S]*sb3-curves/);
  expect((await lab()).exitCode).toBe(2);
});
