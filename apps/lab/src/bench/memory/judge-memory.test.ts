import { describe, expect, it } from 'vitest';
import { judgeMemory, type MemorySample } from './judge-memory.js';

const MIB = 2 ** 20;

/** Samples every 500 updates from 0 to `last`. */
function samples(
  tensorsAt: (updates: number) => number,
  mebibytesAt: (updates: number) => number,
  last = 20_000,
): MemorySample[] {
  return Array.from({ length: last / 500 + 1 }, (_, i) => ({
    updates: 500 * i,
    tensors: tensorsAt(500 * i),
    residentBytes: mebibytesAt(500 * i) * MIB,
  }));
}

const constant = (value: number) => () => value;

describe('judgeMemory', () => {
  it('looks at updates 5,000 to 20,000 only', () => {
    const growing = samples(
      (updates) => (updates < 5000 ? 9 : 20),
      (updates) => (updates < 5000 ? 50 : 100),
    );
    const { watched, start, end, failures } = judgeMemory(growing);
    expect(watched).toHaveLength(31);
    expect([watched[0]!.updates, watched.at(-1)!.updates]).toEqual([5000, 20_000]);
    expect([start, end]).toEqual([100 * MIB, 100 * MIB]);
    expect(failures).toEqual([]);
  });

  it('takes no notice of single samples', () => {
    const noisy = samples(constant(20), (updates) => (updates === 5000 || updates === 20_000 ? 130 : 100));
    expect(judgeMemory(noisy)).toMatchObject({ end: 100 * MIB, failures: [] });
  });

  it('refuses a tensor that comes or goes', () => {
    const leaking = samples((updates) => (updates === 12_000 ? 21 : 20), constant(100));
    expect(judgeMemory(leaking).failures).toEqual(['the number of tensors changes: 20, 21']);
  });

  it.each([105.1, 94.9])('refuses resident memory that goes from 100 to %f MiB', (end) => {
    const changing = samples(constant(20), (updates) => (updates < 12_000 ? 100 : end));
    expect(judgeMemory(changing).failures).toEqual([expect.stringMatching(/by -?5\.1 %/)]);
  });

  it('refuses a run that is too short to tell', () => {
    expect(() => judgeMemory(samples(constant(20), constant(100), 6000))).toThrow(/got 0, 500, .*, 6000$/);
  });
});
