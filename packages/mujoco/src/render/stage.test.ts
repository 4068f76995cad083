import { InvalidStateError } from '@maxent/core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HalfCheetah } from '../environments/half-cheetah.js';
import { Reacher } from '../environments/reacher.js';
import { loadMujoco, type Mujoco } from '../load-mujoco.js';
import { body, geom, joint, model, motor } from '../mjcf/elements.js';
import { toXml } from '../mjcf/to-xml.js';
import { antModelAmong } from '../models/ant.js';
import { Simulation } from '../simulation.js';
import { Stage } from './stage.js';

let mujoco: Mujoco;
beforeAll(async () => {
  mujoco = await loadMujoco();
});

const opened: { delete(): void }[] = [];
afterEach(() => {
  for (const item of opened.splice(0).reverse()) item.delete();
});

function track<Item extends { delete(): void }>(item: Item): Item {
  opened.push(item);
  return item;
}

function cheetah(): HalfCheetah {
  const environment = new HalfCheetah(mujoco);
  opened.push({ delete: () => environment.close() });
  environment.reset({ seed: 1 });
  return environment;
}

/** A ball on a slide along x, 1 m above a floor. */
const slider = toXml(
  model({
    name: 'slider',
    world: [
      geom({ type: 'plane', size: [1, 1, 1], rgba: [0.1, 0.2, 0.3, 1] }),
      body({ name: 'ball', pos: [0, 0, 1] }, [
        joint({ name: 'x', type: 'slide', axis: [1, 0, 0] }),
        geom({ type: 'sphere', size: 0.5, rgba: [1, 0, 0, 0.5] }),
      ]),
    ],
    actuators: [motor({ joint: 'x' })],
  }),
);

