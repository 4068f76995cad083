import { InvalidInputError } from '@maxent/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMujoco } from './load-mujoco.js';
import type { PartKind } from './named-parts.js';
import { Simulation } from './simulation.js';
import { TWO_PART_ROBOT, twoPartAssets } from './test-support/two-part-robot.js';

let simulation: Simulation;
beforeAll(async () => {
  simulation = new Simulation(await loadMujoco(), { xml: TWO_PART_ROBOT, assets: twoPartAssets() });
  // Lifted by 30 degrees, which lowers the hand because the axis is y; the hand is 0.1 m out and moves on.
  simulation.restart({ qpos: [Math.PI / 6, 0.1], qvel: [2, 0.5] });
});
afterAll(() => simulation.delete());

const [SINE, COSINE] = [0.5, Math.sqrt(3) / 2];

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => void expect(actual[i]).toBeCloseTo(value, 12));
}

describe('parts by name', () => {
  it('are bodies, geoms and sites with their places', () => {
    const rotation = [COSINE, 0, SINE, 0, 1, 0, -SINE, 0, COSINE];
    const hand = simulation.find('body', 'hand');
    expect(hand.number).toBe(2);
    expectClose(hand.position, [0.6 * COSINE, 0, 1 - 0.6 * SINE]);
    expectClose(hand.rotation, rotation);
    const palm = simulation.find('geom', 'palm');
    expectClose(palm.position, Array.from(hand.position));
    expectClose(palm.rotation, rotation);
    const tip = simulation.find('site', 'fingertip');
    expectClose(tip.position, [0.7 * COSINE, 0, 1 - 0.7 * SINE]);
    expectClose(tip.rotation, rotation);
  });

  it('are joints, tendons and actuators', () => {
    const wrist = simulation.find('joint', 'wrist');
    expectClose(wrist.position, [0.1]);
    expectClose(wrist.velocity, [0.5]);
    const cord = simulation.find('tendon', 'cord');
    expect(cord.length).toBeCloseTo((0.5 * Math.PI) / 6 + 0.1, 12);
    expect(cord.velocity).toBeCloseTo(0.5 * 2 + 0.5, 12);
    const lifter = simulation.find('actuator', 'lifter');
    simulation.arrays.ctrl.set([0.25, -0.5]);
    simulation.forward();
    expect([lifter.control, lifter.force]).toEqual([0.25, 0.25]);
    expect(simulation.find('actuator', 'puller').force).toBe(-0.5);
    simulation.arrays.ctrl.fill(0);
  });

  it('are sensors of one or several values', () => {
    expectClose(simulation.find('sensor', 'clock').values, [0]);
    expectClose(
      simulation.find('sensor', 'tip').values,
      Array.from(simulation.find('site', 'fingertip').position),
    );
    expectClose(simulation.find('sensor', 'turning').values, [0, 2, 0]);
  });

  it('are joints of several coordinates', async () => {
    const free = new Simulation(await loadMujoco(), {
      xml: `<mujoco><worldbody>
        <body name="ball" pos="1 2 3"><freejoint name="root"/><geom size="1"/>
          <body><joint name="neck" type="ball"/><geom size="1"/>
            <body><joint name="ear" type="hinge"/><geom size="1"/></body>
          </body>
        </body>
      </worldbody></mujoco>`,
    });
    free.reset();
    expectClose(free.find('joint', 'root').position, [1, 2, 3, 1, 0, 0, 0]);
    expect(free.find('joint', 'root').velocity).toHaveLength(6);
    expectClose(free.find('joint', 'neck').position, [1, 0, 0, 0]);
    expect(free.find('joint', 'neck').velocity).toHaveLength(3);
    expectClose(free.find('joint', 'ear').position, [0]);
    expect(free.numberOf('joint', 'ear')).toBe(2);
    expect(free.numberOf('joint', 'nose')).toBeUndefined();
    expect(() => free.find('tendon', 'cord')).toThrow('named "cord"; it has none with a name');
    free.delete();
  });

  it('go on when memory grows', async () => {
    const tip = simulation.find('sensor', 'tip');
    const before = tip.values;
    const stale = simulation.arrays.sensorData;
    const mujoco = await loadMujoco();
    const ballast: Simulation[] = [];
    while (stale.length > 0) {
      ballast.push(new Simulation(mujoco, { xml: TWO_PART_ROBOT, assets: twoPartAssets() }));
    }
    expect(tip.values).toEqual(before);
    for (const each of ballast) each.delete();
  });

  it.each([
    ['sensor', 'tips', 'model: expected a model with a sensor named "tips"; did you mean tip?'],
    ['actuator', 'pull', 'model: expected a model with an actuator named "pull"; did you mean puller?'],
    ['site', 'elbow', 'model: expected a model with a site named "elbow"; it has fingertip'],
    ['body', 'Hands', 'a body named "Hands"; did you mean hand?'],
  ] as const)('name what is near where there is none: %s %s', (kind: PartKind, name, message) => {
    expect(() => simulation.find(kind, name)).toThrow(InvalidInputError);
    expect(() => simulation.find(kind, name)).toThrow(message);
  });
});
