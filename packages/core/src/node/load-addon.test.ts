import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { loadAddon } from './load-addon.js';
import { resolveFrom, urlOfFile } from './url-of-file.js';

const root = mkdtempSync(join(tmpdir(), 'maxent-addon-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const machine = `${process.platform}-${process.arch}`;

/** A package with an addon of these bytes, and the URL of a file of it. */
function packageWith(name: string, contents: string | undefined): string {
  const directory = join(root, name);
  mkdirSync(join(directory, 'prebuilds'), { recursive: true });
  if (contents !== undefined)
    writeFileSync(join(directory, 'prebuilds', `${name}-${machine}.node`), contents);
  return pathToFileURL(join(directory, 'dist/platform/node.js')).href;
}

it('says that there is no addon', () => {
  expect(loadAddon('none', packageWith('none', undefined))).toEqual({
    status: { available: false, reason: `there is no prebuilt addon for ${machine}` },
  });
});

it('says in one line why an addon cannot be loaded, and looks for it once', () => {
  const url = packageWith('damaged', 'not machine code');
  const { addon, status } = loadAddon('damaged', url);
  expect(addon).toBeUndefined();
  expect(status.available).toBe(false);
  expect(status.reason).toMatch(/damaged-[^ ]*\.node cannot be loaded: [^\n]+$/);
  rmSync(join(root, 'damaged'), { recursive: true });
  expect(loadAddon('damaged', url).status).toBe(status);
});

it('finds an addon of an installed package for code in a bundle', () => {
  mkdirSync(join(root, 'app/node_modules/@maxent'), { recursive: true });
  packageWith('app/node_modules/@maxent/other', undefined);
  const directory = join(root, 'app/node_modules/@maxent/other');
  writeFileSync(join(directory, 'package.json'), '{ "name": "@maxent/other" }');
  writeFileSync(join(directory, `prebuilds/other-${machine}.node`), 'not machine code');
  const bundle = pathToFileURL(join(root, 'app/out/server/main.js')).href;
  expect(loadAddon('other', bundle).status.reason).toContain(`@maxent/other/prebuilds/other-${machine}.node`);
});

it('knows the file of code with and without import.meta.url', () => {
  expect(urlOfFile('file:///a/b.js')).toBe('file:///a/b.js');
  expect(urlOfFile(undefined)).toMatch(/^file:\/\/\/.*\.[jt]s$/);
  // Code imported from memory or from a server has no files next to it.
  for (const url of ['data:text/javascript,0', 'https://example.com/a/b.js']) {
    expect(urlOfFile(url)).toBe(urlOfFile(undefined));
  }
  expect(resolveFrom(import.meta.url, 'vitest')).toMatch(/vitest/);
  expect(resolveFrom(import.meta.url, '@maxent/nothing')).toBeUndefined();
});
