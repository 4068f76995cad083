// A program that depends on this package, in a real browser: nothing is configured, no path is set by hand.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBrowserApp, requireBrowser, type Visit } from '@maxent/browser-testing';
import { afterAll, expect, test } from 'vitest';
import type { BackendReport } from './index.js';

interface Result {
  readonly report: BackendReport;
  readonly values: number[][];
}

const app = makeBrowserApp<Result>({
  packageDirectory: dirname(dirname(fileURLToPath(import.meta.url))),
  dependencies: ['@tensorflow/tfjs-core'],
  program: `
    import { denseStack, selectBackend } from '@maxent/backend';
    import * as tf from '@tensorflow/tfjs-core';

    async function run() {
      const report = await selectBackend();
      const spec = { sizes: [2, 1], hiddenActivation: 'relu', outputActivation: 'linear' };
      const stack = (x, parameters) => denseStack(x, parameters, spec);
      const inputs = [tf.tensor2d([[1, 2]]), tf.tensor1d([3, 4, 5])];
      const gradients = tf.grads((x, parameters) => tf.sum(stack(x, parameters)))(inputs);
      return { report, values: [stack(...inputs), ...gradients].map((tensor) => [...tensor.dataSync()]) };
    }
    window.result = run();
  `,
});
afterAll(() => app.remove());

function expectFusedWasm({ result, complaints }: Visit<Result>): void {
  expect(complaints).toEqual([]);
  expect(result.report).toMatchObject({ name: 'wasm', fused: true });
  expect(result.values).toEqual([[16], [3, 4], [1, 2, 1]]);
}

test('a Vite production build runs the fused kernels', { timeout: 120_000 }, async (context) => {
  requireBrowser(context);
  expectFusedWasm(await app.build());
});

test('the Vite development server runs the fused kernels', { timeout: 120_000 }, async (context) => {
  requireBrowser(context);
  expectFusedWasm(await app.serve());
});
