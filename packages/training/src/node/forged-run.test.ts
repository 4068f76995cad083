import { execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMaxentError, type MaxentError, type RunEvent } from '@maxent/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { corridorConfig } from '../test-support/run-config.js';
import { corridorRun } from '../test-support/runs.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { train } from '../train.js';
import { encodeManifest } from './checkpoint-manifest.js';
import { DirectoryRunStorage } from './directory-run-storage.js';
import { readRun } from './read-run.js';
import { recordOf } from './stored-file.js';

type Json = Record<string, unknown>;

/** A finished run of 1000 steps with checkpoints at 850 and 1000, made once and copied for each test. */
let original: string;
beforeAll(async () => {
  const { mkdtemp } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  original = join(await mkdtemp(join(tmpdir(), 'maxent-forged-')), 'run');
  const storage = await DirectoryRunStorage.create(original, corridorConfig());
  await train(corridorRun({ storage }));
  await storage.close();
  return () => rm(join(original, '..'), { recursive: true, force: true });
});

async function copyOfRun() {
  const directory = join(await temporaryDirectory(), 'run');
  await cp(original, directory, { recursive: true });
  const folder = (step: number) => join(directory, `checkpoints/step-${step}`);
  return { directory, folder };
}

/** Changes a manifest and gives it the checksum that belongs to it. */
async function forgeManifest(folder: string, change: (manifest: Json) => unknown): Promise<void> {
  const path = join(folder, 'manifest.json');
  const { checksum: _, ...manifest } = JSON.parse(await readFile(path, 'utf8')) as Json;
  await writeFile(path, encodeManifest((change(manifest) ?? manifest) as never));
}

/** Changes the metadata of a checkpoint, checksums included. */
async function forgeMetadata(folder: string, change: (metadata: Json) => unknown): Promise<void> {
  const path = join(folder, 'metadata.json');
  const metadata = JSON.parse(await readFile(path, 'utf8')) as Json;
  const changed = change(metadata);
  await forgeText(folder, typeof changed === 'string' ? changed : JSON.stringify(changed ?? metadata));
}

async function forgeText(folder: string, text: string): Promise<void> {
  await writeFile(join(folder, 'metadata.json'), text);
  await forgeManifest(folder, ({ files }) => {
    (files as Json)['metadata.json'] = recordOf(text);
  });
}

async function resume(directory: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const config = corridorConfig({ steps: 1100 });
  const storage = await DirectoryRunStorage.resume(directory, config);
  try {
    await train(
      corridorRun({ storage, resume: true, steps: 1100, listeners: [(event) => events.push(event)] }),
    );
  } finally {
    await storage.close();
  }
  return events;
}

/** Sets the value at a path, or removes it. */
const put =
  (value: unknown, ...path: string[]) =>
  (json: Json): void => {
    const last = path.at(-1)!;
    const parent = path.slice(0, -1).reduce((part, key) => part[key] as Json, json);
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  };

