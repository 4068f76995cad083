import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DamagedDataError, InvalidInputError, LockLostError, type RunEvent } from '@maxent/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { killableProgram } from '../test-support/killable-program.js';
import { corridorConfig } from '../test-support/run-config.js';
import { corridorRun } from '../test-support/runs.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { train } from '../train.js';
import { DirectoryRunStorage } from './directory-run-storage.js';
import { RunLock } from './run-lock.js';

const EXPIRY = 0.4;

/** Every file below a directory with its bytes and the time it was last written. */
async function contentOf(directory: string): Promise<Map<string, string>> {
  const content = new Map<string, string>();
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const path = join(directory, name);
    const stats = await stat(path);
    const bytes = stats.isFile() ? (await readFile(path)).toString('base64') : '';
    content.set(name, `${stats.mtimeMs} ${bytes}`);
  }
  return content;
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

describe.skipIf(process.platform === 'win32')('a process that is stopped past the expiry of its lock', () => {
  it.each([
    ['has ended', true],
    ['goes on', false],
  ])(
    'writes nothing when it wakes up, and ends with LOCK_LOST, while the one that resumed %s',
    async (_, ended) => {
      const directory = await temporaryDirectory();
      const program = await killableProgram(directory);
      const run = join(directory, 'run');
      const first = spawn(process.execPath, [program, run, 'create', String(EXPIRY)], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      onTestFinished(() => void first.kill('SIGKILL'));
      let [output, errors] = ['', ''];
      first.stderr.on('data', (chunk: Buffer) => {
        errors += chunk.toString();
      });
      await new Promise<void>((resolve) => {
        first.stdout.on('data', (chunk: Buffer) => {
          output += chunk.toString();
          if (output.split('checkpoint').length > 5) resolve();
        });
      });
      first.kill('SIGSTOP');
      await wait(1.5 * EXPIRY);

      const storage = await DirectoryRunStorage.resume(run, corridorConfig(), { lockExpirySeconds: 60 });
      onTestFinished(() => storage.close());
      const controller = new AbortController();
      const listener = ({ type }: RunEvent) => {
        if (type === 'checkpoint') controller.abort();
      };
      const options = corridorRun({ storage, resume: true, steps: 6000, checkpointEvery: 20 });
      const result = await train({ ...options, signal: controller.signal, listeners: [listener] });
      expect(result.outcome).toBe('interrupted');
      if (ended) await storage.close();

      const before = await contentOf(run);
      first.kill('SIGCONT');
      const [code] = (await once(first, 'close')) as [number];
      expect(code).not.toBe(0);
      expect(errors).toMatch(/LOCK_LOST/);
      expect(errors).toMatch(
        ended ? /taken over by another process/ : `taken over by process ${process.pid}`,
      );
      expect(await contentOf(run)).toEqual(before);
    },
    60_000,
  );
});

describe('a lock', () => {
  const held = (changes: object = {}) =>
    JSON.stringify({ host: 'elsewhere', pid: 1, startTime: null, expirySeconds: 60, epoch: 4, ...changes });
  const lockFile = async (content: string, secondsAgo: number) => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'lock');
    await writeFile(path, content);
    const then = new Date(Date.now() - secondsAgo * 1000);
    await utimes(path, then, then);
    return { directory, path };
  };

  it.each([
    ['of another machine', held(), 50],
    ['whose holder wrote it at a later time by its clock', held(), -50],
    ['of this process', held({ host: hostname(), pid: process.pid }), 50],
    [
      'of the same id in another container',
      held({ host: hostname(), pid: 2 ** 22 - 3, place: 'pid:[1]' }),
      50,
    ],
  ])('%s counts for its time, and the message says when it can be taken', async (_, content, secondsAgo) => {
    const { directory, path } = await lockFile(content, secondsAgo);
    const failure: unknown = await RunLock.acquire(directory).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidInputError);
    expect((failure as Error).message).toMatch(/sign of life (49|50|51) seconds ago.* in (9|10|11) seconds/);
    expect((failure as Error).message).toContain(path);
    expect(await readdir(directory)).toEqual(['lock']);
  });

  it.each([
    ['of another machine', held(), 61],
    ['of another machine with a short time', held({ expirySeconds: 5 }), 6],
    ['of a clock that was set back since', held(), -61],
    ['of a process that stands still', held({ host: hostname(), pid: process.pid }), 61],
    ['that was never written in full', '', 3],
    ['that is not a lock', '[1]', 3],
    ['with an expiry that nobody would live to see', held({ expirySeconds: 1e12 }), 3],
  ])('%s can be taken after it', async (_, content, secondsAgo) => {
    const { directory } = await lockFile(content, secondsAgo);
    const lock = await RunLock.acquire(directory);
    expect(lock.taken).toBe(true);
    await lock.assertHeld();
    await lock.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('raises the epoch of the one that it takes', async () => {
    const { directory, path } = await lockFile(held(), 61);
    const lock = await RunLock.acquire(directory);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ epoch: 5, pid: process.pid });
    await lock.release();
  });

  it('is kept by signs of life', async () => {
    const directory = await temporaryDirectory();
    const lock = await RunLock.acquire(directory, { expirySeconds: 0.3 });
    const written = async () => (await stat(join(directory, 'lock'))).mtimeMs;
    const first = await written();
    await expect.poll(written).toBeGreaterThan(first);
    await lock.release();
  });

  it.each([
    ['removed', (path: string) => rm(path)],
    ['taken', (path: string) => writeFile(path, held())],
  ])('that was %s stops its holder, who leaves it as it is', async (_, lose) => {
    const directory = await temporaryDirectory();
    const lock = await RunLock.acquire(directory);
    await lose(join(directory, 'lock'));
    const before = await readdir(directory);
    await expect(lock.assertHeld()).rejects.toThrow(LockLostError);
    await lock.release();
    expect(await readdir(directory)).toEqual(before);
  });

  it('lets one of many take what has expired', async () => {
    const { directory } = await lockFile(held(), 61);
    const attempts = Array.from({ length: 8 }, () => RunLock.acquire(directory));
    const taken = (await Promise.allSettled(attempts)).filter((result) => result.status === 'fulfilled');
    expect(taken).toHaveLength(1);
    await taken[0]!.value.assertHeld();
    await taken[0]!.value.release();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is not taken by a process that left in the middle of taking it', async () => {
    const { directory } = await lockFile(held(), 61);
    const turn = join(directory, 'lock.taking');
    await writeFile(turn, '');
    await utimes(turn, new Date(0), new Date(0));
    await (await RunLock.acquire(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('that is a link is not followed', async () => {
    const directory = await temporaryDirectory();
    const outside = join(await temporaryDirectory(), 'outside');
    await writeFile(outside, held());
    await symlink(outside, join(directory, 'lock'));
    await expect(RunLock.acquire(directory)).rejects.toThrow(DamagedDataError);
    expect(await readFile(outside, 'utf8')).toBe(held());
  });
});

it('a failure to release the lock does not hide the first error', async () => {
  const directory = await temporaryDirectory();
  const storage = await DirectoryRunStorage.create(directory, corridorConfig());
  await storage.close();
  // What cannot be opened now is metrics.jsonl.
  await rm(join(directory, 'metrics.jsonl'));
  await symlink('nowhere', join(directory, 'metrics.jsonl'));
  await expect(DirectoryRunStorage.resume(directory, corridorConfig())).rejects.toThrow(
    /metrics\.jsonl is a symbolic/,
  );
  expect(await readdir(directory)).not.toContain('lock');
});

it.each([0, -1, Number.NaN, Infinity, 7200])(
  'refuses an expiry of %s, which no reader of the lock takes',
  async (expirySeconds) => {
    const directory = await temporaryDirectory();
    await expect(RunLock.acquire(directory, { expirySeconds })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'lockExpirySeconds',
    });
    expect(await readdir(directory)).toEqual([]);
  },
);

it.each([Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER])(
  'takes a lock of epoch %s and is then known as its holder',
  async (epoch) => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'lock');
    await writeFile(path, JSON.stringify({ host: 'gone', pid: 1, startTime: null, epoch }));
    const longAgo = Date.now() / 1000 - 1000;
    await utimes(path, longAgo, longAgo);
    const lock = await RunLock.acquire(directory);
    onTestFinished(() => lock.release());
    await expect(RunLock.acquire(directory)).rejects.toThrow(
      `in use by process ${process.pid} on ${hostname()}`,
    );
  },
);

it.each(['lock', 'lock.taking'])('names a folder in the place of %s', async (name) => {
  const directory = await temporaryDirectory();
  await writeFile(
    join(directory, 'lock'),
    JSON.stringify({ host: hostname(), pid: 2 ** 22 + 1, startTime: '1' }),
  );
  await rm(join(directory, name), { force: true });
  await mkdir(join(directory, name));
  await expect(RunLock.acquire(directory)).rejects.toThrow(`${name} is a directory`);
});

it('writes out what a forged holder would do to a terminal', async () => {
  const directory = await temporaryDirectory();
  await writeFile(
    join(directory, 'lock'),
    JSON.stringify({ host: '\u001b]0;x\u0007', pid: 1, startTime: null }),
  );
  await expect(RunLock.acquire(directory)).rejects.toThrow('process 1 on \\u001b]0;x\\u0007');
});
