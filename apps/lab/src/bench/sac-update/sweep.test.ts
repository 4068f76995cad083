import { expect, it } from 'vitest';
import { crossover, type SweepCell } from './sweep.js';

const cell = (width: number, batchSize: number, native: number, wasm: number): SweepCell => ({
  width,
  batchSize,
  milliseconds: { 'ours, native': native, 'ours, wasm': wasm },
});

it('finds the batch from which on native is faster', () => {
  const cells = [
    cell(64, 64, 5, 1),
    cell(64, 1024, 9, 8),
    cell(256, 64, 4, 5),
    cell(256, 256, 9, 8),
    cell(256, 1024, 20, 30),
    cell(1024, 64, 10, 20),
    cell(1024, 1024, 50, 99),
  ];
  expect(crossover(cells)).toEqual([
    { width: 64, batchSize: null },
    { width: 256, batchSize: 1024 },
    { width: 1024, batchSize: 64 },
  ]);
});

it('finds nothing where native was not measured', () => {
  expect(crossover([{ width: 64, batchSize: 64, milliseconds: { 'ours, wasm': 3 } }])).toEqual([
    { width: 64, batchSize: null },
  ]);
});
