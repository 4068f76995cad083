// Bundles made without Vite in a real browser: what happens for each way a file can fail, and for each remedy.
import { requireBrowser, visitSite } from '@maxent/browser-testing';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackendReport } from './index.js';
import { bundle, generatedBytes } from './testing/bundle.js';

const binary = generatedBytes('tfjs-backend-wasm-simd.wasm');
const timeout = 60_000;

/** Tries sources one after the other; the answer is what each gave: the chosen backend or the error. */
const trials = (sources: string): string => `
  import { denseStack, selectBackend } from '@maxent/backend';
  import * as tf from '@tensorflow/tfjs-core';

  async function run() {
    const answers = [];
    for (const options of ${sources}) {
      try {
        const { name, fused, reason } = await selectBackend(options);
        const spec = { sizes: [2, 1], hiddenActivation: 'relu', outputActivation: 'linear' };
        const value = denseStack(tf.tensor2d([[1, 2]]), tf.tensor1d([3, 4, 5]), spec).dataSync()[0];
        answers.push({ name, fused, reason, value });
      } catch (error) {
        answers.push({ error: error.code + ' ' + error.message });
      }
    }
    return answers;
  }
  const result = run();
  if (typeof window === 'object') window.result = result;
  else result.then((answers) => self.answer?.(answers) ?? self.postMessage?.(answers));
`;

const wasm = { prefer: 'wasm', wasm: { tfjs: '/assets/tfjs.wasm' } };
const right = { name: 'wasm', fused: true, value: 16 };

interface Answer extends Partial<Pick<BackendReport, 'name' | 'fused' | 'reason'>> {
  readonly error?: string;
}

describe('a page of one bundled file', () => {
  let page: Record<string, string>;
  beforeAll(async () => {
    page = await bundle(
      trials(
        JSON.stringify([
          {},
          wasm,
          { prefer: 'wasm', wasm: { tfjs: '/assets/cut.wasm' } },
          { prefer: 'wasm', wasm: { tfjs: '/assets/not.wasm' } },
          { prefer: 'wasm', wasm: { tfjs: 'http://localhost:1/tfjs.wasm' } },
          { prefer: 'wasm', wasm: { tfjs: 5 } },
          { prefer: 'wasm', wasm: { tensorflow: '/x' } },
          { prefer: 'wasm', wasm: { tfjs: '/assets/right.wasm' } },
        ]),
      ),
      'browser',
      'esm',
    );
  }, timeout);

  const files = () => ({
    ...page,
    '/assets/right.wasm': binary,
    '/assets/cut.wasm': binary.slice(0, 1000),
    '/assets/not.wasm': 'version https://git-lfs',
  });

  test('names address, cause and remedy of each failure, then takes the right address', {
    timeout,
  }, async (context) => {
    requireBrowser(context);
    const { result, complaints } = await visitSite<Answer[]>({ files: files() });
    const [auto, missing, cut, notWasm, unreachable, number, unknown, found] = result;
    expect(auto).toMatchObject({ name: 'cpu', fused: false });
    expect(auto!.reason).toMatch(
      /wasm cannot be used \(cannot load tfjs-backend-wasm-simd\.wasm from http:\/\/localhost:\d+\/.*: the server answered 404 Not Found; serve the file there, or give its address, its bytes or a compiled WebAssembly\.Module as wasm\.tfjs\)/,
    );
    expect(complaints.filter((text) => text.startsWith('maxent computes in plain JavaScript'))).toHaveLength(
      1,
    );
    expect(missing!.error).toMatch(
      /^BACKEND_UNAVAILABLE wasm was asked for by prefer and cannot be used: .*\/assets\/tfjs\.wasm: the server answered 404/,
    );
    expect(cut!.error).toMatch(
      /\/assets\/cut\.wasm: it does not compile \(.*\); the file is damaged or cut short/,
    );
    expect(notWasm!.error).toMatch(
      /\/assets\/not\.wasm: this is not WebAssembly: it begins with "version https:/,
    );
    expect(unreachable!.error).toMatch(
      /http:\/\/localhost:1\/tfjs\.wasm: there was no answer \(.*\); check the address, the network, CORS/,
    );
    expect(number!.error).toBe(
      'INVALID_INPUT wasm.tfjs: expected an address, bytes or a compiled WebAssembly.Module, but got 5',
    );
    expect(unknown!.error).toBe(
      'INVALID_INPUT wasm.tensorflow: unknown file; expected tfjs, simd128 or relaxedSimd',
    );
    expect(found).toMatchObject(right);
  });

  test('recognizes the page that a single-page server gives instead of the file', {
    timeout,
  }, async (context) => {
    requireBrowser(context);
    const { result } = await visitSite<Answer[]>({ files: files(), unknownPath: 'page' });
    expect(result[0]).toMatchObject({ name: 'cpu' });
    expect(result[1]!.error).toMatch(
      /\/assets\/tfjs\.wasm: the server answered with a page \(text\/html\) instead of the file, as servers of single-page apps do .*; serve the file there, or give/,
    );
    expect(result.at(-1)).toMatchObject(right);
  });

  test("under a Content-Security-Policy without 'wasm-unsafe-eval', names it", {
    timeout,
  }, async (context) => {
    requireBrowser(context);
    const { result } = await visitSite<Answer[]>({ files: files(), policy: "script-src 'self'" });
    expect(result[0]).toMatchObject({ name: 'cpu' });
    expect(result.at(-1)!.error).toMatch(
      /\/assets\/right\.wasm: the Content-Security-Policy of this page forbids WebAssembly; add 'wasm-unsafe-eval' to its script-src/,
    );
  });

  test('with it, needs nothing more', { timeout }, async (context) => {
    requireBrowser(context);
    const policy = "script-src 'self' 'wasm-unsafe-eval'";
    const { result } = await visitSite<Answer[]>({ files: files(), policy });
    expect(result.at(-1)).toMatchObject(right);
  });
});