describe('a checkpoint with right checksums', () => {
  /** Changes the last segment of the replay. */
  const putSegment = (changes: Json) => (manifest: Json) => {
    const { segments } = (manifest.rows as Record<string, { segments: Json[] }>)['agent/replay']!;
    Object.assign(segments.at(-1)!, changes);
  };

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['loop.step as text', (f) => forgeMetadata(f, put('1000', 'loop', 'step'))],
    ['another loop.step', (f) => forgeMetadata(f, put(3, 'loop', 'step'))],
    ['a negative loop.updates', (f) => forgeMetadata(f, put(-1, 'loop', 'updates'))],
    ['loop.episodes beyond counting', (f) => forgeMetadata(f, put(1e300, 'loop', 'episodes'))],
    ['a fractional loop.rows', (f) => forgeMetadata(f, put(0.5, 'loop', 'rows'))],
    ['no loop.window', (f) => forgeMetadata(f, put(undefined, 'loop', 'window'))],
    ['loop.evaluations as an object', (f) => forgeMetadata(f, put({}, 'loop', 'evaluations'))],
    ['loop.metrics of text', (f) => forgeMetadata(f, put({ a: 'b' }, 'loop', 'metrics'))],
    ['loop.wallSeconds of null', (f) => forgeMetadata(f, put(null, 'loop', 'wallSeconds'))],
    ['metadata null', (f) => forgeMetadata(f, () => 'null')],
    ['metadata as a list', (f) => forgeMetadata(f, () => '[]')],
    ['metadata that is not JSON', (f) => forgeMetadata(f, () => '{')],
    ['metadata nested deeply', (f) => forgeText(f, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)],
    ['an agent of null', (f) => forgeMetadata(f, put(null, 'agent'))],
    ['an agent of text', (f) => forgeMetadata(f, put('agent', 'agent'))],
    ['no agent', (f) => forgeMetadata(f, put(undefined, 'agent'))],
    ['an environment of a number', (f) => forgeMetadata(f, put(3, 'environment'))],
    ['another observation', (f) => forgeMetadata(f, put('x', 'observation', 'value'))],
    ['an observation of null', (f) => forgeMetadata(f, put(null, 'observation', 'value'))],
    [
      'an observation in an array with the name of a method',
      (f) => forgeMetadata(f, put({ array: 'constructor' }, 'observation', 'value')),
    ],
    ['an observation out of its space', (f) => forgeMetadata(f, put(1e9, 'observation', 'value'))],
    ['a segment above the run', (f) => forgeManifest(f, putSegment({ file: '../../secret' }))],
    ['a segment with an absolute name', (f) => forgeManifest(f, putSegment({ file: '/etc/passwd' }))],
    ['a segment with a NUL in its name', (f) => forgeManifest(f, putSegment({ file: 'a\0b' }))],
    ['a segment of a fractional row', (f) => forgeManifest(f, putSegment({ to: 0.5 }))],
    ['a segment of too many rows', (f) => forgeManifest(f, putSegment({ to: 2 ** 52 }))],
    ['a segment of too many bytes', (f) => forgeManifest(f, putSegment({ bytes: 1e15 }))],
    [
      'a file above the run',
      (f) => forgeManifest(f, put({ bytes: 1, sha256: '' }, 'files', '../../../outside')),
    ],
    ['a file of 1e15 bytes', (f) => forgeManifest(f, put(1e15, 'files', 'arrays.safetensors', 'bytes'))],
    ['rows of null', (f) => forgeManifest(f, put(null, 'rows'))],
    ['files as a list', (f) => forgeManifest(f, put([], 'files'))],
    ['a format version of text', (f) => forgeManifest(f, put('1', 'formatVersion'))],
    ['a step of text', (f) => forgeManifest(f, put('1000', 'step'))],
  ])('and %s is named as damaged, and the one before is used', async (_, forge) => {
    const { directory, folder } = await copyOfRun();
    await forge(folder(1000));
    const events = await resume(directory);
    expect(events[0]).toMatchObject({ type: 'start', step: 850, resumed: true });
    expect(events[1]).toMatchObject({
      type: 'warning',
      message: expect.stringMatching(/checkpoint step-1000 is damaged \(.+\)/),
    });
  });

  it.each<[string, (metadata: Json) => void]>([
    ['no random stream', put(undefined, 'agent', 'rng')],
    ['a random stream of null', put(null, 'agent', 'rng')],
    ['an environment of other fields', put({ position: [] }, 'environment')],
  ])('and %s does not fit', async (_, change) => {
    const { directory, folder } = await copyOfRun();
    await forgeMetadata(folder(1000), change);
    const failure: unknown = await resume(directory).catch((error: unknown) => error);
    expect(['SNAPSHOT_MISMATCH', 'DAMAGED_DATA']).toContain((failure as MaxentError).code);
  });
});

