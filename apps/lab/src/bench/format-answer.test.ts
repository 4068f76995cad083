import { expect, it } from 'vitest';
import { formatBenchAnswer } from './format-answer.js';

it('shows machine, rows, ratios, notes and failures in aligned columns', () => {
  const text = formatBenchAnswer({
    name: 'example',
    machine: {
      processor: 'A CPU',
      cores: 2,
      memoryGiB: 8,
      operatingSystem: 'linux x64',
      node: '20.19.0',
      kernels: 'addon',
      simd: 'avx2',
      threads: 2,
    },
    versions: {},
    rows: [
      { label: 'stock', median: 165.4321, unit: 'ms', runs: [160, 165.4321, 170], gigaflopsPerSecond: 3.5 },
      { label: 'ours', median: 14, unit: 'ms', runs: [14] },
    ],
    ratios: { stockOverOurs: 11.81658, steps: 12345.6 },
    notes: ['seen on a quiet machine'],
    failures: ['stockOverOurs must be at least 20.0, and is 11.8'],
  });
  expect(text).toBe(
    [
      'example on A CPU, 2 cores, Node 20.19.0, kernels avx2 (addon, 2 threads)',
      '',
      '  stock  165.4 ms  (160 to 170)  3.5 GFLOP/s',
      '  ours   14 ms',
      '',
      '  stockOverOurs  11.82',
      '  steps          12346',
      '',
      'seen on a quiet machine',
      '',
      'FAILED: stockOverOurs must be at least 20.0, and is 11.8',
      '',
    ].join('\n'),
  );
});
