import { cp, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '@maxent/core';
import { expect, it, onTestFinished } from 'vitest';
import { type Fault, FaultyFiles } from '../test-support/faulty-files.js';
import { corridorConfig } from '../test-support/run-config.js';
import { corridorRun, reproducible, stateOf } from '../test-support/runs.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { train } from '../train.js';
import { DirectoryRunStorage } from './directory-run-storage.js';
import { readRun } from './read-run.js';

const SCHEDULE = { evaluation: { every: 30, episodes: 2 }, logEvery: 10, checkpointEvery: 20 };
const STEPS = { before: 25, after: 45 };
const config = (steps: number) => corridorConfig({ ...SCHEDULE, steps });

interface Session {
  /** Whether the storage could be opened. */
  readonly opened: boolean;
  readonly events: readonly RunEvent[];
  /** What opening or the training threw, else what closing threw. */
  readonly failure: unknown;
  readonly agent: unknown;
}

/** Goes on with the run in a directory, or starts it, up to `steps`. */
async function session(directory: string, mode: 'create' | 'resume', steps: number): Promise<Session> {
  const events: RunEvent[] = [];
  let failure: unknown;
  let storage: DirectoryRunStorage | undefined;
  const options = corridorRun({ ...SCHEDULE, steps, listeners: [(event) => events.push(event)] });
  try {
    storage = await DirectoryRunStorage[mode](directory, config(steps));
    await train({ ...options, storage, resume: mode === 'resume' });
  } catch (error) {
    failure = error;
  }
  try {
    await storage?.close();
  } catch (error) {
    failure ??= error;
  }
  return { opened: storage !== undefined, events, failure, agent: stateOf(options.agent.save()) };
}

/** All that a finished run leaves. */
async function remains(directory: string) {
  const run = await readRun(directory);
  const { rows, warnings } = await run.readRows();
  const best = (await run.actingCheckpoint('best'))!;
  const last = (await run.latestCheckpoint())!;
  return {
    warnings,
    rows: reproducible(rows),
    best: [best.step, best.snapshot.arrays],
    last: [last.step, stateOf({ ...last.snapshot, metadata: {} }), last.warnings],
    names: (await readdir(directory)).filter((name) => !name.startsWith('events.')).sort(),
    leftovers: (await readdir(directory, { recursive: true })).filter((name) => /(^|\/)(\.|lock)/.test(name)),
  };
}

const checkpointsOf = (directory: string) => readdir(join(directory, 'checkpoints'));

/** Files of a directory that this process has open; none where the system does not tell. */
async function openFiles(directory: string): Promise<string[]> {
  const handles = await readdir('/proc/self/fd').catch(() => []);
  const paths = await Promise.all(handles.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(`${directory}/`));
}

/** What is left of a lock when its process has ended. */
async function orphanLock(directory: string): Promise<void> {
  const path = join(directory, 'lock');
  const lock = await readFile(path, 'utf8').catch(() => undefined);
  if (lock !== undefined) await writeFile(path, JSON.stringify({ ...JSON.parse(lock), pid: 999_999_999 }));
}

const checkpointsIn = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'checkpoint' ? [event.step] : []));

it.each<['error' | 'kill', 'create' | 'resume']>([
  ['error', 'create'],
  ['kill', 'create'],
  ['error', 'resume'],
  ['kill', 'resume'],
])(
  '%s at any file operation of a %sd run loses nothing that was stored, and leaves no file open',
  async (kind, mode) => {
    const base = await temporaryDirectory();
    let files = new FaultyFiles();
    onTestFinished(() => files.restore());
    const started = join(base, 'started');
    if (mode === 'resume') expect((await session(started, 'create', STEPS.before)).failure).toBeUndefined();
    else await mkdir(started);
    const steps = mode === 'resume' ? STEPS.after : 15;
    const whole = join(base, 'whole');
    const { agent } = await session(whole, 'create', steps);
    const expected = await remains(whole);
    // Otherwise the best policy would not change in the part of the run that is tried.
    expect(expected.best[0]).toBeGreaterThan(steps - 20);

    for (let faultAt = 1; ; faultAt++) {
      const directory = join(base, `run-${faultAt}`);
      await cp(started, directory, { recursive: true });
      const failing: Fault = faultAt % 2 === 0 ? 'EIO' : 'ENOSPC';
      const fault = kind === 'kill' ? kind : failing;
      files.restore();
      files = new FaultyFiles(fault, faultAt);
      const { opened, events, failure } = await session(directory, mode, steps);
      if (files.operations < faultAt) {
        expect(failure).toBeUndefined();
        expect(faultAt).toBeGreaterThan(20);
        break;
      }
      if (fault === 'kill') expect((failure as Error).message).toBe('killed');
      else {
        expect(failure, `operation ${faultAt}`).toMatchObject({
          code: opened ? 'STORAGE' : 'INVALID_INPUT',
          message: expect.stringMatching(`"${directory}".*${fault}`),
        });
      }
      expect(await openFiles(directory)).toEqual([]);
      files.restore();
      files = new FaultyFiles();
      await orphanLock(directory);

      const isRun = (await readdir(directory)).includes('config.json');
      expect(isRun || !opened).toBe(true);
      const again = await session(directory, isRun ? 'resume' : 'create', steps);
      expect(again.failure, `after operation ${faultAt}`).toBeUndefined();
      const [start] = again.events;
      const stored = Math.max(mode === 'resume' ? STEPS.before : 0, ...checkpointsIn(events));
      expect((start as { step: number }).step).toBeGreaterThanOrEqual(stored);
      expect(again.agent).toEqual(agent);
      expect(await remains(directory), `after operation ${faultAt}`).toEqual(expected);
      // One more may be left where there was nothing to save any more.
      expect(await checkpointsOf(directory)).toEqual(expect.arrayContaining(await checkpointsOf(whole)));
    }
  },
  120_000,
);
