import { execFileSync } from 'node:child_process';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMaxentError } from '@maxent/core';
import { expect, it } from 'vitest';
import { corridorConfig } from '../test-support/run-config.js';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { DirectoryRunStorage } from './directory-run-storage.js';
import { writeOutputFile } from './write-output-file.js';
import { writeReport } from './write-report.js';

it('writes a new file, and another in its place', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'x'.repeat(255));
  for (const content of ['first', 'second']) {
    await writeOutputFile(path, content);
    expect(await readFile(path, 'utf8')).toBe(content);
  }
  expect(await readdir(directory)).toHaveLength(1);
});

const obstacles: [string, (path: string, outside: string) => Promise<unknown>, RegExp][] = [
  ['a link', (path, outside) => symlink(outside, path), /it is a symbolic link/],
  ['a link that leads nowhere', (path) => symlink('nowhere', path), /it is a symbolic link/],
  ['a directory', (path) => mkdir(path), /it is a directory/],
  ['a pipe', async (path) => execFileSync('mkfifo', [path]), /it is a pipe/],
];

it.skipIf(process.platform === 'win32').each(obstacles)('leaves %s as it is', async (_, make, message) => {
  const directory = await temporaryDirectory();
  const outside = join(directory, 'outside');
  await writeFile(outside, 'mine');
  const run = join(directory, 'run');
  await (await DirectoryRunStorage.create(run, corridorConfig())).close();
  const path = join(run, 'report.html');
  await make(path, outside);
  const [before, names] = [await lstat(path), await readdir(run)];
  for (const write of [() => writeOutputFile(path, 'page'), () => writeReport(run)]) {
    const failure: unknown = await write().catch((error: unknown) => error);
    expect(isMaxentError(failure, 'STORAGE')).toBe(true);
    expect((failure as Error).message).toMatch(message);
  }
  expect(await readFile(outside, 'utf8')).toBe('mine');
  expect((await lstat(path)).ino).toBe(before.ino);
  expect(await readdir(run)).toEqual(names);
});

it.each([
  ['a directory that is not there', async (base: string) => join(base, 'none', 'page.html'), 'ENOENT'],
  ['a file', async (base: string) => join(base, 'file', 'page.html'), 'ENOTDIR'],
])('says that it cannot write below %s', async (_, place, code) => {
  const base = await temporaryDirectory();
  await writeFile(join(base, 'file'), '');
  const failure: unknown = await writeOutputFile(await place(base), 'page').catch((error: unknown) => error);
  expect(isMaxentError(failure, 'STORAGE')).toBe(true);
  expect((failure as Error).message).toMatch(new RegExp(`cannot write .*${code}`));
});
