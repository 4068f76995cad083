import type { JsonObject, Snapshot } from '@maxent/core';
import type { RunRow } from '@maxent/training';
import type { StoredRun } from '@maxent/training/node';
import { describe, expect, it } from 'vitest';
import { compareRuns, timeless } from './compare-runs.js';

const row = (step: number, loss: number, wallSeconds: number): RunRow => ({
  type: 'metrics',
  step,
  updates: step,
  values: { loss },
  wallSeconds,
  stepsPerSecond: step / wallSeconds,
});

function storedRun(
  rows: readonly RunRow[],
  checkpoint: { step?: number; weight?: number; wall?: number } = {},
) {
  const { step = 10, weight = 1, wall = 5 } = checkpoint;
  const snapshot: Snapshot = {
    arrays: {
      'actor/weight': { shape: [1], data: Float32Array.of(weight) },
      bias: { shape: [1], data: Float32Array.of(0) },
    },
    metadata: { loop: { step, wallSeconds: wall } } as JsonObject,
  };
  return {
    readRows: async () => ({ rows, warnings: [] }),
    latestCheckpoint: async () => ({ step, snapshot, warnings: [] }),
  } as unknown as StoredRun;
}

describe('compareRuns', () => {
  const rows = [row(5, 0.5, 1), row(10, 0.25, 2)];

  it('sees no difference in wall-clock times', async () => {
    const slower = storedRun([row(5, 0.5, 3), row(10, 0.25, 9)], { wall: 80 });
    expect(await compareRuns(storedRun(rows), slower)).toEqual({ rows: 2, arrays: 2, differences: [] });
  });

  it('sees the last bit of a metric', async () => {
    const other = storedRun([rows[0]!, row(10, 0.25 + Number.EPSILON / 4, 2)]);
    const { differences } = await compareRuns(storedRun(rows), other);
    expect(differences).toEqual([expect.stringMatching(/^row 2 of metrics\.jsonl: .*0\.25\b/)]);
  });

  it('sees a missing row', async () => {
    const { differences } = await compareRuns(storedRun(rows), storedRun(rows.slice(0, 1)));
    expect(differences).toEqual(['metrics.jsonl has 2 rows and 1 rows']);
  });

  it('names the arrays of the final checkpoint that differ', async () => {
    const { differences } = await compareRuns(storedRun(rows), storedRun(rows, { weight: 1 + 2 ** -23 }));
    expect(differences).toEqual(['the final checkpoints differ: actor/weight']);
  });

  it('sees final checkpoints of other steps', async () => {
    const { differences } = await compareRuns(storedRun(rows), storedRun(rows, { step: 9 }));
    expect(differences).toEqual(['the final checkpoints are of steps 10 and 9']);
  });
});

it('leaves out wall-clock fields at any depth', () => {
  expect(timeless({ a: [{ wallSeconds: 1, b: null }], stepsPerSecond: 3, c: 'x' })).toEqual({
    a: [{ b: null }],
    c: 'x',
  });
});
