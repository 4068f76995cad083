import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Box, type BoxArray, type Environment, parseConfig } from '@maxent/core';
import { CartPole, Pendulum } from '@maxent/envs';
import { beforeAll, describe, expect, it } from 'vitest';
import { HalfCheetah } from './environments/half-cheetah.js';
import { loadMujoco, type Mujoco } from './load-mujoco.js';
import { mujocoPlugin } from './plugin.js';

let mujoco: Mujoco;
beforeAll(async () => {
  mujoco = await loadMujoco();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory in use, in bytes, without what only waits for the garbage collector. */
function memoryInUse() {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const probe = new mujoco.DoubleBuffer(100_000);
  const { byteOffset, buffer } = probe.GetView() as Float64Array;
  probe.delete();
  // Where a large block finds room moves as soon as anything small is left behind.
  return { heapUsed, arrayBuffers, rss, wasmBytes: buffer.byteLength, firstGap: byteOffset };
}

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** Runs some cycles to warm up, then `count`, and compares memory before and after. */
function expectFlatMemory(cycle: (i: number) => void, count: number): void {
  for (let i = 0; i < 1000; i++) cycle(i);
  const before = memoryInUse();
  for (let i = 0; i < count; i++) cycle(i);
  const after = memoryInUse();
  // 50 bytes a cycle, which is less than the smallest object that could be left behind.
  expect(after.heapUsed - before.heapUsed).toBeLessThan(500 * KIB);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(500 * KIB);
  // V8 keeps some 16 MiB more or less as it likes; one of MuJoCo's handles left behind in each cycle takes 100 MiB.
  expect(after.rss - before.rss).toBeLessThan(32 * MIB);
  expect(after.wasmBytes).toBe(before.wasmBytes);
  expect(after.firstGap).toBe(before.firstGap);
}

function live(environment: Environment, action: unknown): void {
  environment.reset({ seed: 1 });
  environment.step(action);
  environment.close();
}

describe('10,000 environments made, stepped and closed', { timeout: 120_000 }, () => {
  it('leave nothing behind, neither in MuJoCo nor in JavaScript', () => {
    const keeper = new HalfCheetah(mujoco);
    const action = new Float32Array(6);
    expectFlatMemory(() => live(new HalfCheetah(mujoco), action), 10_000);
    keeper.close();
  });

  it('of classic control leave nothing behind', () => {
    const action = new Float32Array(1);
    expectFlatMemory((i) => (i % 2 === 0 ? live(new CartPole(), 1) : live(new Pendulum(), action)), 10_000);
  });
});

it('models that are compiled anew every time leave nothing behind', { timeout: 120_000 }, async () => {
  const cycle = async () => {
    for (const { create, options } of mujocoPlugin.environments!) {
      const environment: Environment<unknown, BoxArray> = await create(parseConfig(options, {}));
      live(environment, new Float32Array((environment.actionSpace as Box).flatSize));
    }
  };
  for (let i = 0; i < 3; i++) await cycle();
  const before = memoryInUse();
  // Data of a model have from 1 to 4 MiB: 170 of them would show.
  for (let i = 0; i < 10; i++) await cycle();
  const after = memoryInUse();
  expect(after.wasmBytes).toBe(before.wasmBytes);
});
