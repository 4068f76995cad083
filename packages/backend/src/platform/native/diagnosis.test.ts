// Each diagnosis, on a directory with exactly that defect.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  describeProblem,
  diagnoseNative,
  explainLoadError,
  type NativeHost,
  nativeAddon,
} from './diagnosis.js';

const host: NativeHost = { platform: 'linux', architecture: 'x64', glibc: true, mainThread: true };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'native-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** An installed package with the given files, under npm's or pnpm's layout. */
function installed(files: readonly string[], manager: 'npm' | 'pnpm' = 'npm'): string {
  const store = manager === 'pnpm' ? '.pnpm/@tensorflow+tfjs-node@4.22.0/node_modules' : '';
  const directory = join(root, 'node_modules', store, '@tensorflow/tfjs-node');
  for (const file of ['package.json', ...files]) {
    mkdirSync(join(directory, file, '..'), { recursive: true });
    writeFileSync(join(directory, file), '{}');
  }
  return directory;
}

const addon = 'lib/napi-v8/tfjs_binding.node';
const library = 'deps/lib/libtensorflow.so.2';

test('complete, nothing is wrong', () => {
  const directory = installed([addon, library]);
  expect(diagnoseNative(directory, host)).toBeUndefined();
  expect(nativeAddon(directory)).toBe(join(directory, addon));
  expect(diagnoseNative(installed([addon, 'deps/lib/libtensorflow_cc.so.2']), host)).toBeUndefined();
});

test('not installed', () => {
  expect(diagnoseNative(undefined, host)).toMatchObject({
    kind: 'not-installed',
    command: 'npm install @tensorflow/tfjs-node@4.22.0',
  });
});

test('the install script was not approved by pnpm', () => {
  expect(diagnoseNative(installed([], 'pnpm'), host)).toMatchObject({
    kind: 'script-not-approved',
    command: 'pnpm approve-builds @tensorflow/tfjs-node',
  });
});

test('a workspace with a command of its own names that', () => {
  const directory = installed([], 'pnpm');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ scripts: { 'native:install': 'node it' } }));
  expect(diagnoseNative(directory, host)?.command).toBe('pnpm native:install');
});

test('the addon is missing', () => {
  const expected = { kind: 'addon-missing', command: 'npm rebuild @tensorflow/tfjs-node' };
  expect(diagnoseNative(installed([]), host)).toMatchObject(expected);
  expect(diagnoseNative(installed([library]), host)).toMatchObject(expected);
});

test('the library is missing', () => {
  expect(diagnoseNative(installed([addon]), host)).toMatchObject({
    kind: 'library-missing',
    command: 'npm rebuild @tensorflow/tfjs-node',
  });
  expect(diagnoseNative(installed([addon], 'pnpm'), host)?.command).toBe(
    'pnpm rebuild @tensorflow/tfjs-node',
  );
});

test('the linked library has gone', () => {
  const directory = installed([addon]);
  mkdirSync(join(directory, 'deps/lib'), { recursive: true });
  symlinkSync(
    '/nowhere/tensorflow/lib/libtensorflow_cc.so.2',
    join(directory, 'deps/lib/libtensorflow_cc.so.2'),
  );
  expect(diagnoseNative(directory, host)).toMatchObject({
    kind: 'library-missing',
    command: 'pnpm native:link --from /nowhere/tensorflow',
  });
});

test('the wrong platform', () => {
  const directory = installed([addon, library]);
  for (const wrong of [
    { platform: 'win32', architecture: 'arm64' },
    { platform: 'freebsd' },
    { glibc: false },
  ]) {
    const problem = diagnoseNative(directory, { ...host, ...(wrong as Partial<NativeHost>) });
    expect(problem).toMatchObject({ kind: 'wrong-platform' });
    expect(problem).not.toHaveProperty('command');
  }
});

test('a worker thread, whatever is installed', () => {
  const problem = diagnoseNative(installed([addon, library]), { ...host, mainThread: false })!;
  expect(problem.kind).toBe('worker-thread');
  expect(describeProblem(problem)).toContain('use wasm in worker threads');
});

test("the dynamic linker's words are understood", () => {
  const directory = installed([addon, library]);
  const kindOf = (message: string) => explainLoadError(message, directory).kind;
  expect(kindOf('libtensorflow.so.2: cannot open shared object file: No such file or directory')).toBe(
    'library-missing',
  );
  expect(kindOf('/x/tfjs_binding.node: wrong ELF class: ELFCLASS32')).toBe('wrong-platform');
  expect(kindOf("/lib/libm.so.6: version `GLIBC_2.38' not found")).toBe('load-failed');
});

test('what is not an addon at all makes the real linker say so', () => {
  const path = join(root, 'tfjs_binding.node');
  writeFileSync(path, 'not a library');
  let message = '';
  try {
    createRequire(import.meta.url)(path);
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).not.toBe('');
  expect(['wrong-platform', 'load-failed']).toContain(explainLoadError(message, root).kind);
});

test('Node tells a worker thread from the main one', async () => {
  const worker = new Worker(
    "require('worker_threads').parentPort.postMessage(require('worker_threads').isMainThread)",
    {
      eval: true,
    },
  );
  const answer = await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  expect(answer).toBe(false);
});
