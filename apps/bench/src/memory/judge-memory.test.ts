import { describe, expect, it } from 'vitest';
import { judgeMemory, type MemorySample } from './judge-memory.js';

const MIB = 2 ** 20;

/** Samples every 5000 updates from 0 on. */
const samples = (tensors: readonly number[], mebibytes: readonly number[]): MemorySample[] =>
  tensors.map((count, i) => ({
    updates: 5000 * i,
    tensors: count,
    residentBytes: mebibytes[i]! * MIB,
  }));

describe('judgeMemory', () => {
  it('looks at updates 5,000 to 20,000 only', () => {
    const inside = judgeMemory(samples([9, 20, 20, 20, 20, 30], [50, 100, 120, 102, 104.9, 900]));
    expect(inside.map(({ updates }) => updates)).toEqual([5000, 10_000, 15_000, 20_000]);
  });

  it('refuses a tensor that comes or goes', () => {
    expect(() => judgeMemory(samples([9, 20, 20, 21, 20], [50, 100, 100, 100, 100]))).toThrow(
      /tensors changes: 20, 20, 21, 20/,
    );
  });

  it.each([105.1, 94.9])('refuses resident memory that goes from 100 to %f MiB', (end) => {
    expect(() => judgeMemory(samples([9, 20, 20, 20, 20], [50, 100, 100, 100, end]))).toThrow(/by -?5\.1 %/);
  });

  it('refuses a run that is too short to tell', () => {
    expect(() => judgeMemory(samples([20, 20, 20], [100, 100, 100]))).toThrow(/got 0, 5000, 10000/);
  });
});
