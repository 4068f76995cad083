// A program that depends on this package, in a real browser: nothing is configured, no path is set by hand.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, createServer, defaultClientConditions, type InlineConfig, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendReport } from './index.js';

const packageDirectory = dirname(dirname(fileURLToPath(import.meta.url)));
const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

const page = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>';
const program = `
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
`;

interface Result {
  readonly report: BackendReport;
  readonly values: number[][];
}

let app: string;

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'maxent-browser-'));
  writeFileSync(join(app, 'index.html'), page);
  writeFileSync(join(app, 'main.js'), program);
  mkdirSync(join(app, 'node_modules/@maxent'), { recursive: true });
  symlinkSync(packageDirectory, join(app, 'node_modules/@maxent/backend'), 'dir');
  symlinkSync(
    join(packageDirectory, 'node_modules/@tensorflow'),
    join(app, 'node_modules/@tensorflow'),
    'dir',
  );
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

/** Opens a page in Chromium and returns what its program computed, and everything it complained of. */
async function visit(url: string): Promise<{ result: Result; complaints: string[] }> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  try {
    const tab = await browser.newPage();
    const complaints: string[] = [];
    tab.on('pageerror', (error) => complaints.push(error.message));
    tab.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await tab.goto(url);
    await tab.waitForFunction('window.result !== undefined');
    return { result: (await tab.evaluate('window.result')) as Result, complaints };
  } finally {
    await browser.close();
  }
}

const config: InlineConfig = {
  configFile: false,
  logLevel: 'error',
  // The sources instead of dist, so that the test needs no build and sees the current code.
  resolve: { conditions: ['@maxent/source', ...defaultClientConditions] },
};

function expectFusedWasm({ result, complaints }: { result: Result; complaints: string[] }): void {
  expect(complaints).toEqual([]);
  expect(result.report).toMatchObject({ name: 'wasm', fused: true });
  expect(result.values).toEqual([[16], [3, 4], [1, 2, 1]]);
}

test('a Vite production build runs the fused kernels', { timeout: 120_000 }, async (context) => {
  if (!existsSync(chromiumPath)) context.skip(`no browser at ${chromiumPath}; set CHROMIUM_PATH`);
  await build({ ...config, root: app });
  const server = await preview({ ...config, root: app, preview: { port: 0 } });
  try {
    expectFusedWasm(await visit(server.resolvedUrls!.local[0]!));
  } finally {
    await server.close();
  }
});

test('the Vite development server runs the fused kernels', { timeout: 120_000 }, async (context) => {
  if (!existsSync(chromiumPath)) context.skip(`no browser at ${chromiumPath}; set CHROMIUM_PATH`);
  const workspace = dirname(dirname(packageDirectory));
  const server = await createServer({
    ...config,
    root: app,
    server: { port: 0, fs: { allow: [app, workspace] } },
  });
  try {
    await server.listen();
    expectFusedWasm(await visit(server.resolvedUrls!.local[0]!));
  } finally {
    await server.close();
  }
});
