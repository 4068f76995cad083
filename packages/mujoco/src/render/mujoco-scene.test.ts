import { type EnvironmentDefinition, InvalidInputError } from '@maxent/core';
import { CartPole, makeEnvironment } from '@maxent/envs';
import { type Mesh, Raycaster, Vector2, Vector3 } from 'three';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { halfCheetah } from '../environments/half-cheetah.js';
import { humanoid } from '../environments/humanoid.js';
import { antMaze } from '../hierarchy-worlds/ant-maze.js';
import { loadMujoco } from '../load-mujoco.js';
import { Arm, arm } from '../test-support/arm.js';
import { TWO_PART_ROBOT, twoPartAssets } from '../test-support/two-part-robot.js';
import { MujocoScene } from './mujoco-scene.js';
import { Projection } from './projection.js';
import { simulationOf } from './simulation-of.js';
import { Stage } from './stage.js';

const finishers: (() => void)[] = [];
afterEach(() => {
  for (const finish of finishers.splice(0).reverse()) finish();
});

const armInMemory: EnvironmentDefinition = {
  ...arm,
  options: z.object({}),
  create: async () => new Arm(await loadMujoco(), { model: TWO_PART_ROBOT, assets: twoPartAssets() }),
};

async function sceneOf(definition: Parameters<typeof makeEnvironment>[0]) {
  const environment = await makeEnvironment(definition);
  finishers.push(() => environment.close());
  environment.reset({ seed: 1 });
  const view = new MujocoScene(environment);
  finishers.push(() => view.dispose());
  view.update();
  view.scene.updateMatrixWorld();
  view.camera.updateMatrixWorld();
  return { environment, view };
}

describe('MujocoScene', () => {
  it.each([
    ['HalfCheetah', halfCheetah],
    ['Humanoid', humanoid],
    ['AntMaze', antMaze],
    ['an arm of meshes over a height field', armInMemory],
  ] as const)('shows every moving geom of %s where it is', async (_name, definition) => {
    const { environment, view } = await sceneOf(definition);
    const stage = new Stage(simulationOf(environment));
    finishers.push(() => stage.delete());
    stage.update();
    const meshes = view.scene.children.filter((child): child is Mesh => 'isMesh' in child);
    expect(meshes).toHaveLength(stage.geoms.length);
    for (const { number, moving } of stage.geoms) {
      if (!moving) continue;
      const center = new Vector3(...stage.arrays.geomXpos.slice(3 * number));
      const { x, y } = center.clone().project(view.camera);
      expect(Math.abs(x)).toBeLessThan(1);
      expect(Math.abs(y)).toBeLessThan(1);
      const ray = new Raycaster();
      ray.setFromCamera(new Vector2(x, y), view.camera);
      // The ray to its center passes through it, and nothing fixed is in the way.
      const hits = ray
        .intersectObjects(meshes)
        .map(({ object }) => stage.geoms[meshes.indexOf(object as Mesh)]!);
      expect(hits.map((geom) => geom.number)).toContain(number);
      expect(hits[0]!.moving).toBe(true);
    }
  });

  it('has the camera of the drawings', async () => {
    const { environment, view } = await sceneOf(humanoid);
    const stage = new Stage(simulationOf(environment));
    finishers.push(() => stage.delete());
    stage.update();
    const projection = new Projection(stage, 400, 300);
    for (const point of [
      [0, 0, 0],
      [0.5, -0.4, 1.5],
      [-1, 2, 0.3],
    ] as const) {
      const { x, y } = new Vector3(...point).project(view.camera);
      const [left, top] = projection.project(point);
      expect((x + 1) * 200).toBeCloseTo(left, 9);
      expect((1 - y) * 150).toBeCloseTo(top, 9);
    }
  });

  it('refuses environments that are not of MuJoCo', () => {
    expect(() => new MujocoScene(new CartPole())).toThrow(InvalidInputError);
  });
});