describe.skipIf(process.platform === 'win32')('what is not a plain file or folder', () => {
  const pipe = async (path: string): Promise<void> => {
    await rm(path, { recursive: true, force: true });
    execFileSync('mkfifo', [path]);
  };
  const link = async (path: string) => {
    const away = `${path}.away`;
    await rename(path, away);
    await symlink(away, path);
  };
  const folderOf = async (path: string) => {
    await rm(path);
    await mkdir(path);
  };
  const sparse = (path: string) => truncate(path, 2 ** 40);

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['a manifest that is a pipe', (f) => pipe(join(f, 'manifest.json'))],
    ['a manifest that is a link', (f) => link(join(f, 'manifest.json'))],
    ['a manifest of a terabyte', (f) => sparse(join(f, 'manifest.json'))],
    ['arrays that are a pipe', (f) => pipe(join(f, 'arrays.safetensors'))],
    ['arrays that are a link', (f) => link(join(f, 'arrays.safetensors'))],
    ['arrays that are a folder', (f) => folderOf(join(f, 'arrays.safetensors'))],
    [
      'arrays of a terabyte, as the manifest says',
      async (f) => {
        await sparse(join(f, 'arrays.safetensors'));
        await forgeManifest(f, ({ files }) => {
          ((files as Json)['arrays.safetensors'] as Json).bytes = 2 ** 40;
        });
      },
    ],
    ['a folder that is a link', link],
    ['a folder that is a pipe', pipe],
    [
      'metadata that is a device',
      async (f) => {
        await rm(join(f, 'metadata.json'));
        await symlink('/dev/zero', join(f, 'metadata.json'));
      },
    ],
  ])('%s is refused by name, and the checkpoint before is used', async (_, damage) => {
    const { directory, folder } = await copyOfRun();
    await damage(folder(1000));
    const run = await readRun(directory);
    const acting = (await run.actingCheckpoint())!;
    expect([acting.step, acting.warnings]).toEqual([850, [expect.stringContaining('step-1000 is damaged')]]);
    expect((await resume(directory))[0]).toMatchObject({ type: 'start', step: 850 });
  });

  it('a segment that is a pipe or a link is not read', async () => {
    for (const damage of [pipe, link]) {
      const { directory } = await copyOfRun();
      const names = (await readdir(join(directory, 'replay'))).sort();
      await damage(join(directory, 'replay', names.at(-1)!));
      expect((await resume(directory))[0]).toMatchObject({ type: 'start', step: 850 });
    }
  });

  it.each(['checkpoints', 'replay'])('nothing is removed through %s as a link', async (name) => {
    const { directory } = await copyOfRun();
    const outside = join(await temporaryDirectory(), 'outside');
    await rename(join(directory, name), outside);
    await writeFile(join(outside, '.mine'), '');
    await symlink(outside, join(directory, name));
    const before = (await readdir(outside)).sort();
    const failure: unknown = await resume(directory).catch((error: unknown) => error);
    expect(isMaxentError(failure, 'DAMAGED_DATA')).toBe(true);
    expect((failure as Error).message).toContain('symbolic link');
    expect((await readdir(outside)).sort()).toEqual(before);
  });

  it.each([
    ['config.json', pipe],
    ['config.json', link],
    ['config.json', sparse],
    ['lock', pipe],
    ['metrics.jsonl', pipe],
    ['metrics.jsonl', link],
  ] as const)('%s is refused by name, without waiting', async (name, damage) => {
    const { directory } = await copyOfRun();
    await damage(join(directory, name));
    const failure: unknown = await resume(directory).catch((error: unknown) => error);
    expect(isMaxentError(failure, 'DAMAGED_DATA')).toBe(true);
    expect((failure as Error).message).toContain(name);
  });

  it('what waits where a temporary file goes is not written through', async () => {
    const { directory } = await copyOfRun();
    const outside = join(await temporaryDirectory(), 'outside');
    await writeFile(outside, 'mine');
    for (const name of ['.writing-config.json', '.writing-metrics.jsonl', 'checkpoints/.writing-step-1020']) {
      await symlink(outside, join(directory, name));
    }
    await resume(directory);
    expect(await readFile(outside, 'utf8')).toBe('mine');
  });
});

/** Longer than the longest string of any engine; without blocks on the disk. */
const HUGE = 600 * 1024 * 1024;

it.each(['config.json', 'checkpoints/step-1000/manifest.json', 'lock'])(
  'refuses a %s of 600 MiB unread',
  async (name) => {
    const { directory } = await copyOfRun();
    await writeFile(join(directory, name), '', { flag: 'a' });
    await truncate(join(directory, name), HUGE);
    const before = process.memoryUsage.rss();
    const problem = await resume(directory).then(
      (events) => JSON.stringify(events),
      (error: MaxentError) => `${error.code} ${error.message}`,
    );
    expect(problem).toMatch(/has 629145600 bytes; such files of a run have at most 67108864/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(HUGE / 2);
  },
);

it.each(['a file', 'a device'])('says that %s holds no run', async (kind) => {
  const directory = await temporaryDirectory();
  const path = kind === 'a device' ? '/dev/null' : join(directory, 'notes.txt');
  if (kind === 'a file') await writeFile(path, 'x');
  await expect(readRun(path)).rejects.toThrow(`"${path}" holds no run: there is no config.json`);
});

it('says which value of a forged configuration is missing or wrong', async () => {
  const { directory } = await copyOfRun();
  await rm(join(directory, 'checkpoints'), { recursive: true });
  const path = join(directory, 'config.json');
  const config = JSON.parse(await readFile(path, 'utf8')) as Json;
  const problemOf = async (change: Json) => {
    await writeFile(path, JSON.stringify({ ...config, ...change }));
    return readRun(directory).then(String, (error: Error) => error.message);
  };
  expect(await problemOf({ seed: undefined })).toBe(`"${path}": seed: is missing`);
  expect(await problemOf({ seed: 'x' })).toMatch(/: seed: .*expected .*, got "x"$/);
  expect(await problemOf({ '\u001b[2J': 1 })).toBe(`"${path}": ["\\u001b[2J"]: unknown key`);
});
