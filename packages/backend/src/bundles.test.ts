// Programs bundled into one file, which then runs in Node far from node_modules.
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { afterAll, describe, expect, test } from 'vitest';
import type { BackendReport } from './index.js';
import { bundle, generatedBytes, generatedFile } from './testing/bundle.js';

const directory = mkdtempSync(join(tmpdir(), 'maxent-bundle-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const program = `
  import { denseStack, selectBackend } from '@maxent/backend';
  import * as tf from '@tensorflow/tfjs-core';

  async function run() {
    const report = await selectBackend(process.argv[2] ? { wasm: { tfjs: process.argv[2] } } : {});
    const spec = { sizes: [2, 1], hiddenActivation: 'relu', outputActivation: 'linear' };
    const value = denseStack(tf.tensor2d([[1, 2]]), tf.tensor1d([3, 4, 5]), spec).dataSync()[0];
    console.log(JSON.stringify({ report, value, require: typeof globalThis.require }));
  }
  run();
`;

interface Answer {
  readonly report: BackendReport;
  readonly value: number;
  readonly require: string;
}

async function runBundle(file: string, ...wasm: string[]): Promise<Answer & { stderr: string }> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file, ...wasm], {
    env: { PATH: process.env.PATH },
  });
  return { ...JSON.parse(stdout), stderr };
}

describe.each([
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
] as const)('a bundle for Node in the format %s', (format, ending) => {
  const file = join(directory, format, `program.${ending}`);

  test('says why it is left with plain JavaScript, finds the binary next to it, and takes an address', async () => {
    mkdirSync(join(directory, format));
    writeFileSync(file, (await bundle(program, 'node', format))['/main.js']!);

    const alone = await runBundle(file);
    const beside = join(directory, format, 'tfjs-backend-wasm-simd.wasm');
    const problem = `cannot load tfjs-backend-wasm-simd.wasm from ${beside}: there is no such file; copy it there, or give its address, its bytes or a compiled WebAssembly.Module as wasm.tfjs`;
    expect(alone).toMatchObject({ report: { name: 'cpu' }, value: 16 });
    expect(alone.report.reason).toContain(`wasm cannot be used (${problem})`);
    expect(alone.report.candidates).toContainEqual({ name: 'wasm', available: false, reason: problem });
    expect(
      alone.stderr.match(/maxent computes in plain JavaScript, which is very slow: .*no such file/g),
    ).toHaveLength(1);

    const addressed = await runBundle(file, generatedFile('tfjs-backend-wasm-simd.wasm'));
    // What tfjs-core needed while it was loaded is gone again.
    expect(addressed).toMatchObject({
      report: { name: 'wasm', fused: true },
      value: 16,
      require: 'undefined',
      stderr: '',
    });

    copyFileSync(generatedFile('tfjs-backend-wasm-simd.wasm'), beside);
    expect(await runBundle(file)).toMatchObject({ report: { name: 'wasm', fused: true }, stderr: '' });
  });
});

test('a runtime that forbids compiling from bytes takes compiled modules', async () => {
  const { '/main.js': text } = await bundle(
    `import { denseStack, selectBackend } from '@maxent/backend';
     import * as tf from '@tensorflow/tfjs-core';
     globalThis.program = { denseStack, selectBackend, tf };`,
    'browser',
    'iife',
  );
  const { console, performance, setTimeout, clearTimeout, TextEncoder, TextDecoder, URL, atob } = globalThis;
  const globals = { console, performance, setTimeout, clearTimeout, TextEncoder, TextDecoder, URL, atob };
  // V8's own switch, the one that Cloudflare Workers turn.
  const context = createContext(globals, { codeGeneration: { strings: false, wasm: false } });
  runInContext(`var self = globalThis; class WorkerGlobalScope {} ${text}`, context);
  const { denseStack, selectBackend, tf } = (
    context as { program: typeof import('./index.js') & { tf: typeof import('@tensorflow/tfjs-core') } }
  ).program;

  const tfjs = generatedBytes('tfjs-backend-wasm-simd.wasm');
  await expect(selectBackend({ prefer: 'wasm', wasm: { tfjs } })).rejects.toThrow(
    /cannot load tfjs-backend-wasm-simd\.wasm: this runtime forbids compiling WebAssembly from bytes \(.*\); import the file as a compiled WebAssembly\.Module and give that as wasm\.tfjs/,
  );
  const compiled = await WebAssembly.compile(tfjs);
  await expect(selectBackend({ prefer: 'wasm', wasm: { tfjs: compiled } })).rejects.toThrow(
    /cannot load kernels-.*\.wasm: this runtime forbids .*; import the file as a compiled WebAssembly\.Module and give that as wasm\.(simd128|relaxedSimd)/,
  );
  const simd128 = await WebAssembly.compile(generatedBytes('kernels-simd128.wasm'));
  const report = await selectBackend({ prefer: 'wasm', wasm: { tfjs: compiled, simd128 } });
  expect(report).toMatchObject({ name: 'wasm', fused: true, simd: 'simd128' });
  const spec = { sizes: [2, 1], hiddenActivation: 'relu', outputActivation: 'linear' } as const;
  expect(denseStack(tf.tensor2d([[1, 2]]), tf.tensor1d([3, 4, 5]), spec).dataSync()[0]).toBe(16);
});
