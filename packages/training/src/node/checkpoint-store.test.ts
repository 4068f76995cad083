import { copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  copySnapshot,
  DamagedDataError,
  InvalidInputError,
  type Snapshot,
  SnapshotMismatchError,
  StorageError,
  snapshotsEqual,
} from '@maxent/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FaultyFiles } from '../test-support/faulty-files.js';
import { TabularAgent } from '../test-support/tabular-agent.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { encodeManifest } from './checkpoint-manifest.js';
import { CheckpointStore } from './checkpoint-store.js';
import { nodeFileOperations } from './file-operations.js';

/** Files that the system cannot read. */
const failToOpen = vi.hoisted(() => new Set<unknown>());
vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>();
  const open: typeof actual.open = async (path, ...rest) => {
    if (!failToOpen.has(path)) return actual.open(path, ...rest);
    throw Object.assign(new Error('EIO: i/o error, open'), { code: 'EIO', syscall: 'open' });
  };
  return { ...actual, open };
});

/** An agent that has seen so many transitions; its replay holds the last 200. */
function agentAfter(transitions: number): TabularAgent {
  const agent = new TabularAgent(5);
  for (let i = 0; i < transitions; i++) {
    const terminated = i % 9 === 0;
    agent.observe({
      observation: i % 8,
      action: i % 2,
      reward: i,
      nextObservation: (i + 1) % 8,
      terminated,
      truncated: false,
    });
    agent.update();
  }
  return agent;
}

const snapshotAfter = (transitions: number): Snapshot => agentAfter(transitions).save();

async function storeWith(steps: readonly number[], keep = 2) {
  const directory = await temporaryDirectory();
  const store = new CheckpointStore(directory, keep, nodeFileOperations);
  for (const step of steps) await store.save(step, snapshotAfter(step));
  return { directory, store };
}

const reopened = (directory: string) => new CheckpointStore(directory, 2, nodeFileOperations);

describe('CheckpointStore', () => {
  it('gives back what was saved, bit for bit', async () => {
    const { directory } = await storeWith([90]);
    const { step, snapshot, warnings } = (await reopened(directory).latest())!;
    expect([step, warnings]).toEqual([90, []]);
    expect(snapshotsEqual(snapshot, snapshotAfter(90))).toBe(true);
  });

  it('has nothing before the first save', async () => {
    expect(await reopened(await temporaryDirectory()).latest()).toBeUndefined();
  });

  it('keeps the newest checkpoints and the row segments that they need', async () => {
    const { directory, store } = await storeWith([50, 120, 180, 260]);
    expect((await readdir(join(directory, 'checkpoints'))).sort()).toEqual(['step-180', 'step-260']);
    const ranges = async () =>
      (await readdir(join(directory, 'replay')))
        .map((name) => name.split('-').slice(1, 3).map(Number))
        .sort((a, b) => a[0]! - b[0]!);
    // Each segment holds only what was new; 180 still needs the rows from 0.
    expect(await ranges()).toEqual([
      [0, 50],
      [50, 120],
      [120, 180],
      [180, 260],
    ]);
    await store.save(400, snapshotAfter(400));
    // Rows before 60 are no longer needed by 260, nor any before 200 by 400.
    expect(await ranges()).toEqual([
      [50, 120],
      [120, 180],
      [180, 260],
      [260, 400],
    ]);
    const { snapshot } = (await reopened(directory).latest())!;
    expect(snapshotsEqual(snapshot, snapshotAfter(400))).toBe(true);
  });

  it('writes only filled rows, and only the readable ones when many were appended', async () => {
    const { directory } = await storeWith([1000]);
    const names = await readdir(join(directory, 'replay'));
    expect(names).toEqual([expect.stringMatching(/^replay-0000000800-0000001000-[0-9a-f]{8}\.safetensors$/)]);
  });

  it('goes on with the segments of the checkpoint it was resumed from', async () => {
    const { directory } = await storeWith([100]);
    const resumed = reopened(directory);
    await resumed.latestVerified();
    await resumed.save(150, snapshotAfter(150));
    expect((await readdir(join(directory, 'replay'))).map((name) => name.slice(0, 28)).sort()).toEqual([
      'replay-0000000000-0000000100',
      'replay-0000000100-0000000150',
    ]);
    expect(snapshotsEqual((await reopened(directory).latest())!.snapshot, snapshotAfter(150))).toBe(true);
  });

  it('replaces a checkpoint of the same step', async () => {
    const { directory, store } = await storeWith([50, 60]);
    await store.save(60, snapshotAfter(61));
    expect(snapshotsEqual((await reopened(directory).latest())!.snapshot, snapshotAfter(61))).toBe(true);
  });

  it('refuses metadata that JSON cannot hold', async () => {
    const { store } = await storeWith([]);
    await expect(store.save(1, { arrays: {}, metadata: { loss: Number.NaN } })).rejects.toThrow(
      InvalidInputError,
    );
  });

  it('leaves a checkpoint of another format version alone', async () => {
    const { directory } = await storeWith([50]);
    const path = join(directory, 'checkpoints/step-50/manifest.json');
    const { checksum: _, ...content } = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, encodeManifest({ ...content, formatVersion: 2 }));
    await expect(reopened(directory).latest()).rejects.toThrow(SnapshotMismatchError);
  });
});

