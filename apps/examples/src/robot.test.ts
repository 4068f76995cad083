import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEnvironment } from '@maxent/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plugin } from './robot.js';

/** A sled of two files and a mesh that a motor pushes along x. */
const FILES = {
  'sled.xml': `<mujoco>
    <include file="parts/body.xml"/>
    <actuator><motor joint="x" gear="50" ctrlrange="-1 1"/></actuator>
    <sensor><subtreelinvel name="torso_subtreelinvel" body="torso"/></sensor>
  </mujoco>`,
  'parts/body.xml': `<mujoco>
    <asset><mesh name="wedge" file="parts/wedge.obj"/></asset>
    <worldbody>
      <body name="torso">
        <joint name="x" type="slide" axis="1 0 0"/><joint type="slide" axis="0 1 0"/>
        <geom type="mesh" mesh="wedge"/>
      </body>
    </worldbody>
  </mujoco>`,
  'parts/wedge.obj': 'v 0 0 0\nv 0.3 0 0\nv 0 0.2 0\nv 0 0 0.2\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n',
};

let path: string;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sled-'));
  mkdirSync(join(folder, 'parts'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  path = join(folder, 'sled.xml');
});
afterAll(() => rmSync(folder, { recursive: true }));

const [run] = plugin.environments!;

it('keeps the contract of environments', async () => {
  const report = await checkEnvironment(() => run!.create({ path }), { name: 'Run-v0', steps: 50 });
  expect(report.skipped.map(({ rule }) => rule)).toEqual(['step needs a running episode']);
});

it('rewards speed along x, up to 10 m/s', async () => {
  const environment = await run!.create({ path });
  environment.reset({ seed: 1 });
  const rewards = Array.from({ length: 2000 }, () => environment.step(Float32Array.of(1)).reward);
  environment.reset({ seed: 1 });
  const backwards = Array.from({ length: 10 }, () => environment.step(Float32Array.of(-1)).reward);
  environment.close();
  // 50 N push 2 kg, the volume of the wedge times 1000, for 2 ms; the sensor reads the speed before the step.
  expect(rewards[1]).toBeCloseTo(((50 / 2) * 0.002) / 10, 5);
  expect(rewards[2]! / rewards[1]!).toBeCloseTo(2, 5);
  expect(rewards.at(-1)).toBe(1);
  expect(Math.max(...backwards)).toBe(0);
});
