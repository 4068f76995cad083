// A bundle without Vite's help in a real browser: what happens for each way in which MuJoCo's file can fail to load.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireBrowser, visitSite } from '@maxent/browser-testing';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';

const timeout = 60_000;
const binary = readFileSync(createRequire(import.meta.url).resolve('@mujoco/mujoco/mujoco.wasm'));

const program = `
  import { loadMujoco } from '@maxent/mujoco';

  async function run() {
    const answers = [];
    for (const options of [{}, { wasm: '/assets/missing.wasm' }, { wasm: '/assets/mujoco.wasm' }]) {
      try {
        answers.push((await loadMujoco(options)).mj_versionString());
      } catch (error) {
        answers.push(error.code + ' ' + error.message);
      }
    }
    return answers;
  }
  window.result = run();
`;

describe('a page of one bundled file', () => {
  let main: string;
  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: dirname(dirname(fileURLToPath(import.meta.url))) },
      bundle: true,
      format: 'esm',
      conditions: ['@maxent/source'],
      // The bindings import it only in Node.
      external: ['module'],
      write: false,
      logLevel: 'error',
    });
    main = outputFiles[0]!.text;
  }, timeout);

  const files = () => ({ '/main.js': main, '/assets/mujoco.wasm': binary });

  test('names the address of a missing file, and takes another', { timeout }, async (context) => {
    requireBrowser(context);
    const { result } = await visitSite<string[]>({ files: files() });
    expect(result).toEqual([
      expect.stringMatching(
        /^WASM_LOAD cannot load mujoco\.wasm from http:\/\/localhost:\d+\/mujoco\.wasm: the server answered 404 Not Found; serve the file there, or give its address, its bytes or a compiled WebAssembly\.Module as loadMujoco\(\{ wasm \}\)$/,
      ),
      expect.stringMatching(/\/assets\/missing\.wasm: the server answered 404 Not Found/),
      '3.14.0',
    ]);
  });

  test('recognizes a page instead of the file', { timeout }, async (context) => {
    requireBrowser(context);
    const { result } = await visitSite<string[]>({ files: files(), unknownPath: 'page' });
    expect(result).toEqual([
      expect.stringMatching(/\/mujoco\.wasm: the server answered with a page \(text\/html\)/),
      expect.stringMatching(/\/assets\/missing\.wasm: the server answered with a page \(text\/html\)/),
      '3.14.0',
    ]);
  });

  test.for([
    ["script-src 'self'", /forbids WebAssembly; add 'unsafe-eval' to its script-src/],
    [
      "script-src 'self' 'wasm-unsafe-eval'",
      /forbids compiling functions from strings, which MuJoCo's bindings need; add 'unsafe-eval' to its script-src \('wasm-unsafe-eval' is not enough\)/,
    ],
    ["script-src 'self' 'unsafe-eval'", /^3\.14\.0$/],
  ] as const)('under the Content-Security-Policy %s', { timeout }, async ([policy, expected], context) => {
    requireBrowser(context);
    const { result } = await visitSite<string[]>({ files: files(), policy });
    expect(result.at(-1)).toMatch(expected);
  });
});
