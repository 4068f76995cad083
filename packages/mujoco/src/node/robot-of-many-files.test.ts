import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { checkEnvironment } from '@maxent/core/testing';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arm } from '../test-support/arm.js';
import { playArms } from '../test-support/arm-worker.js';
import { TWO_PART_ROBOT, twoPartAssets } from '../test-support/two-part-robot.js';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arm-'));
  path = join(folder, 'arm.xml');
  for (const [name, content] of Object.entries({ 'arm.xml': TWO_PART_ROBOT, ...twoPartAssets() })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('an environment whose model has many files', () => {
  it('keeps the contract of environments', async () => {
    const report = await checkEnvironment(() => arm.create({ path }), { name: 'Arm-v0', steps: 50 });
    expect(report.skipped.map(({ rule }) => rule)).toEqual(['step needs a running episode']);
  });

  it('shares its model with others, and continues one of them bit for bit', async () => {
    const [first, second] = [await arm.create({ path }), await arm.create({ path })];
    expect(second.simulation.model).toBe(first.simulation.model);
    first.reset({ seed: 3 });
    second.reset({ seed: 4 });
    const actions = Array.from({ length: 60 }, (_, t) => Float32Array.of(Math.sin(t), Math.cos(t)));
    for (const action of actions.slice(0, 30)) first.step(action);
    second.setState(first.getState());
    for (const action of actions.slice(30)) expect(second.step(action)).toEqual(first.step(action));
    first.close();
    second.close();
  });

  it('is the same in a worker thread', { timeout: 30_000 }, async () => {
    const script = join(folder, 'worker.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('../test-support/arm-worker.ts', import.meta.url))],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@maxent/source'],
    });
    copyFileSync(
      createRequire(import.meta.url).resolve('@mujoco/mujoco/mujoco.wasm'),
      join(folder, 'mujoco.wasm'),
    );
    const workers = [1, 2].map(() => new Worker(script, { workerData: { path } }));
    const answers = await Promise.all(workers.map((worker) => once(worker, 'message')));
    await Promise.all(workers.map((worker) => worker.terminate()));
    const expected = await playArms(path);
    expect(expected[0]).toHaveLength(140);
    for (const [rows] of answers) expect(rows).toEqual(expected);
  });
});