it('reads any range of rows across segments', async () => {
  const { directory } = await storeWith([50, 120, 180, 260]);
  const [stored, log] = [
    (await reopened(directory).latest())!.snapshot.rows!.replay!,
    snapshotAfter(260).rows!.replay!,
  ];
  for (const [from, to] of [
    [60, 260],
    [60, 61],
    [119, 121],
    [100, 200],
    [120, 180],
    [70, 70],
  ] as const) {
    expect(stored.read(from, to)).toEqual(log.read(from, to));
  }
  for (const [from, to] of [
    [59, 60],
    [200, 261],
    [90, 80],
  ] as const) {
    expect(() => stored.read(from, to)).toThrow(InvalidInputError);
  }
});

describe('damage', () => {
  const path = (directory: string, file: string) => join(directory, 'checkpoints/step-120', file);
  const alter = async (file: string, at: number) => {
    const content = await readFile(file);
    content[at < 0 ? content.length + at : at]! ^= 1;
    await writeFile(file, content);
  };
  const newestSegment = async (directory: string) => {
    const name = (await readdir(join(directory, 'replay'))).find((other) => other.includes('-0000000120-'))!;
    return join(directory, 'replay', name);
  };
  const damages: [string, string, (directory: string) => Promise<unknown>][] = [
    ['truncated arrays', 'arrays.safetensors has', (d) => truncate(path(d, 'arrays.safetensors'), 100)],
    ['altered arrays', 'arrays.safetensors was altered', (d) => alter(path(d, 'arrays.safetensors'), -1)],
    ['altered metadata', 'metadata.json was altered', (d) => alter(path(d, 'metadata.json'), 20)],
    ['missing metadata', 'metadata.json is missing', (d) => rm(path(d, 'metadata.json'))],
    ['missing manifest', 'manifest.json is missing', (d) => rm(path(d, 'manifest.json'))],
    ['empty manifest', 'manifest.json is not JSON', (d) => truncate(path(d, 'manifest.json'), 0)],
    ['altered manifest', 'manifest.json', (d) => alter(path(d, 'manifest.json'), -10)],
    [
      'manifest of another step',
      'belongs to step 50',
      (d) => copyFile(join(d, 'checkpoints/step-50/manifest.json'), path(d, 'manifest.json')),
    ],
    ['altered segment', 'was altered', async (d) => alter(await newestSegment(d), -3)],
    ['missing segment', 'is missing', async (d) => rm(await newestSegment(d))],
  ];

  it.each(damages)('%s is named, and the checkpoint before is used', async (_, message, damage) => {
    const { directory } = await storeWith([50, 120]);
    await damage(directory);
    const store = reopened(directory);
    const { step, snapshot, warnings } = (await store.latestVerified())!;
    expect(step).toBe(50);
    expect(snapshotsEqual(snapshot, snapshotAfter(50))).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('checkpoint step-120 is damaged')]);
    expect(warnings[0]).toContain(message);

    const aside = join(directory, 'checkpoints/damaged-step-120');
    expect(warnings[0]).toContain(`kept as "${aside}"`);
    const before = await readdir(path(directory, '.'));
    await store.setAsideAfter(50);
    await store.save(120, snapshotAfter(120));
    const again = (await reopened(directory).latestVerified())!;
    expect([again.step, again.warnings]).toEqual([120, []]);
    expect(snapshotsEqual(again.snapshot, snapshotAfter(120))).toBe(true);
    // Two later checkpoints push older ones out, but not what was set aside.
    for (const later of [400, 500]) await store.save(later, snapshotAfter(later));
    expect(await readdir(aside)).toEqual(before);
    const segments = (await readdir(join(directory, 'replay'))).map((name) => name.slice(7, 28));
    // Without its own manifest nobody knows which rows belong to it.
    expect(segments.includes('0000000050-0000000120')).toBe(!/manifest|step 50/.test(message));
  });

  it('gives way to what is set aside already', async () => {
    const { directory } = await storeWith([50, 120]);
    await mkdir(join(directory, 'checkpoints/damaged-step-120'));
    await rm(path(directory, 'metadata.json'));
    const store = reopened(directory);
    expect((await store.latestVerified())!.warnings[0]).toContain('damaged-step-120-2');
    await store.setAsideAfter(50);
    expect((await readdir(join(directory, 'checkpoints'))).sort()).toEqual([
      'damaged-step-120',
      'damaged-step-120-2',
      'step-50',
    ]);
  });

  it('of rows stops who reads them, and nobody who only looks at the arrays', async () => {
    const { directory } = await storeWith([50, 120]);
    await alter(await newestSegment(directory), -3);
    const { step, snapshot, warnings } = (await reopened(directory).latest())!;
    expect([step, warnings]).toEqual([120, []]);
    expect(snapshot.arrays).toEqual(snapshotAfter(120).arrays);
    expect(snapshot.rows!.replay!.read(0, 50).reward).toHaveLength(50);
    expect(() => snapshot.rows!.replay!.read(40, 60)).toThrow(DamagedDataError);
  });

  it('is not what a file is called that the system cannot read', async () => {
    const { directory } = await storeWith([50, 120]);
    const file = path(directory, 'arrays.safetensors');
    failToOpen.add(file);
    onTestFinished(() => failToOpen.clear());
    for (const latest of ['latest', 'latestVerified'] as const) {
      const failure = await reopened(directory)
        [latest]()
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StorageError);
      expect((failure as Error).message).toContain(`cannot read "${file}": EIO`);
    }
  });

  it('is an error when no checkpoint is left', async () => {
    const { directory } = await storeWith([50, 120]);
    for (const step of [50, 120]) await rm(join(directory, `checkpoints/step-${step}/arrays.safetensors`));
    const failure = await reopened(directory)
      .latest()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DamagedDataError);
    expect((failure as Error).message).toMatch(/step-120.*step-50/);
  });

  it('every altered bit of a manifest is noticed', async () => {
    const { directory } = await storeWith([50, 120]);
    const file = path(directory, 'manifest.json');
    const { length } = await readFile(file);
    for (let at = 0; at < length; at += 7) {
      await alter(file, at);
      expect((await reopened(directory).latest())!.step).toBe(50);
      await alter(file, at);
    }
  });
});

