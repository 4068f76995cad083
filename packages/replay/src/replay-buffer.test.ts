import { copySnapshot, InvalidInputError, oldestRow, Rng, SnapshotMismatchError } from '@maxent/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from './replay-buffer.js';

const columns = {
  observation: { dataType: 'float32', width: 2 },
  terminated: { dataType: 'uint8', width: 1 },
} as const;

function bufferWith(count: number, capacity = 4) {
  const buffer = new ReplayBuffer({ columns, capacity });
  for (let i = 0; i < count; i++) buffer.append({ observation: [i, -i], terminated: i % 2 });
  return buffer;
}

function gather(buffer: ReturnType<typeof bufferWith>, slots: Int32Array): number[] {
  const out = new Float32Array(slots.length * 2);
  buffer.gatherInto('observation', slots, out);
  return [...out];
}

describe('ReplayBuffer', () => {
  it('keeps the newest rows once full', () => {
    const buffer = bufferWith(6);
    expect(buffer.size).toBe(4);
    expect(buffer.appended).toBe(6);
    expect(gather(buffer, Int32Array.of(0, 1, 2, 3))).toEqual([4, -4, 5, -5, 2, -2, 3, -3]);
  });

  it('samples every stored row and nothing else, about equally often', () => {
    const buffer = bufferWith(3);
    const slots = buffer.sampleSlots(Rng.fromSeed(1), new Int32Array(3000));
    const counts = [0, 0, 0, 0];
    for (const slot of slots) counts[slot]! += 1;
    expect(counts[3]).toBe(0);
    // Binomial(3000, 1/3) has standard deviation 26.
    for (const count of counts.slice(0, 3)) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it('gathers flags as numbers', () => {
    const out = new Float32Array(3);
    bufferWith(3).gatherInto('terminated', Int32Array.of(2, 1, 1), out);
    expect([...out]).toEqual([0, 1, 1]);
  });

  it('reads rows by their running number, across the ring boundary', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30 }), (capacity, count) => {
        const buffer = bufferWith(count, capacity);
        const oldest = oldestRow(buffer);
        const rows = buffer.read(oldest, count);
        const expected = Array.from({ length: count - oldest }, (_, i) => [oldest + i, -(oldest + i)]).flat();
        expect([...rows.observation]).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it('continues identically after loading a saved log', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30 }), (capacity, count) => {
        const original = bufferWith(count, capacity);
        const saved = copySnapshot({ arrays: {}, rows: { replay: original }, metadata: {} }).rows!.replay!;
        original.append({ observation: [100, 101], terminated: 0 });
        const restored = new ReplayBuffer({ columns, capacity });
        restored.load(saved);
        restored.append({ observation: [100, 101], terminated: 0 });
        const slots = original.sampleSlots(Rng.fromSeed(2), new Int32Array(20));
        expect(restored.sampleSlots(Rng.fromSeed(2), new Int32Array(20))).toEqual(slots);
        expect(gather(restored, slots)).toEqual(gather(original, slots));
      }),
      { seed: 1 },
    );
  });

  it('loads logs larger than one chunk', () => {
    const count = 70_000;
    const original = bufferWith(count, 69_000);
    const restored = new ReplayBuffer({ columns, capacity: 69_000 });
    restored.load(original);
    expect(restored.read(1000, count)).toEqual(original.read(1000, count));
  });

  it('refuses rows and logs that do not fit, and stays as it was', () => {
    const buffer = bufferWith(1);
    expect(() => buffer.append({ observation: [1, 2, 3], terminated: 0 })).toThrow(
      new InvalidInputError('observation', 'expected 2 numbers, got [1, 2, 3]'),
    );
    expect(buffer.appended).toBe(1);
    expect(() => buffer.load(new ReplayBuffer({ columns, capacity: 5 }))).toThrow(SnapshotMismatchError);
    expect(() =>
      buffer.load(
        new ReplayBuffer({ columns: { ...columns, extra: { dataType: 'uint8', width: 1 } }, capacity: 4 }),
      ),
    ).toThrow('column "extra" was saved as 1 x uint8, but this buffer has absent');
    expect(() => buffer.read(0, 2)).toThrow(InvalidInputError);
    expect(() => new ReplayBuffer({ columns, capacity: 0 })).toThrow(
      'capacity: expected a positive integer, got 0',
    );
    expect(() =>
      new ReplayBuffer({ columns, capacity: 3 }).sampleSlots(Rng.fromSeed(0), new Int32Array(1)),
    ).toThrow('cannot sample from an empty buffer');
  });
});
