// A program that depends on this package, in a real browser: nothing is configured, no path is set by hand.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBrowserApp, requireBrowser, type Visit } from '@maxent/browser-testing';
import { Rng } from '@maxent/core';
import { afterAll, expect, test } from 'vitest';
import { HalfCheetah } from './environments/half-cheetah.js';
import { loadMujoco } from './load-mujoco.js';

const SEED = 7;
const STEPS = 100;

const actions = recordActions();

interface Picture {
  /** Red, green and blue where the center of each moving geom is, from 0 to 255. */
  readonly robot: readonly (readonly number[])[];
  /** In the lower corners, and in the middle of the upper edge. */
  readonly floor: readonly (readonly number[])[];
  readonly sky: readonly number[];
  /** The first bytes of the PNG file. */
  readonly png: readonly number[];
}

interface Result {
  readonly observations: readonly (readonly number[])[];
  readonly pictures: Readonly<Record<string, Picture>>;
}

const app = makeBrowserApp<Result>({
  packageDirectory: dirname(dirname(fileURLToPath(import.meta.url))),
  dependencies: ['@maxent/envs', 'three'],
  program: `
    import { makeEnvironment } from '@maxent/envs';
    import { halfCheetah, humanoid } from '@maxent/mujoco';
    import { MujocoRenderer } from '@maxent/mujoco/render';
    import { Vector3 } from 'three';

    const actions = ${JSON.stringify(actions)};

    async function observe() {
      const environment = await makeEnvironment(halfCheetah);
      const first = environment.reset({ seed: ${SEED} }).observation;
      const rest = actions.map((action) => environment.step(Float32Array.from(action)).observation);
      environment.close();
      return [first, ...rest].map((observation) => [...observation]);
    }

    async function draw(definition) {
      const environment = await makeEnvironment(definition);
      environment.reset({ seed: ${SEED} });
      const renderer = new MujocoRenderer(environment);
      const pixels = renderer.pixels();
      const { width, height } = renderer.canvas;
      const pixelAt = (x, y) => [...pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)];

      const { simulation } = environment.inner;
      const poses = simulation.poses();
      poses.update();
      const robot = [];
      for (let geom = 0; geom < simulation.model.ngeom; geom++) {
        if (simulation.model.geom_bodyid[geom] === 0) continue;
        const { x, y } = new Vector3(...poses.arrays.geomXpos.slice(3 * geom)).project(renderer.view.camera);
        robot.push(pixelAt(Math.floor((x + 1) / 2 * width), Math.floor((1 - y) / 2 * height)));
      }
      poses.delete();
      const floor = [pixelAt(1, height - 2), pixelAt(width - 2, height - 2)];
      const sky = pixelAt(width / 2, 1);
      const file = new Uint8Array(await (await renderer.png()).arrayBuffer());
      renderer.dispose();
      environment.close();
      return { robot, floor, sky, png: [...file.slice(0, 8)] };
    }

    async function run() {
      return {
        observations: await observe(),
        pictures: { halfCheetah: await draw(halfCheetah), humanoid: await draw(humanoid) },
      };
    }
    window.result = run();
  `,
  // Machines that run tests have no graphics card: SwiftShader draws on the processor.
  browserArguments: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});
afterAll(() => app.remove());

function recordActions(): number[][] {
  const rng = Rng.fromSeed(SEED);
  return Array.from({ length: STEPS }, () =>
    Array.from({ length: 6 }, () => Math.fround(rng.uniform(-1, 1))),
  );
}

async function observationsInNode(): Promise<number[][]> {
  const environment = new HalfCheetah(await loadMujoco());
  const first = environment.reset({ seed: SEED }).observation;
  const rest = actions.map((action) => environment.step(Float32Array.from(action)).observation);
  environment.close();
  return [first, ...rest].map((observation) => [...observation]);
}

async function expectSameWorld({ result, complaints }: Visit<Result>): Promise<void> {
  // Chromium remarks on the time that `pixels` takes, now and then.
  expect(complaints.filter((text) => !text.includes('GPU stall due to ReadPixels'))).toEqual([]);
  expect(result.observations).toEqual(await observationsInNode());
  for (const [name, { robot, floor, sky, png }] of Object.entries(result.pictures)) {
    // Robots are brown, with more red than blue; the floor is greenish; the sky is bluish.
    for (const [red, , blue] of robot) expect(red! - blue!, name).toBeGreaterThan(30);
    for (const [red, green] of floor) expect(green! - red!, name).toBeGreaterThan(5);
    expect(sky[2]! - sky[0]!, name).toBeGreaterThan(5);
    expect(String.fromCharCode(...png.slice(1, 4)), name).toBe('PNG');
  }
}

test('a Vite production build simulates what Node does, and draws it', {
  timeout: 120_000,
}, async (context) => {
  requireBrowser(context);
  await expectSameWorld(await app.build());
});

test('so does the Vite development server', { timeout: 120_000 }, async (context) => {
  requireBrowser(context);
  await expectSameWorld(await app.serve());
});