test('a classic script, which has no address of its own, takes bytes', { timeout }, async (context) => {
  requireBrowser(context);
  const main = await bundle(
    `${trials('await sources()')}
     async function sources() {
       return [{ prefer: 'wasm' }, { wasm: { tfjs: await (await fetch('/right.wasm')).arrayBuffer() } }];
     }`,
    'browser',
    'iife',
  );
  const { result, complaints } = await visitSite<Answer[]>({
    files: { ...main, '/right.wasm': binary },
    script: 'classic',
  });
  expect(result[0]!.error).toContain(
    'its address is unknown, because this bundle does not know its own address',
  );
  expect(result[1]).toMatchObject(right);
  expect(complaints).toEqual([]);
});

const registrations = {
  'a classic worker': `new Worker('/worker.js')`,
  'a module worker': `new Worker('/worker.js', { type: 'module' })`,
  'a classic service worker': `await serviceWorker({})`,
  // A module service worker may not `import()`, so nothing it needs may be split off.
  'a module service worker': `await serviceWorker({ type: 'module' })`,
};

test.for(Object.entries(registrations))('%s', { timeout }, async ([name, registration], context) => {
  requireBrowser(context);
  const worker = await bundle(
    // A service worker answers when it is asked.
    `${trials(JSON.stringify([{ wasm: { tfjs: '/right.wasm' } }]))}
     self.addEventListener('message', ({ source }) => source && result.then((answers) => source.postMessage(answers)));`,
    'browser',
    name.includes('module') ? 'esm' : 'iife',
    'worker',
  );
  const main = `
    async function serviceWorker(options) {
      await navigator.serviceWorker.register('/worker.js', options);
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage('report');
      return navigator.serviceWorker;
    }
    window.result = (async () => {
      const worker = ${registration};
      return await new Promise((resolve, reject) => {
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.onmessage = ({ data }) => resolve(data);
        worker.startMessages?.();
      });
    })();`;
  const { result, complaints } = await visitSite<Answer[]>({
    files: { '/main.js': main, ...worker, '/right.wasm': binary },
  });
  expect(complaints).toEqual([]);
  expect(result).toMatchObject([right]);
});