describe('Stage', () => {
  it('knows shapes, sizes and colors', () => {
    const stage = track(new Stage(track(new Simulation(mujoco, { xml: slider }))));
    const [plane, ball] = stage.geoms;
    expect(plane).toMatchObject({ number: 0, shape: 'plane', moving: false });
    expect(ball).toMatchObject({ number: 1, shape: 'sphere', moving: true, boundingRadius: 0.5 });
    expect(ball!.size[0]).toBe(0.5);
    expect(ball!.rgba).toEqual([1, 0, 0, 0.5]);
    expect(stage.radius).toBeCloseTo(0.5 * Math.sqrt(3), 12);
  });

  it('follows the robot along the ground and not in height', () => {
    const simulation = track(new Simulation(mujoco, { xml: slider }));
    const stage = track(new Stage(simulation));
    expect(stage.target).toEqual([0, 0, 1]);
    simulation.restart({ qpos: [7], qvel: [0] });
    stage.update();
    expect(stage.target).toEqual([7, 0, 1]);
    expect(Array.from(stage.arrays.geomXpos)).toEqual([0, 0, 0, 7, 0, 1]);
    const [x, y, z] = stage.eye;
    expect(x).toBeCloseTo(7, 12);
    expect(y).toBeCloseTo(-stage.distance * Math.cos(Math.PI / 9), 12);
    expect(z - 1).toBeCloseTo(stage.distance * Math.sin(Math.PI / 9), 12);
  });

  it('looks from where it is told', () => {
    const simulation = track(new Simulation(mujoco, { xml: slider }));
    const fixed = track(
      new Stage(simulation, { lookAt: [1, 2, 3], azimuth: 180, elevation: -30, distance: 4 }),
    );
    simulation.restart({ qpos: [7], qvel: [0] });
    fixed.update();
    expect(fixed.target).toEqual([1, 2, 3]);
    [1 + 4 * Math.cos(Math.PI / 6), 2, 5].forEach((value, i) => {
      expect(fixed.eye[i]).toBeCloseTo(value, 12);
    });
  });

  it('looks down on robots that lie flat or among walls', () => {
    const elevationOf = (stage: Stage) =>
      Math.round((180 / Math.PI) * Math.asin((stage.eye[2] - stage.target[2]) / stage.distance));
    const reacher = new Reacher(mujoco);
    opened.push({ delete: () => reacher.close() });
    const wall = geom({ type: 'box', pos: [0, 3, 1], size: [3, 0.5, 1] });
    const walled = track(new Simulation(mujoco, { xml: toXml(antModelAmong([wall])) }));
    const free = track(new Simulation(mujoco, { xml: toXml(antModelAmong([])) }));
    const stages = [cheetah().simulation, reacher.simulation, walled, free].map((simulation) =>
      track(new Stage(simulation)),
    );
    expect(stages.map(elevationOf)).toEqual([20, 60, 60, 20]);
  });

  it('sees the present, where the simulation itself is a step behind or has been set', () => {
    const environment = cheetah();
    const stage = track(new Stage(environment.simulation));
    const poses = () => {
      stage.update();
      return Array.from(stage.arrays.geomXpos);
    };
    for (let i = 0; i < 10; i++) environment.step(new Float32Array(6).fill(0.5));
    const saved = environment.getState();
    const now = poses();
    const { qpos, qvel } = environment.getPhysicsState();
    environment.step(new Float32Array(6));
    expect(poses()).not.toEqual(now);
    environment.setState(saved);
    expect(poses()).toEqual(now);
    environment.setPhysicsState({ qpos, qvel });
    expect(poses()).toEqual(now);
  });

  it('does not disturb what it looks at', () => {
    const [watched, alone] = [cheetah(), cheetah()];
    const stage = track(new Stage(watched.simulation));
    for (let i = 0; i < 50; i++) {
      const action = Float32Array.from({ length: 6 }, (_, j) => Math.sin(i + j));
      stage.update();
      watched.render();
      expect(watched.step(action)).toEqual(alone.step(action));
    }
    expect(watched.getState()).toEqual(alone.getState());
  });

  it('leaves no memory behind, and goes on when memory grows', () => {
    const environment = cheetah();
    const bytes = () => environment.simulation.arrays.qpos.buffer.byteLength;
    environment.render();
    const before = bytes();
    for (let i = 0; i < 200; i++) environment.render();
    expect(bytes()).toBe(before);

    const stage = track(new Stage(environment.simulation));
    const { geomXpos } = stage.arrays;
    const expected = Array.from(geomXpos);
    while (geomXpos.length > 0) track(new Stage(environment.simulation));
    expect(Array.from(stage.arrays.geomXpos)).toEqual(expected);
  });

  it('says that the environment is closed', () => {
    const environment = new HalfCheetah(mujoco);
    const stage = track(new Stage(environment.simulation));
    environment.close();
    expect(() => stage.update()).toThrow(InvalidStateError);
    expect(() => environment.render()).toThrow(/render: the environment is closed/);
  });

  it('leaves out what is not to be shown', () => {
    const xml = `
      <mujoco>
        <asset><mesh name="solid" vertex="0 0 0  1 0 0  0 1 0  0 0 1"/></asset>
        <worldbody><geom type="mesh" mesh="solid" group="3"/><geom size="1"/></worldbody>
      </mujoco>`;
    const hidden = track(new Stage(track(new Simulation(mujoco, { xml }))));
    expect(hidden.geoms.map(({ number }) => number)).toEqual([1]);
  });

  it('takes the color of a material where a geom has none of its own', () => {
    const xml = `
      <mujoco>
        <asset><material name="paint" rgba="0 1 0 1"/></asset>
        <worldbody>
          <geom size="1" material="paint"/><geom size="1" material="paint" rgba="1 0 0 1"/><geom size="1"/>
        </worldbody>
      </mujoco>`;
    const stage = track(new Stage(track(new Simulation(mujoco, { xml }))));
    expect(stage.geoms.map(({ rgba }) => rgba)).toEqual([
      [0, 1, 0, 1],
      [1, 0, 0, 1],
      [0.5, 0.5, 0.5, 1],
    ]);
  });
});
