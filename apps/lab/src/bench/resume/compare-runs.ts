import { type JsonObject, type JsonValue, type Snapshot, snapshotsEqual } from '@maxent/core';
import type { StoredRun } from '@maxent/training/node';

/** Fields that depend on the machine's speed; everything else must be equal. */
const WALL_CLOCK_FIELDS = new Set(['wallSeconds', 'stepsPerSecond']);

export interface RunComparison {
  /** Rows of the uninterrupted run's metrics.jsonl. */
  readonly rows: number;
  /** Parameters, optimizer moments and everything else in the final checkpoint. */
  readonly arrays: number;
  /** One sentence for each difference; none when the runs are the same. */
  readonly differences: readonly string[];
}

/**
 * Compares two finished runs bit for bit: every field of every row of metrics.jsonl, and everything in the final
 * checkpoint (weights, moments, random numbers, replay, environment state), except wall-clock times.
 */
export async function compareRuns(a: StoredRun, b: StoredRun): Promise<RunComparison> {
  const [left, right] = [await finalCheckpoint(a), await finalCheckpoint(b)];
  const [{ rows }, others] = [await a.readRows(), await b.readRows()];
  const differences = compareRows(rows, others.rows);
  if (left.step !== right.step) {
    differences.push(`the final checkpoints are of steps ${left.step} and ${right.step}`);
  } else if (!snapshotsEqual(left.snapshot, right.snapshot)) {
    differences.push(
      `the final checkpoints differ: ${differingParts(left.snapshot, right.snapshot).join(', ')}`,
    );
  }
  return { rows: rows.length, arrays: Object.keys(left.snapshot.arrays).length, differences };
}

export function compareRows(a: readonly object[], b: readonly object[]): string[] {
  const differences: string[] = [];
  if (a.length !== b.length) differences.push(`metrics.jsonl has ${a.length} rows and ${b.length} rows`);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [left, right] = [timeless(a[i] as JsonValue), timeless(b[i] as JsonValue)].map((row) =>
      JSON.stringify(row),
    );
    if (left !== right) differences.push(`row ${i + 1} of metrics.jsonl: ${left} and ${right}`);
  }
  return differences;
}

/** A copy without wall-clock fields, at any depth. */
export function timeless(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(timeless);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !WALL_CLOCK_FIELDS.has(key))
      .map(([key, part]) => [key, timeless(part)]),
  );
}

async function finalCheckpoint(run: StoredRun): Promise<{ step: number; snapshot: Snapshot }> {
  const { step, snapshot } = (await run.latestCheckpoint())!;
  return { step, snapshot: { ...snapshot, metadata: timeless(snapshot.metadata) as JsonObject } };
}

/** Names of the arrays, row logs and metadata entries that differ. */
function differingParts(a: Snapshot, b: Snapshot): string[] {
  const alone = (part: Partial<Snapshot>): Snapshot => ({ arrays: {}, metadata: {}, ...part });
  const pick = <T>(record: Readonly<Record<string, T>> | undefined, name: string): Record<string, T> =>
    record?.[name] === undefined ? {} : { [name]: record[name] };
  return (['arrays', 'rows', 'metadata'] as const).flatMap((kind) =>
    [...new Set([...Object.keys(a[kind] ?? {}), ...Object.keys(b[kind] ?? {})])].filter(
      (name) =>
        !snapshotsEqual(
          alone({ [kind]: pick<unknown>(a[kind], name) }),
          alone({ [kind]: pick<unknown>(b[kind], name) }),
        ),
    ),
  );
}
