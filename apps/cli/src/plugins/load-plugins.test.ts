import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { temporaryDirectory } from '../test-support/temporary-directory.js';
import { loadPlugins } from './load-plugins.js';

let directory: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

const dependency = {
  'node_modules/walks/package.json': '{"name":"walks","type":"module","exports":"./index.js"}',
};

test.each<[string, Record<string, string>, string[], string | RegExp]>([
  [
    'no such package',
    {},
    ['walks'],
    'cannot load walks: there is neither an installed package nor a file of that name',
  ],
  ['no such file', {}, ['./walk.ts'], /there is no file .*walk\.ts/],
  ['no such file without a dot', {}, ['src/walk.ts'], 'neither an installed package nor a file'],
  ['a name that no file system takes', {}, ['w'.repeat(10_000)], /^.{1,700} \(ENAMETOOLONG\)/],
  ['a directory', { 'walk/index.js': '' }, ['./walk'], 'name the file in it that exports the plugin'],
  [
    'a JSON file',
    { 'walk.json': '{"name":"walk"}' },
    ['walk.json'],
    'is not a JavaScript or TypeScript module',
  ],
  [
    'a URL',
    {},
    ['data:text/javascript,1'],
    'expected a package or a file, got "data:text/javascript,1", a URL',
  ],
  ['a module of Node', {}, ['node:fs'], 'got "node:fs", a URL'],
  ['a built-in module', {}, ['fs'], 'fs: a plugin needs a non-empty name'],
  ['nothing', {}, [''], 'got "", empty'],
  ['a module without exports', { 'walk.mjs': '' }, ['walk.mjs'], 'exports no plugin. Export'],
  ['a number', { 'walk.mjs': 'export default 1' }, ['walk.mjs'], 'exports 1 instead of a plugin'],
  ['a bigint', { 'walk.mjs': 'export default 5n' }, ['walk.mjs'], 'exports 5n instead of a plugin'],
  [
    'a name that JSON cannot hold',
    { 'walk.mjs': 'export default { name: 5n }' },
    ['walk.mjs'],
    'a plugin needs a non-empty name, got 5n',
  ],
  [
    'a promise',
    { 'walk.mjs': 'export default Promise.resolve({ name: "walk" })' },
    ['walk.mjs'],
    'exports a promise instead of a plugin: await it in the module',
  ],
  [
    'a function',
    { 'walk.mjs': 'export const plugin = () => ({ name: "walk" })' },
    ['walk.mjs'],
    'exports a function instead of a plugin: export what it returns',
  ],
  [
    'plugins that are not a list',
    { 'walk.mjs': 'export default { plugins: { name: "walk" } }' },
    ['walk.mjs'],
    'its `plugins` is not an array',
  ],
  [
    'an empty place in a list',
    { 'walk.mjs': 'export default { plugins: [null] }' },
    ['walk.mjs'],
    'non-empty name',
  ],
  [
    'an environment without options',
    { 'walk.mjs': 'export default { name: "w", environments: [{ id: "W-v0", create() {} }] }' },
    ['walk.mjs'],
    /walk\.mjs: plugin "w": environment "W-v0": options must be a zod 4 object schema/,
  ],
  [
    'a module that throws',
    { 'walk.mjs': 'const a = 1;\nthrow new TypeError("boom")' },
    ['walk.mjs'],
    /walk\.mjs: it throws TypeError: boom \(.*walk\.mjs:\d+:\d+\)/,
  ],
  ['a module that throws nothing', { 'walk.mjs': 'throw null' }, ['walk.mjs'], 'it throws null'],
  [
    'TypeScript that does not parse',
    { 'walk.ts': 'export default {\n  name: "walk",\n  b c };' },
    ['walk.ts'],
    /it does not parse: .*walk\.ts:3:4/,
  ],
  [
    'JavaScript that does not parse',
    { 'walk.js': 'export default {' },
    ['walk.js'],
    /it does not parse: .*walk\.js:1:/,
  ],
  [
    'a missing package, with who wanted it',
    { ...dependency, 'node_modules/walks/index.js': 'import "legs"; export default { name: "walk" }' },
    ['walks'],
    /cannot load walks: .*node_modules.walks.index\.js imports legs, which is not installed/,
  ],
  [
    'a missing file deeper inside',
    { 'walk.ts': 'import "./legs.ts"; export default { name: "walk" }', 'legs.ts': 'import "./feet.js"' },
    ['walk.ts'],
    /legs\.ts imports .*feet\.js, which does not exist/,
  ],
  [
    'modules that import each other before they are ready',
    {
      'walk.mjs': 'import { legs } from "./legs.mjs"; export const plugin = { name: "walk", legs };',
      'legs.mjs': 'import { plugin } from "./walk.mjs"; export const legs = plugin.name;',
    },
    ['walk.mjs'],
    /it throws \w+Error: /,
  ],
  [
    'two plugins with one name',
    { 'a.mjs': 'export default { name: "walk" }', 'b.mjs': 'export default { name: "walk" }' },
    ['a.mjs', 'b.mjs'],
    /b\.mjs: there is already a plugin "walk", from .*a\.mjs; leave one of them out, or rename it/,
  ],
])('%s is told as such', async (_, files, requested, message) => {
  await write(files);
  const failure = await loadPlugins(directory, requested).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: 'PLUGIN', field: '--plugin' });
  expect((failure as Error).message).toMatch(message);
  expect((failure as Error).message).not.toContain('\n');
});

test('a plugin that is named twice, or brought twice as one object, is loaded once', async () => {
  await write({
    'walk.mjs': 'export const plugin = { name: "walk" };',
    'maxent.config.mjs': 'import { plugin } from "./walk.mjs"; export default { plugins: [plugin, plugin] };',
  });
  const { registry } = await loadPlugins(directory, []);
  expect(registry.plugins.filter(({ name }) => name === 'walk')).toHaveLength(1);
  const again = await loadPlugins(await temporaryDirectory(), [
    join(directory, 'walk.mjs'),
    join(directory, 'walk.mjs'),
  ]);
  expect(again.sources).toEqual([join(directory, 'walk.mjs')]);
});