it('can be loaded after a crash at any file operation of a checkpoint', async () => {
  const steps = [50, 120, 300, 420];
  let crashes = 0;
  let files: FaultyFiles | undefined;
  onTestFinished(() => files?.restore());
  for (let crashAt = 1; ; crashAt++) {
    const directory = await temporaryDirectory();
    files = new FaultyFiles('kill', crashAt);
    const store = new CheckpointStore(directory, 2, nodeFileOperations);
    let saved = 0;
    try {
      for (; saved < steps.length; saved++) await store.save(steps[saved]!, snapshotAfter(steps[saved]!));
    } catch {
      crashes += 1;
    }
    files.restore();
    const next = reopened(directory);
    const latest = await next.latestVerified();
    // The checkpoint being written is either whole or not there; the one before it always is.
    const possible = [steps[saved - 1], steps[saved]];
    expect(possible).toContain(latest?.step);
    expect(latest?.warnings ?? []).toEqual([]);
    if (latest !== undefined) expect(snapshotsEqual(latest.snapshot, snapshotAfter(latest.step))).toBe(true);
    // And the run can go on from there.
    const agent = copySnapshot(snapshotAfter(500));
    await next.setAsideAfter(latest?.step ?? 0);
    await next.save(500, agent);
    expect(snapshotsEqual((await reopened(directory).latest())!.snapshot, agent)).toBe(true);
    const leftovers = (await readdir(directory, { recursive: true })).filter((name) => /(^|\/)\./.test(name));
    expect(leftovers).toEqual([]);
    if (saved === steps.length) break;
  }
  expect(crashes).toBeGreaterThan(40);
});

it('ignores other things in its folders', async () => {
  const { directory } = await storeWith([50]);
  await mkdir(join(directory, 'checkpoints/best'));
  expect((await reopened(directory).latest())!.step).toBe(50);
});
